package io.millrace.jmh.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.reports.record.Kind;
import org.junit.jupiter.api.Test;

class MissBoundTest {

  @Test
  void noMissInManySaysLessThanThreeInAsMany() {
    assertThat(MissBound.of(Kind.PUBLISH, 0, 100_000).shareAtMost()).isBetween(2.9e-5, 3e-5);
  }

  /** Closed form: with k = n - 1 misses the bound solves 1 - p^n = 0.05. */
  @Test
  void boundIsThatOfClopperAndPearson() {
    assertThat(MissBound.of(Kind.PUBLISH, 9, 10).shareAtMost())
        .isEqualTo(Math.pow(0.95, 0.1), within(1e-6));
    assertThat(MissBound.of(Kind.PUBLISH, 0, 10).shareAtMost())
        .isEqualTo(1 - Math.pow(0.05, 0.1), within(1e-6));
  }

  @Test
  void nothingMeasuredBoundsNothing() {
    assertThat(MissBound.of(Kind.PUBLISH, 0, 0).shareAtMost()).isEqualTo(1);
    assertThat(MissBound.of(Kind.PUBLISH, 7, 7).shareAtMost()).isEqualTo(1);
  }
}
