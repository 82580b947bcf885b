package io.millrace.chaos.check;

import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;

/**
 * STALE HANDLE: a message was received anew, then a delete by an older receipt was answered with
 * yes, and the message did not come again. SQS says of such a delete that it "might not" take
 * effect, so {@link Profile#AWS_STANDARD} leaves both endings open and only counts; Millrace says
 * that it does not. That other messages are untouched is {@link Invariant#LOSS}'s to judge.
 */
final class StaleHandleChecker implements Checker {

  private final Fates fates;
  private final Findings findings = new Findings(Invariant.STALE_HANDLE);
  private long stale;

  StaleHandleChecker(Fates fates) {
    this.fates = fates;
  }

  @Override
  public Invariant invariant() {
    return Invariant.STALE_HANDLE;
  }

  @Override
  public void onDelete(Entry.Delete delete, Timeline before) {
    if (delete.ending() == Ending.OK && before.isStale(delete)) {
      stale++;
    }
  }

  @Override
  public void onGone(Timeline message) {
    if (fates.of(message) == Fates.Fate.MISSING_AFTER_STALE_DELETE) {
      findings.add(
          message.attempt(),
          fates.drainedNs(),
          "deleted only by a receipt that was no longer the latest, and it did not come again");
    }
  }

  @Override
  public InvariantVerdict verdict() {
    Verdict otherwise =
        stale > 0 ? Verdict.valid() : new Verdict.Unknown("no stale receipt was used");
    return InvariantVerdict.of(invariant(), findings.or(otherwise), stale, 0);
  }
}
