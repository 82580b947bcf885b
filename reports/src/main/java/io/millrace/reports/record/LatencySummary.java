package io.millrace.reports.record;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.OptionalDouble;
import org.HdrHistogram.AbstractHistogram;

/**
 * The distribution of one latency in a few figures, each in milliseconds with microsecond
 * resolution; a percentile with fewer than ten samples beyond it is empty ({@code null} in JSON).
 *
 * @param p50 the median, or empty below 20 samples
 * @param p99 the 99th percentile, or empty below 1,000 samples
 * @param p999 the 99.9th percentile, or empty below 10,000 samples
 * @param p9999 the 99.99th percentile, or empty below 100,000 samples
 * @param max the slowest sample; 0 when there are none
 * @param count how many samples, 0 or more
 */
public record LatencySummary(
    @JsonProperty("p50") OptionalDouble p50,
    @JsonProperty("p99") OptionalDouble p99,
    @JsonProperty("p99.9") OptionalDouble p999,
    @JsonProperty("p99.99") OptionalDouble p9999,
    @JsonProperty("max") double max,
    @JsonProperty("count") long count) {

  /** How many figures a summary has. */
  public static final int FIGURES = 6;

  /** The summary of nothing. */
  public static final LatencySummary NONE =
      new LatencySummary(
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          0,
          0);

  /** Refuses a summary that claims a percentile its count cannot carry. */
  public LatencySummary {
    if (count < 0 || max < 0) {
      throw new IllegalArgumentException("negative count or max: " + count + ", " + max);
    }
    requireCarried(p50, Percentile.P50, count);
    requireCarried(p99, Percentile.P99, count);
    requireCarried(p999, Percentile.P999, count);
    requireCarried(p9999, Percentile.P9999, count);
  }

  /**
   * Summarises a histogram of nanoseconds.
   *
   * @param nanos values in nanoseconds, see {@link LatencyLog#newHistogram()}; read, not kept
   */
  public static LatencySummary from(AbstractHistogram nanos) {
    long count = nanos.getTotalCount();
    if (count == 0) {
      return NONE;
    }
    return new LatencySummary(
        valueMs(nanos, Percentile.P50),
        valueMs(nanos, Percentile.P99),
        valueMs(nanos, Percentile.P999),
        valueMs(nanos, Percentile.P9999),
        toMs(nanos.getMaxValue()),
        count);
  }

  /** The value at one percentile, in milliseconds; empty when it may not be printed. */
  public OptionalDouble at(Percentile percentile) {
    return switch (percentile) {
      case P50 -> p50;
      case P99 -> p99;
      case P999 -> p999;
      case P9999 -> p9999;
    };
  }

  /** The value of a histogram of nanoseconds at one percentile, in milliseconds, by the rule. */
  static OptionalDouble valueMs(AbstractHistogram nanos, Percentile percentile) {
    return percentile.isPrintable(nanos.getTotalCount())
        ? OptionalDouble.of(toMs(nanos.getValueAtPercentile(percentile.percent())))
        : OptionalDouble.empty();
  }

  /** Nanoseconds as milliseconds, rounded to the nearest microsecond. */
  public static double toMs(long nanos) {
    return Math.round(nanos / 1_000.0) / 1_000.0;
  }

  private static void requireCarried(OptionalDouble value, Percentile percentile, long count) {
    if (value.isPresent() && !percentile.isPrintable(count)) {
      throw new IllegalArgumentException(percentile.label() + " claimed of " + count + " samples");
    }
  }
}
