package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Entry;

/** INTEGRITY: a consumer found body, attributes or their digests other than they were sent. */
final class IntegrityChecker implements Checker {

  private final Findings findings = new Findings(Invariant.INTEGRITY);
  private long deliveries;

  @Override
  public Invariant invariant() {
    return Invariant.INTEGRITY;
  }

  @Override
  public void onSend(Entry.Send send, Timeline before) {
    if (!send.digestsAgree()) {
      findings.add(
          send.attempt(), send.returnedNs(), "acknowledged with a digest of something else");
    }
  }

  @Override
  public void onDelivery(Entry.Receive poll, Delivery delivery, Timeline before) {
    deliveries++;
    if (!delivery.damage().isEmpty()) {
      findings.add(
          delivery.attempt(),
          poll.returnedNs(),
          "message " + delivery.messageId() + " received with damage " + delivery.damage());
    }
  }

  @Override
  public InvariantVerdict verdict() {
    Verdict otherwise =
        deliveries > 0 ? Verdict.valid() : new Verdict.Unknown("no message was received");
    return InvariantVerdict.of(invariant(), findings.or(otherwise), deliveries, 0);
  }
}
