package io.millrace.reports.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PercentileTest {

  @ParameterizedTest
  @CsvSource({"P50, 20", "P99, 1000", "P999, 10000", "P9999, 100000"})
  void isPrintableFromTenSamplesBeyondAndNotOneEarlier(Percentile percentile, long needed) {
    assertThat(percentile.samplesNeeded()).isEqualTo(needed);
    assertThat(percentile.isPrintable(needed)).isTrue();
    assertThat(percentile.isPrintable(needed - 1)).isFalse();
    assertThat(percentile.isPrintable(Long.MAX_VALUE)).isTrue();
    assertThat(percentile.isPrintable(0)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"1000000, P999", "10000, P999", "9999, P99", "1000, P99", "999, P50", "20, P50"})
  void fallsBackToTheHighestPrintableOne(long count, Percentile expected) {
    assertThat(Percentile.highestPrintable(count, Percentile.P999)).contains(expected);
  }

  @Test
  void nothingIsPrintableOfNineteenSamples() {
    assertThat(Percentile.highestPrintable(19, Percentile.P999)).isEmpty();
  }

  @Test
  void summaryOfUniformMillisecondsHasEachPercentileInItsPlace() {
    Histogram nanos = LatencyLog.newHistogram();
    for (int i = 1; i <= 100_000; i++) {
      nanos.recordValue(i * 1_000L);
    }
    LatencySummary summary = LatencySummary.from(nanos);
    assertThat(summary.count()).isEqualTo(100_000);
    assertThat(summary.p50().orElseThrow()).isBetween(50.0, 50.1);
    assertThat(summary.p99().orElseThrow()).isBetween(99.0, 99.2);
    assertThat(summary.p999().orElseThrow()).isBetween(99.9, 100.1);
    assertThat(summary.p9999().orElseThrow()).isBetween(99.99, 100.1);
    assertThat(summary.max()).isBetween(100.0, 100.1);
  }

  @Test
  void summaryLeavesOutWhatItsCountCannotCarryButKeepsMaxAndCount() {
    Histogram nanos = LatencyLog.newHistogram();
    nanos.recordValueWithCount(0, 999);
    LatencySummary summary = LatencySummary.from(nanos);
    assertThat(summary.p50().orElseThrow()).isBetween(0.0, 0.001);
    assertThat(summary.p99()).isEmpty();
    assertThat(summary.p999()).isEmpty();
    assertThat(summary.p9999()).isEmpty();
    assertThat(summary.count()).isEqualTo(999);
    assertThat(LatencySummary.from(LatencyLog.newHistogram())).isEqualTo(LatencySummary.NONE);
  }

  @Test
  void valuesAreMillisecondsToTheMicrosecond() {
    Histogram nanos = LatencyLog.newHistogram();
    nanos.recordValueWithCount(1_234_567, 20);
    double p50 = LatencySummary.from(nanos).p50().orElseThrow();
    assertThat(p50 * 1_000).isEqualTo(Math.rint(p50 * 1_000));
    assertThat(p50).isBetween(1.234, 1.236);
  }

  @Test
  void summaryThatClaimsTooMuchDoesNotExist() {
    OptionalDouble none = OptionalDouble.empty();
    assertThatThrownBy(
            () ->
                new LatencySummary(OptionalDouble.of(1), OptionalDouble.of(2), none, none, 3, 999))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("p99");
  }
}
