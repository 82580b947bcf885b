package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.FaultKind;

/**
 * DEAD LETTERS: a message was received from its queue more often than the redrive policy allows,
 * was received from the dead-letter queue before that, or was received from its own queue again
 * after it had been moved. That it is not lost on the way is {@link Invariant#LOSS}'s to judge,
 * that it is moved once {@link Invariant#EXCLUSIVITY}'s and {@link Invariant#ZOMBIE}'s.
 */
final class DeadLettersChecker implements Checker {

  private final Surroundings surroundings;
  private final Findings findings = new Findings(Invariant.DEAD_LETTERS);
  private long moved;
  private long undecided;

  DeadLettersChecker(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Invariant invariant() {
    return Invariant.DEAD_LETTERS;
  }

  @Override
  public void onSend(Entry.Send send, Timeline before) {
    for (Receipt receipt : before.receipts()) {
      judge(send, before, receipt.queue(), receipt.delivery(), receipt.receivedNs());
    }
  }

  @Override
  public void onDelivery(Entry.Receive poll, Delivery delivery, Timeline before) {
    Entry.Send send = before.sendOrNull();
    if (send == null || send.ending() == Ending.FAIL) {
      return;
    }
    judge(send, before, poll.queue(), delivery, poll.returnedNs());
    boolean mayBeBoth =
        surroundings.wasDamaged(before)
            || surroundings.injected(
                delivery.messageId(), poll.queue(), FaultKind.DUPLICATED_REQUEST);
    if (poll.queue() == send.queue() && !mayBeBoth) {
      for (Receipt receipt : before.receipts()) {
        if (receipt.queue() != send.queue() && receipt.receivedNs() < poll.invokedNs()) {
          findings.add(
              send.attempt(),
              poll.returnedNs(),
              "received from its queue again after it was received from the dead-letter queue");
          return;
        }
      }
    }
  }

  @Override
  public InvariantVerdict verdict() {
    Verdict otherwise =
        moved > 0
            ? Verdict.valid()
            : new Verdict.Unknown("nothing was received from a dead-letter queue");
    return InvariantVerdict.of(
        invariant(), findings.or(otherwise), moved + findings.total(), undecided);
  }

  private void judge(Entry.Send send, Timeline message, int queue, Delivery delivery, long atNs) {
    QueueLog home = surroundings.queue(send.queue());
    int count = delivery.receiveCount();
    if (!home.hasDeadLetters() || count == 0) {
      return;
    }
    if (queue == send.queue()) {
      if (count > home.receivesMax()) {
        findings.add(
            send.attempt(),
            atNs,
            "received from its queue for the %d. time, %d are allowed"
                .formatted(count, home.receivesMax()));
      }
    } else if (surroundings.isDeadLetterQueueOf(queue, send.queue())) {
      moved++;
      if (count <= home.receivesMin()) {
        if (surroundings.mayHaveForgottenReceive(message, send.invokedNs(), atNs)) {
          undecided++;
        } else {
          findings.add(
              send.attempt(),
              atNs,
              "received from the dead-letter queue for the %d. time in all, %d are allowed before"
                  .formatted(count, home.receivesMin()));
        }
      }
    }
  }
}
