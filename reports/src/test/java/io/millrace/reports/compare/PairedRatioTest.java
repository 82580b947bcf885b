package io.millrace.reports.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PairedRatioTest {

  @Test
  void medianOfAnOddAndAnEvenNumberOfPairs() {
    assertThat(PairedRatio.of(List.of(3.0, 1.0, 2.0)).median()).isEqualTo(2.0);
    assertThat(PairedRatio.of(List.of(4.0, 1.0, 3.0, 2.0)).median()).isEqualTo(2.5);
  }

  @Test
  void equalPairsHaveNoWidth() {
    PairedRatio ratio = PairedRatio.of(Collections.nCopies(10, 0.7));

    assertThat(ratio.median()).isEqualTo(0.7);
    assertThat(ratio.low()).isEqualTo(0.7);
    assertThat(ratio.high()).isEqualTo(0.7);
  }

  @Test
  void oneOddPairDoesNotMoveTheMedian() {
    List<Double> pairs = new ArrayList<>(Collections.nCopies(9, 0.8));
    pairs.add(0.1);

    assertThat(PairedRatio.of(pairs).median()).isEqualTo(0.8);
    assertThat(PairedRatio.of(pairs).low()).isEqualTo(0.8);
  }

  @Test
  void twoPairsResampleToTheirHalves() {
    // Resamples of {1, 2} have the medians 1, 1.5 and 2 with the odds 1:2:1.
    PairedRatio ratio = PairedRatio.of(List.of(1.0, 2.0));

    assertThat(ratio.median()).isEqualTo(1.5);
    assertThat(ratio.low()).isEqualTo(1.0);
    assertThat(ratio.high()).isEqualTo(2.0);
  }

  @Test
  void intervalCoversTheTrueMedianAboutNineteenTimesInTwenty() {
    Random random = new Random(7);
    int covered = 0;
    int trials = 200;
    for (int trial = 0; trial < trials; trial++) {
      List<Double> pairs = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        pairs.add(1 + 0.1 * random.nextGaussian());
      }
      PairedRatio ratio = PairedRatio.of(pairs);
      if (ratio.low() <= 1 && 1 <= ratio.high()) {
        covered++;
      }
    }
    assertThat(covered).isBetween(trials * 88 / 100, trials * 99 / 100);
  }

  @Test
  void noPairsIsWrongUse() {
    assertThatThrownBy(() -> PairedRatio.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
