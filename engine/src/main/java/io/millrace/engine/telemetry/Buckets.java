package io.millrace.engine.telemetry;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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

  /** An example is shown at least this long: a scrape sees it, and making them costs little. */
  static final long EXEMPLAR_MS_MIN = 1_000;

  /** For values exported as they are observed. */
  static final double AS_OBSERVED = 1;

  private final double rawPerUnit;

  /** As exported, the last of them infinity. */
  private final double[] upperBounds;

  /** The same as whole numbers, so that 10 ms is within 10 ms exactly. */
  private final long[] rawUpperBounds;

  private final LongAdder[] counts;
  private final LongAdder rawSum = new LongAdder();

  /** By bucket, the last of its values that was taken as an example; null while none was. */
  private final AtomicReferenceArray<@Nullable Exemplar> exemplars;

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
    exemplars = new AtomicReferenceArray<>(last + 1);
    for (int i = 0; i <= last; i++) {
      // Infinity becomes the largest long.
      rawUpperBounds[i] = Math.round(upperBounds[i] * rawPerUnit);
      counts[i] = new LongAdder();
    }
  }

  /** Counts one value. */
  void observe(long raw) {
    counts[bucket(raw)].increment();
    rawSum.add(raw);
  }

  /**
   * Shows one value that was counted as an example of its bucket's, unless the bucket has one that
   * is younger than {@link #EXEMPLAR_MS_MIN}.
   *
   * @param labels what it belongs to, asked only if it is taken; empty to have it left out
   */
  void exemplify(long raw, long nowMs, Supplier<Labels> labels) {
    int bucket = bucket(raw);
    Exemplar shown = exemplars.get(bucket);
    if (shown != null && nowMs - shown.getTimestampMillis() < EXEMPLAR_MS_MIN) {
      return;
    }
    Labels of = labels.get();
    if (!of.isEmpty()) {
      Exemplar exemplar =
          Exemplar.builder().value(raw / rawPerUnit).labels(of).timestampMillis(nowMs).build();
      // Of two at once either will do.
      exemplars.set(bucket, exemplar);
    }
  }

  private int bucket(long raw) {
    int bucket = 0;
    // From the bottom: most values are small, and the list is short.
    while (raw > rawUpperBounds[bucket]) {
      bucket++;
    }
    return bucket;
  }

  HistogramDataPointSnapshot snapshot(Labels labels) {
    long[] now = Arrays.stream(counts).mapToLong(LongAdder::sum).toArray();
    List<Exemplar> shown = new ArrayList<>();
    for (int i = 0; i < exemplars.length(); i++) {
      Exemplar exemplar = exemplars.get(i);
      if (exemplar != null) {
        shown.add(exemplar);
      }
    }
    return HistogramDataPointSnapshot.builder()
        .labels(labels)
        .classicHistogramBuckets(ClassicHistogramBuckets.of(upperBounds, now))
        .sum(rawSum.sum() / rawPerUnit)
        .exemplars(Exemplars.of(shown))
        .build();
  }
}
