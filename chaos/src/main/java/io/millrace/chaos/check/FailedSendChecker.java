package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;

/** FAILED SEND: a message was received though its send was refused. */
final class FailedSendChecker implements Checker {

  private final Findings findings = new Findings(Invariant.FAILED_SEND);
  private long failed;

  @Override
  public Invariant invariant() {
    return Invariant.FAILED_SEND;
  }

  @Override
  public void onSend(Entry.Send send, Timeline before) {
    if (send.ending() != Ending.FAIL) {
      return;
    }
    failed++;
    if (!before.receipts().isEmpty()) {
      findings.add(
          send.attempt(),
          before.receipts().get(0).receivedNs(),
          "received, though its send was refused: " + send.reason());
    }
  }

  @Override
  public void onDelivery(Entry.Receive poll, Delivery delivery, Timeline before) {
    if (before.past() == Timeline.Past.FAILED || before.sendEnded(Ending.FAIL)) {
      findings.add(delivery.attempt(), poll.returnedNs(), "received after its send was refused");
    }
  }

  @Override
  public InvariantVerdict verdict() {
    return InvariantVerdict.of(invariant(), findings.or(Verdict.valid()), failed, 0);
  }
}
