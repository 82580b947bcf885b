package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;

/**
 * DELAY: a delayed message was received before its delay had passed. That it is to be had
 * afterwards is looked for by {@link EmptyPollChecker}.
 */
final class DelayChecker implements Checker {

  private final Surroundings surroundings;
  private final Findings findings;
  private long delayed;

  DelayChecker(Surroundings surroundings, Findings findings) {
    this.surroundings = surroundings;
    this.findings = findings;
  }

  @Override
  public Invariant invariant() {
    return Invariant.DELAY;
  }

  @Override
  public void onSend(Entry.Send send, Timeline before) {
    for (Receipt receipt : before.receipts()) {
      compare(send, receipt.receivedNs());
    }
  }

  @Override
  public void onDelivery(Entry.Receive poll, Delivery delivery, Timeline before) {
    Entry.Send send = before.sendOrNull();
    if (send != null) {
      compare(send, poll.returnedNs());
    }
  }

  @Override
  public InvariantVerdict verdict() {
    Verdict otherwise =
        delayed > 0 ? Verdict.valid() : new Verdict.Unknown("no delayed message was received");
    return InvariantVerdict.of(invariant(), findings.or(otherwise), delayed, 0);
  }

  private void compare(Entry.Send send, long receivedNs) {
    if (send.delayMs() == 0 || send.ending() == Ending.FAIL) {
      return;
    }
    delayed++;
    long dueNs = send.invokedNs() + send.delayMs() * 1_000_000L;
    if (receivedNs < dueNs - surroundings.rules().timerSlackNs()) {
      findings.add(
          send.attempt(),
          receivedNs,
          "received %.3f s after it was sent, with a delay of %.3f s"
              .formatted((receivedNs - send.invokedNs()) / 1e9, send.delayMs() / 1e3));
    }
  }
}
