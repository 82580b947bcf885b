package io.millrace.chaos.check;

/**
 * REDELIVERY: a message that nobody deleted stayed away after the end of its lease although
 * somebody polled for it; {@link LongPollChecker} finds that. Here the redeliveries are counted.
 */
final class RedeliveryChecker implements Checker {

  private final Findings findings;
  private long redelivered;

  RedeliveryChecker(Findings findings) {
    this.findings = findings;
  }

  @Override
  public Invariant invariant() {
    return Invariant.REDELIVERY;
  }

  @Override
  public void onReceipt(Receipt receipt, Timeline message) {
    if (message.received() > 1) {
      redelivered++;
    }
  }

  @Override
  public InvariantVerdict verdict() {
    Verdict otherwise =
        redelivered > 0 ? Verdict.valid() : new Verdict.Unknown("no lease ended unused");
    return InvariantVerdict.of(
        invariant(), findings.or(otherwise), redelivered + findings.total(), 0);
  }
}
