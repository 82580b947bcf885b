package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.FaultKind;

/**
 * STABLE META: the sent timestamp lies between the two instants of the send, as far as wall clocks
 * can be compared, and never changes; nor does the timestamp of the first receive, unless a power
 * cut took that receive away.
 */
final class StableMetaChecker implements Checker {

  private final Surroundings surroundings;
  private final Findings findings = new Findings(Invariant.STABLE_META);
  private long judged;
  private long undecided;

  StableMetaChecker(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Invariant invariant() {
    return Invariant.STABLE_META;
  }

  @Override
  public void onSend(Entry.Send send, Timeline before) {
    for (Receipt receipt : before.receipts()) {
      compareWithSend(send, receipt.delivery(), receipt.receivedNs());
    }
  }

  @Override
  public void onDelivery(Entry.Receive poll, Delivery delivery, Timeline before) {
    if (delivery.sentAtMs() == 0) {
      return;
    }
    judged++;
    Entry.Send send = before.sendOrNull();
    if (send != null) {
      compareWithSend(send, delivery, poll.returnedNs());
    }
    if (before.receipts().isEmpty()) {
      return;
    }
    Receipt last = before.receipts().get(before.receipts().size() - 1);
    Delivery earlier = last.delivery();
    if (!earlier.messageId().equals(delivery.messageId())) {
      return;
    }
    if (earlier.sentAtMs() != delivery.sentAtMs()) {
      findings.add(
          delivery.attempt(),
          poll.returnedNs(),
          "sent timestamp %d after %d".formatted(delivery.sentAtMs(), earlier.sentAtMs()));
    }
    boolean bothGiven = earlier.firstReceivedAtMs() != 0 && delivery.firstReceivedAtMs() != 0;
    if (bothGiven && earlier.firstReceivedAtMs() != delivery.firstReceivedAtMs()) {
      if (surroundings.mayHaveForgottenReceive(
              before, before.receipts().get(0).polledNs(), poll.returnedNs())
          || surroundings.mayBeRepeated(before, poll.queue())) {
        undecided++;
      } else {
        findings.add(
            delivery.attempt(),
            poll.returnedNs(),
            "first-receive timestamp %d after %d"
                .formatted(delivery.firstReceivedAtMs(), earlier.firstReceivedAtMs()));
      }
    }
  }

  @Override
  public InvariantVerdict verdict() {
    Verdict otherwise =
        judged > 0 ? Verdict.valid() : new Verdict.Unknown("no receive carried a sent timestamp");
    return InvariantVerdict.of(invariant(), findings.or(otherwise), judged, undecided);
  }

  private void compareWithSend(Entry.Send send, Delivery delivery, long atNs) {
    if (send.ending() == Ending.FAIL
        || delivery.sentAtMs() == 0
        || surroundings.wallMs(0).isEmpty()) {
      return;
    }
    if (surroundings.fired(FaultKind.CLOCK_STEP)) {
      undecided++;
      return;
    }
    long slackMs = surroundings.rules().wallSlack().toMillis();
    long fromMs = surroundings.wallMs(send.invokedNs()).orElseThrow() - slackMs;
    long toMs = surroundings.wallMs(send.returnedNs()).orElseThrow() + 1 + slackMs;
    boolean late = send.ending() == Ending.OK && delivery.sentAtMs() > toMs;
    if (delivery.sentAtMs() < fromMs || late) {
      findings.add(
          send.attempt(),
          atNs,
          "sent timestamp %d, but it was sent between %d and %d"
              .formatted(delivery.sentAtMs(), fromMs + slackMs, toMs - slackMs));
    }
  }
}
