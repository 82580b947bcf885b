package io.millrace.reports.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class BootstrapTest {
  private static final long SEED = 7;
  private static final int TRIALS = 200;
  private static final int PAIRS = 12;

  @Test
  void intervalOfPairsHoldsTheTrueRatioAboutAsOftenAsItSays() {
    SplittableRandom random = new SplittableRandom(SEED);
    int held = 0;
    for (int trial = 0; trial < TRIALS; trial++) {
      double[] ratios = new double[PAIRS];
      for (int i = 0; i < PAIRS; i++) {
        ratios[i] = 1.2 * Math.exp(0.1 * random.nextGaussian());
      }
      Interval interval = new Bootstrap(SEED).ofPairs(ratios);
      if (interval.low() <= 1.2 && 1.2 <= interval.high()) {
        held++;
      }
    }
    assertThat(held).as("seed %d, of %d", SEED, TRIALS).isBetween(TRIALS * 88 / 100, TRIALS);
  }

  @Test
  void intervalNarrowsAsPairsAreAddedAndIsTheSameForTheSameSeed() {
    SplittableRandom random = new SplittableRandom(SEED);
    double[] few = new double[6];
    double[] many = new double[60];
    for (int i = 0; i < many.length; i++) {
      many[i] = Math.exp(0.1 * random.nextGaussian());
      few[i % few.length] = many[i];
    }
    Interval wide = new Bootstrap(SEED).ofPairs(few);
    Interval narrow = new Bootstrap(SEED).ofPairs(many);
    assertThat(narrow.high() - narrow.low()).isLessThan(wide.high() - wide.low());
    assertThat(new Bootstrap(SEED).ofPairs(few)).isEqualTo(wide);
  }

  @Test
  void samplesOfEitherSideAreDrawnApart() {
    double[] a = {10, 11, 9, 10, 10};
    double[] b = {20, 22, 18, 20, 20};
    Interval interval = new Bootstrap(SEED).ofSamples(a, b);
    assertThat(interval.low()).isBetween(1.6, 2.0);
    assertThat(interval.high()).isBetween(2.0, 2.5);
  }
}
