package io.millrace.chaos.check;

import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;

/**
 * CHANGE VISIBILITY: a change that was answered with yes moves the end of the lease: nothing is
 * received before the new end ({@link ExclusivityChecker} finds that), the message is to be had
 * after it ({@link EmptyPollChecker} finds that), and a lease is not stretched beyond twelve hours
 * (Amazon SQS API reference, ChangeMessageVisibility).
 */
final class ChangeVisibilityChecker implements Checker {

  private static final long LEASE_NS_MAX = 43_200L * 1_000_000_000L;

  private final Surroundings surroundings;
  private final Findings findings;
  private long changes;
  private long ended;

  ChangeVisibilityChecker(Surroundings surroundings, Findings findings) {
    this.surroundings = surroundings;
    this.findings = findings;
  }

  @Override
  public Invariant invariant() {
    return Invariant.CHANGE_VISIBILITY;
  }

  @Override
  public void onVisibility(Entry.Visibility change, Timeline before) {
    if (change.ending() != Ending.OK) {
      return;
    }
    changes++;
    if (change.visibilityMs() == 0) {
      ended++;
    }
    Receipt receipt = before.receiptOf(change.handle());
    if (receipt == null) {
      return;
    }
    long newEndNs = change.invokedNs() + change.visibilityMs() * 1_000_000L;
    long allowedNs = receipt.receivedNs() + LEASE_NS_MAX + surroundings.rules().timerSlackNs();
    if (newEndNs > allowedNs) {
      findings.add(
          change.attempt(),
          change.returnedNs(),
          "its lease was stretched to %.0f s after it was received"
              .formatted((newEndNs - receipt.receivedNs()) / 1e9));
    }
  }

  @Override
  public InvariantVerdict verdict() {
    Verdict otherwise =
        changes > 0 ? Verdict.valid() : new Verdict.Unknown("no visibility was changed");
    return InvariantVerdict.of(invariant(), findings.or(otherwise), changes, 0)
        .with("endedAtOnce", ended);
  }
}
