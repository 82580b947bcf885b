package io.millrace.reports.compare;

import io.millrace.reports.record.LatencyLog;
import io.millrace.reports.record.LatencySummary;
import io.millrace.reports.record.Percentile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;

/**
 * Intervals by the percentile bootstrap: draw from what was measured with replacement, compute the
 * figure of each draw, cut 2.5 % off either end. It assumes no distribution, which a latency or a
 * shared machine would not have.
 *
 * <p>How much is drawn at a time is what decides its honesty, so there are three:
 *
 * <ul>
 *   <li>{@link #ofPairs}: whole pairs of runs. What changes from run to run is in it.
 *   <li>{@link #ofSeconds}: seconds of each run, for fewer pairs than {@value #PAIRS_MIN}. Samples
 *       of one second share a stall, so they are drawn together. What changes from run to run is
 *       not in it: an interval of one pair is too narrow where a machine's mood differs between
 *       runs.
 *   <li>{@link #ofSamples}: samples of either side, drawn apart.
 * </ul>
 */
final class Bootstrap {
  /** From so many pairs on, pairs are drawn; a median of fewer has too few values to take. */
  static final int PAIRS_MIN = 5;

  private static final int RESAMPLES = 20_000;
  private static final int RESAMPLES_OF_SECONDS = 1_000;
  private static final double TAIL = 0.025;

  private final long seed;

  Bootstrap(long seed) {
    this.seed = seed;
  }

  /** Of the median of ratios, one a pair. */
  Interval ofPairs(double[] ratios) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] medians = new double[RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
      medians[i] = median(draw(ratios, random));
    }
    return interval(medians);
  }

  /** Of the ratio of medians, b to a. */
  Interval ofSamples(double[] a, double[] b) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] ratios = new double[RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
      ratios[i] = median(draw(b, random)) / median(draw(a, random));
    }
    return interval(ratios);
  }

  /**
   * Of the median over pairs of the ratio of a percentile, b to a.
   *
   * @param a for each pair the seconds of its first run, at least one
   * @param b for each pair the seconds of its second
   * @return one interval for each percentile
   */
  List<Interval> ofSeconds(
      List<List<Histogram>> a, List<List<Histogram>> b, List<Percentile> percentiles) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] ratios = new double[percentiles.size()][RESAMPLES_OF_SECONDS];
    double[][] ofPair = new double[percentiles.size()][a.size()];
    for (int i = 0; i < RESAMPLES_OF_SECONDS; i++) {
      for (int pair = 0; pair < a.size(); pair++) {
        Histogram drawnA = draw(a.get(pair), random);
        Histogram drawnB = draw(b.get(pair), random);
        for (int p = 0; p < percentiles.size(); p++) {
          ofPair[p][pair] = ms(drawnB, percentiles.get(p)) / ms(drawnA, percentiles.get(p));
        }
      }
      for (int p = 0; p < percentiles.size(); p++) {
        ratios[p][i] = median(ofPair[p].clone());
      }
    }
    List<Interval> intervals = new ArrayList<>();
    for (double[] each : ratios) {
      intervals.add(interval(each));
    }
    return intervals;
  }

  /** The median of at least one value; sorts its argument. */
  static double median(double[] values) {
    Arrays.sort(values);
    int middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }

  /** The histogram's resolution is a microsecond; less would be no ratio. */
  static double ms(Histogram nanos, Percentile percentile) {
    return Math.max(0.001, LatencySummary.toMs(nanos.getValueAtPercentile(percentile.percent())));
  }

  private static Histogram draw(List<Histogram> seconds, SplittableRandom random) {
    Histogram drawn = LatencyLog.newHistogram();
    for (int i = 0; i < seconds.size(); i++) {
      drawn.add(seconds.get(random.nextInt(seconds.size())));
    }
    return drawn;
  }

  private static double[] draw(double[] values, SplittableRandom random) {
    double[] drawn = new double[values.length];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = values[random.nextInt(values.length)];
    }
    return drawn;
  }

  private static Interval interval(double[] figures) {
    Arrays.sort(figures);
    int cut = (int) Math.floor(TAIL * figures.length);
    return new Interval(figures[cut], figures[figures.length - 1 - cut]);
  }
}
