package io.millrace.jmh.run;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The median of ratios that were each taken between two neighbouring windows, with a 95 % interval
 * by bootstrap.
 *
 * <p>Neighbours share the machine's mood, so their ratio survives what would spoil their rates; the
 * median survives the odd pair in which the mood changed midway. The interval is the percentile
 * bootstrap of the median: resample the pairs with replacement, take each resample's median, and
 * cut 2.5 % off either end. Same ratios, same seed: same interval.
 *
 * @param median of the pairs' ratios
 * @param low lower end of the 95 % interval
 * @param high upper end of the 95 % interval
 * @param ofPairs each pair's ratio, in the order they were run
 */
public record PairedRatio(double median, double low, double high, List<Double> ofPairs) {

  private static final int RESAMPLES = 20_000;
  private static final long SEED = 20_260_101;
  private static final double TAIL = 0.025;

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
    SplittableRandom random = new SplittableRandom(SEED);
    double[] medians = new double[RESAMPLES];
    double[] resample = new double[values.length];
    for (int i = 0; i < RESAMPLES; i++) {
      for (int j = 0; j < resample.length; j++) {
        resample[j] = values[random.nextInt(values.length)];
      }
      medians[i] = median(resample);
    }
    Arrays.sort(medians);
    int cut = (int) Math.floor(TAIL * RESAMPLES);
    return new PairedRatio(
        median(values.clone()), medians[cut], medians[RESAMPLES - 1 - cut], ratios);
  }

  /** The median of at least one value; sorts its argument. */
  public static double median(double[] values) {
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }
}
