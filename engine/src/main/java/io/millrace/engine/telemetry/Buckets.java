package io.millrace.engine.telemetry;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/**
 * One classic histogram: how many observed values fell between one bound and the next. Hot; any
 * thread may observe, any may read.
 *
 * <p>The Prometheus client has a histogram too, but each of its observations makes an object that
 * only the optimizing compiler, when it inlines the whole path, makes go away again. This one
 * allocates nothing by construction.
 */
final class Buckets {

  /** Raw values a unit of exported ones, for durations: nanoseconds observed, seconds exported. */
  static final double NANOS_PER_SECOND = 1e9;

  /** The same for milliseconds. */
  static final double MS_PER_SECOND = 1e3;

  /** For values exported as they are observed. */
  static final double AS_OBSERVED = 1;

  private final double rawPerUnit;

  /** As exported, the last of them infinity. */
  private final double[] upperBounds;

  /** The same as whole numbers, so that 10 ms is within 10 ms exactly. */
  private final long[] rawUpperBounds;

  private final LongAdder[] counts;
  private final LongAdder rawSum = new LongAdder();

  /**
   * @param finiteUpperBounds inclusive, rising, as exported
   * @param rawPerUnit raw values in one exported unit
   */
  Buckets(double[] finiteUpperBounds, double rawPerUnit) {
    this.rawPerUnit = rawPerUnit;
    int last = finiteUpperBounds.length;
    upperBounds = Arrays.copyOf(finiteUpperBounds, last + 1);
    upperBounds[last] = Double.POSITIVE_INFINITY;
    rawUpperBounds = new long[last + 1];
    counts = new LongAdder[last + 1];
    for (int i = 0; i <= last; i++) {
      // Infinity becomes the largest long.
      rawUpperBounds[i] = Math.round(upperBounds[i] * rawPerUnit);
      counts[i] = new LongAdder();
    }
  }

  /** Counts one value. */
  void observe(long raw) {
    int bucket = 0;
    // From the bottom: most values are small, and the list is short.
    while (raw > rawUpperBounds[bucket]) {
      bucket++;
    }
    counts[bucket].increment();
    rawSum.add(raw);
  }

  HistogramDataPointSnapshot snapshot(Labels labels) {
    long[] now = Arrays.stream(counts).mapToLong(LongAdder::sum).toArray();
    return HistogramDataPointSnapshot.builder()
        .labels(labels)
        .classicHistogramBuckets(ClassicHistogramBuckets.of(upperBounds, now))
        .sum(rawSum.sum() / rawPerUnit)
        .build();
  }
}
