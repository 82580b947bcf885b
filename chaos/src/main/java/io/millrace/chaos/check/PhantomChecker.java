package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.FaultKind;

/**
 * PHANTOM: a message was received that nobody sent, under another id than its sender was given, or
 * from a queue that is neither the one it was sent to nor that one's dead-letter queue.
 */
final class PhantomChecker implements Checker {

  private final Surroundings surroundings;
  private final Findings findings = new Findings(Invariant.PHANTOM);
  private long deliveries;

  PhantomChecker(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Invariant invariant() {
    return Invariant.PHANTOM;
  }

  @Override
  public void onSend(Entry.Send send, Timeline before) {
    if (send.ending() == Ending.OK) {
      for (Receipt receipt : before.receipts()) {
        compare(send, receipt.delivery(), receipt.queue(), receipt.receivedNs());
      }
    }
  }

  @Override
  public void onDelivery(Entry.Receive poll, Delivery delivery, Timeline before) {
    deliveries++;
    Entry.Send send = before.sendOrNull();
    if (send != null && send.ending() == Ending.OK) {
      compare(send, delivery, poll.queue(), poll.returnedNs());
    }
  }

  @Override
  public void onGone(Timeline message) {
    if (message.sendOrNull() == null && !message.receipts().isEmpty()) {
      findings.add(
          message.attempt(),
          message.receipts().get(0).receivedNs(),
          "received, but no such attempt was ever made");
    }
  }

  @Override
  public InvariantVerdict verdict() {
    Verdict otherwise =
        deliveries > 0 ? Verdict.valid() : new Verdict.Unknown("no message was received");
    return InvariantVerdict.of(invariant(), findings.or(otherwise), deliveries, 0);
  }

  private void compare(Entry.Send send, Delivery delivery, int queue, long atNs) {
    if (queue != send.queue() && !surroundings.isDeadLetterQueueOf(queue, send.queue())) {
      findings.add(
          send.attempt(),
          atNs,
          "sent to queue %d, received from %d".formatted(send.queue(), queue));
    }
    if (!send.messageId().equals(delivery.messageId())
        && !surroundings.injected(send.messageId(), queue, FaultKind.DUPLICATED_REQUEST)) {
      findings.add(
          send.attempt(),
          atNs,
          "sent as message " + send.messageId() + ", received as " + delivery.messageId());
    }
  }
}
