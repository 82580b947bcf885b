package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Entry;

/**
 * EXCLUSIVITY: a message was received again while its lease was surely still running. A lease
 * begins between the poll and its answer, so an interval remains in which nothing can be said; that
 * is counted as undecided.
 *
 * <p>A kill is no excuse: it takes no written page away, and a receive is written before it is
 * answered. Profile {@link Profile#AWS_STANDARD} counts and does not judge.
 */
final class ExclusivityChecker implements Checker {

  private final Rules rules;
  private final Findings findings = new Findings(Invariant.EXCLUSIVITY);
  private long pairs;
  private long undecided;
  private long deliveries;

  ExclusivityChecker(Rules rules) {
    this.rules = rules;
  }

  @Override
  public Invariant invariant() {
    return Invariant.EXCLUSIVITY;
  }

  @Override
  public void onDelivery(Entry.Receive poll, Delivery delivery, Timeline before) {
    deliveries++;
    Receipt now = Receipt.of(poll, delivery);
    for (Receipt other : before.receipts()) {
      pairs++;
      if (now.isAfter(other)) {
        judge(before, other, now);
      } else {
        judge(before, now, other);
      }
    }
  }

  @Override
  public InvariantVerdict verdict() {
    Verdict otherwise =
        deliveries > 0 ? Verdict.valid() : new Verdict.Unknown("no message was received");
    Verdict verdict = rules.profile() == Profile.STRICT ? findings.or(otherwise) : otherwise;
    return InvariantVerdict.of(invariant(), verdict, pairs, undecided);
  }

  private void judge(Timeline message, Receipt first, Receipt second) {
    long earliestEndNs = message.leaseFromNs(first) + first.visibilityNs() - rules.timerSlackNs();
    long latestEndNs = first.receivedNs() + first.visibilityNs() + rules.timerSlackNs();
    if (second.receivedNs() < earliestEndNs) {
      findings.add(
          message.attempt(),
          second.receivedNs(),
          "received again %.3f s after it was handed out, with a visibility timeout of %.3f s"
              .formatted(
                  (second.receivedNs() - message.leaseFromNs(first)) / 1e9,
                  first.visibilityNs() / 1e9));
    } else if (second.polledNs() < latestEndNs) {
      undecided++;
    }
  }
}
