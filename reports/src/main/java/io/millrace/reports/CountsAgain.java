package io.millrace.reports;

import io.millrace.reports.record.Counts;
import io.millrace.reports.record.Invariant;
import io.millrace.reports.record.Kind;
import io.millrace.reports.record.LatencyLog;
import io.millrace.reports.record.RunRecord;
import io.millrace.reports.record.Second;
import io.millrace.reports.record.Verdict;
import java.util.function.ToLongFunction;

/**
 * The counts of a run, as far as its raw data can tell them: a message that was acknowledged left a
 * publish latency, one that was received an end-to-end latency, and the timeline counts each send
 * in its second.
 */
final class CountsAgain {
  private CountsAgain() {}

  static void of(RunRecord record, LatencyLog raw, Recomputation again) {
    Counts counts = record.counts();
    again.figure("acked", counts.acked(), raw.merged(Kind.PUBLISH).getTotalCount());
    again.figure("received", counts.received(), raw.merged(Kind.END_TO_END).getTotalCount());
    again.figure("sent", counts.sent(), sum(record, Second::sent));
    again.figure("unknown", counts.unknown(), counts.sent() - counts.acked());
    for (Invariant invariant : record.invariants()) {
      again.figure(
          "whether " + invariant.name() + " was violated",
          invariant.verdict() == Verdict.INVALID,
          invariant.violations() > 0);
    }
    again.cannot(
        "deleted, lost, invented, corrupted, duplicates, order, faults, crash, stalls and what was"
            + " checked of each invariant: they come from the history of the run's operations,"
            + " which is not part of a bundle");
  }

  private static long sum(RunRecord record, ToLongFunction<Second> figure) {
    return record.timeline().stream().mapToLong(figure).sum();
  }
}
