package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;

/**
 * RETENTION: a message was received though its retention had passed before the poll began; counted
 * from its send, in a dead-letter queue too. That none is lost before its retention has passed is
 * {@link Invariant#LOSS}'s to judge.
 */
final class RetentionChecker implements Checker {

  private final Surroundings surroundings;
  private final Findings findings = new Findings(Invariant.RETENTION);
  private long expired;
  private long lastNs;

  RetentionChecker(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Invariant invariant() {
    return Invariant.RETENTION;
  }

  @Override
  public void onPoll(Entry.Receive poll) {
    lastNs = poll.returnedNs();
  }

  @Override
  public void onDelivery(Entry.Receive poll, Delivery delivery, Timeline before) {
    Entry.Send send = before.sendOrNull();
    if (send == null || send.ending() != Ending.OK) {
      return;
    }
    long keptNs = surroundings.queue(poll.queue()).retentionMaxNs();
    long ageNs = poll.invokedNs() - send.returnedNs();
    if (ageNs > keptNs + surroundings.rules().retentionSlack().toNanos()) {
      findings.add(
          delivery.attempt(),
          poll.returnedNs(),
          "received %.1f s after it was sent, with a retention of %.1f s"
              .formatted(ageNs / 1e9, keptNs / 1e9));
    }
  }

  @Override
  public void onGone(Timeline message) {
    Entry.Send send = message.sendOrNull();
    if (send != null
        && send.ending() == Ending.OK
        && !message.mayBeDeleted()
        && lastNs - send.returnedNs() > surroundings.queue(send.queue()).retentionMaxNs()) {
      expired++;
    }
  }

  @Override
  public InvariantVerdict verdict() {
    Verdict otherwise =
        expired > 0 ? Verdict.valid() : new Verdict.Unknown("no message outlived its retention");
    return InvariantVerdict.of(invariant(), findings.or(otherwise), expired + findings.total(), 0);
  }
}
