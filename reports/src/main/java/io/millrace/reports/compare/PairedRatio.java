package io.millrace.reports.compare;

import java.util.List;

/**
 * The median of ratios that were each taken between two neighbouring windows, with a 95 % interval
 * by {@link Bootstrap#ofPairs}.
 *
 * <p>Neighbours share the machine's mood, so their ratio survives what would spoil their rates; the
 * median survives the odd pair in which the mood changed midway. The draws have a fixed seed: same
 * ratios, same interval, so whoever has the pairs can compute it again.
 *
 * @param median of the pairs' ratios
 * @param low lower end of the 95 % interval
 * @param high upper end of the 95 % interval
 * @param ofPairs each pair's ratio, in the order they were run
 */
public record PairedRatio(double median, double low, double high, List<Double> ofPairs) {

  /** Copies the list. */
  public PairedRatio {
    ofPairs = List.copyOf(ofPairs);
  }

  /**
   * Summarises.
   *
   * @param ratios one a pair, at least one, each above 0
   */
  public static PairedRatio of(List<Double> ratios) {
    if (ratios.isEmpty()) {
      throw new IllegalArgumentException("no pairs");
    }
    double[] values = ratios.stream().mapToDouble(Double::doubleValue).toArray();
    Interval interval = new Bootstrap(Comparison.SEED).ofPairs(values);
    return new PairedRatio(median(values.clone()), interval.low(), interval.high(), ratios);
  }

  /** The median of at least one value; sorts its argument. */
  public static double median(double[] values) {
    return Bootstrap.median(values);
  }
}
