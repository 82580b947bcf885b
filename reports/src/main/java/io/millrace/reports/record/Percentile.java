package io.millrace.reports.record;

import java.util.Optional;

/**
 * The percentiles Millrace prints, and the rule for when one may be printed.
 *
 * <p>A percentile {@code p} of {@code n} samples is printed only when at least {@value
 * #SAMPLES_BEYOND_MIN} samples are expected beyond it, {@code n(1-p) >= 10}; with fewer it would
 * move with every single sample. So p50 needs 20 samples, p99 1,000, p99.9 10,000 and p99.99
 * 100,000.
 */
public enum Percentile {
  /** The median. */
  P50(5_000, "p50"),
  /** One in a hundred is slower. */
  P99(9_900, "p99"),
  /** One in a thousand is slower. */
  P999(9_990, "p99.9"),
  /** One in ten thousand is slower. */
  P9999(9_999, "p99.99");

  /** How many samples must be expected beyond a percentile before it is printed. */
  public static final int SAMPLES_BEYOND_MIN = 10;

  /** Ranks are kept in ten-thousandths, so the rule is exact integer arithmetic. */
  private static final int WHOLE = 10_000;

  private final int tenThousandths;
  private final String label;

  Percentile(int tenThousandths, String label) {
    this.tenThousandths = tenThousandths;
    this.label = label;
  }

  /** The name in JSON and on the page, such as {@code p99.9}. */
  public String label() {
    return label;
  }

  /** The rank in percent as HdrHistogram takes it, such as 99.9. */
  public double percent() {
    return tenThousandths / 100.0;
  }

  /**
   * Says whether this percentile of {@code count} samples may be printed.
   *
   * @param count samples, 0 or more
   */
  public boolean isPrintable(long count) {
    return Math.multiplyHigh(count, WHOLE - tenThousandths) > 0
        || count * (WHOLE - tenThousandths) >= (long) SAMPLES_BEYOND_MIN * WHOLE;
  }

  /**
   * How many of {@code count} samples may lie beyond a limit while this percentile keeps it.
   *
   * @param count samples, 0 or more
   */
  public long roomBeyond(long count) {
    long beyond = (long) WHOLE - tenThousandths;
    return count / WHOLE * beyond + count % WHOLE * beyond / WHOLE;
  }

  /** The fewest samples with which this percentile may be printed. */
  public long samplesNeeded() {
    return (long) SAMPLES_BEYOND_MIN * WHOLE / (WHOLE - tenThousandths);
  }

  /**
   * The highest printable percentile of {@code count} samples that is not above {@code wanted};
   * empty when there are too few even for the median.
   */
  public static Optional<Percentile> highestPrintable(long count, Percentile wanted) {
    Optional<Percentile> highest = Optional.empty();
    for (Percentile percentile : values()) {
      if (percentile.compareTo(wanted) <= 0 && percentile.isPrintable(count)) {
        highest = Optional.of(percentile);
      }
    }
    return highest;
  }
}
