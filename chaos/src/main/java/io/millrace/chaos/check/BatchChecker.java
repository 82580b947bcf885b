package io.millrace.chaos.check;

import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;

/**
 * BATCH: an answer that does not name every entry once, or one that accepts what must be refused
 * whole: no entries, more than ten, two with the same id (Amazon SQS API reference,
 * SendMessageBatch). Each entry is judged as an operation of its own by the other invariants; a
 * batch that was refused whole has entries that surely had no effect.
 */
final class BatchChecker implements Checker {

  private static final int ENTRIES_MAX = 10;

  private final Findings findings = new Findings(Invariant.BATCH);
  private long batches;
  private long malformed;

  @Override
  public Invariant invariant() {
    return Invariant.BATCH;
  }

  @Override
  public void onOther(Entry entry) {
    if (!(entry instanceof Entry.Batch batch)) {
      return;
    }
    batches++;
    boolean mustFail =
        batch.size() == 0 || batch.size() > ENTRIES_MAX || batch.distinctIds() < batch.size();
    if (mustFail) {
      malformed++;
    }
    if (batch.ending() != Ending.OK) {
      return;
    }
    if (mustFail) {
      add(
          batch,
          "a batch of %d entries with %d different ids was accepted"
              .formatted(batch.size(), batch.distinctIds()));
    } else if (batch.successful() + batch.failed() != batch.size() || batch.stray() > 0) {
      add(
          batch,
          "of %d entries the answer names %d as done, %d as refused, and %d that are none of them"
              .formatted(batch.size(), batch.successful(), batch.failed(), batch.stray()));
    }
  }

  @Override
  public InvariantVerdict verdict() {
    Verdict otherwise = batches > 0 ? Verdict.valid() : new Verdict.Unknown("no batch was sent");
    return InvariantVerdict.of(invariant(), findings.or(otherwise), batches, 0)
        .with("malformed", malformed);
  }

  private void add(Entry.Batch batch, String sentence) {
    findings.add(
        Entry.NO_ATTEMPT,
        batch.returnedNs(),
        sentence + "; batch %d of session %d".formatted(batch.batch(), batch.session()));
  }
}
