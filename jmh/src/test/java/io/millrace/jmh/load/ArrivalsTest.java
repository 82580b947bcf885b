package io.millrace.jmh.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ArrivalsTest {

  private static final int COUNT = 20_000;

  private final long seed = System.nanoTime();

  @Test
  void constantArrivalsAreExactForARateThatDividesNothing() {
    long[] due = new Arrivals.Constant().dueNs(7, 7 * 1_000 + 1, seed);

    for (int second = 0; second <= 1_000; second++) {
      assertThat(due[7 * second]).isEqualTo(second * 1_000_000_000L);
    }
  }

  @Test
  void poissonArrivalsKeepTheRateAndScatterAsTheExponentialDoes() {
    long[] due = new Arrivals.Poisson().dueNs(1_000, COUNT, seed);

    double[] gapsMs = new double[COUNT - 1];
    for (int i = 1; i < COUNT; i++) {
      gapsMs[i - 1] = (due[i] - due[i - 1]) / 1e6;
    }
    double mean = Arrays.stream(gapsMs).average().orElseThrow();
    double longer = Arrays.stream(gapsMs).filter(gap -> gap > 1).count() / (double) gapsMs.length;
    // Mean 1 ms; a share of 1/e is longer than the mean. Both within six of their deviations.
    assertThat(mean).as("seed %d", seed).isBetween(0.95, 1.05);
    assertThat(longer).as("seed %d", seed).isBetween(0.345, 0.391);
    assertThat(due).isSorted();
  }

  @Test
  void sameSeedSameInstants() {
    assertThat(new Arrivals.Poisson().dueNs(500, 100, seed))
        .isEqualTo(new Arrivals.Poisson().dueNs(500, 100, seed))
        .isNotEqualTo(new Arrivals.Poisson().dueNs(500, 100, seed + 1));
  }

  @Test
  void burstsComeTogetherAndKeepTheRate() {
    long[] due = new Arrivals.Burst(50).dueNs(1_000, 101, seed);

    assertThat(Arrays.copyOfRange(due, 0, 50)).containsOnly(0);
    assertThat(Arrays.copyOfRange(due, 50, 100)).containsOnly(50_000_000);
    assertThat(due[100]).isEqualTo(100_000_000);
  }
}
