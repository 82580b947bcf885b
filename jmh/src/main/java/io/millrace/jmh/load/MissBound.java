package io.millrace.jmh.load;

import io.millrace.reports.record.Kind;
import io.millrace.reports.record.LatencyVerdict;
import org.apache.commons.statistics.distribution.BetaDistribution;

/**
 * Messages over the limit as k of n, and what that says of the share of all messages: at 95 %
 * confidence it is below the bound (Clopper and Pearson, one-sided; 0 of n gives about 3/n).
 *
 * @param kind which latency
 * @param misses k
 * @param count n
 * @param shareAtMost the bound, 0 to 1
 */
record MissBound(Kind kind, long misses, long count, double shareAtMost) {

  private static final double CONFIDENCE = 0.95;

  /** The bound of k of n. */
  static MissBound of(Kind kind, long misses, long count) {
    double bound =
        count == 0 || misses >= count
            ? 1
            : BetaDistribution.of(misses + 1.0, (double) count - misses)
                .inverseCumulativeProbability(CONFIDENCE);
    return new MissBound(kind, misses, count, bound);
  }

  /** The bound of one latency as measured. */
  static MissBound of(LatencyVerdict.Measured measured) {
    return of(measured.kind(), measured.misses(), measured.summary().count());
  }
}
