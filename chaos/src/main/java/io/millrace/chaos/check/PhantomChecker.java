package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;

/**
 * PHANTOM: a message was received that nobody sent, or under another id than its sender was given.
 */
final class PhantomChecker implements Checker {

  private final Findings findings = new Findings(Invariant.PHANTOM);
  private long deliveries;

  @Override
  public Invariant invariant() {
    return Invariant.PHANTOM;
  }

  @Override
  public void onSend(Entry.Send send, Timeline before) {
    if (send.ending() == Ending.OK) {
      for (Receipt receipt : before.receipts()) {
        compare(send, receipt.delivery(), receipt.receivedNs());
      }
    }
  }

  @Override
  public void onDelivery(Entry.Receive poll, Delivery delivery, Timeline before) {
    deliveries++;
    if (before.sendEnded(Ending.OK)) {
      compare(before.send().orElseThrow(), delivery, poll.returnedNs());
    }
  }

  @Override
  public void onGone(Timeline message) {
    if (message.send().isEmpty() && !message.receipts().isEmpty()) {
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

  private void compare(Entry.Send send, Delivery delivery, long atNs) {
    if (!send.messageId().equals(delivery.messageId())) {
      findings.add(
          send.attempt(),
          atNs,
          "sent as message " + send.messageId() + ", received as " + delivery.messageId());
    }
  }
}
