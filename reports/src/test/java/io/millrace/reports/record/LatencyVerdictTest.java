package io.millrace.reports.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.reports.record.LatencyVerdict.Measured;
import io.millrace.reports.record.LatencyVerdict.Outcome;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LatencyVerdictTest {
  private static final double SLO_MS = 10;

  /** publish p99.9, control p99.9 (-1: no meter), expected. */
  @ParameterizedTest
  @CsvSource({
    "9.999, 0.1, PASS",
    "9.999, 400, PASS",
    "9.999, -1, PASS",
    "10.0, 0.1, FAIL",
    "10.0, 2.0, FAIL",
    "10.0, 2.001, INCONCLUSIVE_PLATFORM",
    "48.0, 8.4, INCONCLUSIVE_PLATFORM",
    "48.0, -1, FAIL",
  })
  void isUnderOrNotUnlessThePlatformIsToBlame(
      double publishMs, double controlMs, Outcome expected) {
    LatencySummary control = controlMs < 0 ? LatencySummary.NONE : at999(controlMs);
    LatencyVerdict verdict =
        LatencyVerdict.judge(
            SLO_MS,
            List.of(
                new Measured(Kind.PUBLISH, at999(publishMs), 61),
                new Measured(Kind.RECEIVE, at999(0.5), 0)),
            control);
    assertThat(verdict.outcome()).isEqualTo(expected);
    assertThat(verdict.reason()).contains("publish p99.9", "61 of 60,000 over");
    assertThat(verdict.checks().get(1).outcome()).isEqualTo(Outcome.PASS);
  }

  /** Collections and other pauses that explain a miss, of 60,000 samples; p99.9 has room for 60. */
  @ParameterizedTest
  @CsvSource({"61, 0, FAIL", "40, 21, FAIL", "60, 0, INCONCLUSIVE_PLATFORM"})
  void pausesOfTheServerItselfAreNotExcusedByTheMachine(
      long collected, long safepoints, Outcome expected) {
    Misses misses =
        new Misses(
            Kind.PUBLISH,
            SLO_MS,
            60_000,
            new TreeMap<>(
                Map.of(Cause.GC, collected, Cause.SAFEPOINT, safepoints, Cause.PLATFORM, 200L)),
            30);
    Misses received = new Misses(Kind.RECEIVE, SLO_MS, 60_000, new TreeMap<>(), 0);
    List<Measured> steady =
        List.of(
            new Measured(Kind.PUBLISH, at999(15.5), 291).explainedBy(List.of(misses, received)),
            new Measured(Kind.RECEIVE, at999(0.5), 0).explainedBy(List.of(misses, received)));
    LatencyVerdict noisy = LatencyVerdict.judge(SLO_MS, steady, at999(2.3));
    assertThat(noisy.outcome()).isEqualTo(expected);
    if (expected == Outcome.FAIL) {
      assertThat(noisy.reason())
          .contains("2.30 ms is over the 2 ms the platform may take")
          .endsWith("more than the percentile has room for: publish 61.");
    }
    LatencyVerdict quiet = LatencyVerdict.judge(SLO_MS, steady, at999(0.3));
    assertThat(quiet.outcome()).isEqualTo(Outcome.FAIL);
    assertThat(quiet.reason()).contains("0.300 ms is within the 2 ms");
  }

  @Test
  void theWorstOfTheThreeDecides() {
    // Over at p99.9 with a noisy platform, but over at p99 where the platform was quiet.
    LatencySummary noisyTail = summary(60_000, 0.1, 0.2, OptionalDouble.of(8));
    LatencyVerdict verdict =
        LatencyVerdict.judge(
            SLO_MS,
            List.of(
                new Measured(Kind.PUBLISH, at999(12), 70),
                new Measured(Kind.RECEIVE, summary(9_000, 1, 11, OptionalDouble.empty()), 100),
                new Measured(Kind.END_TO_END, at999(3), 0)),
            noisyTail);
    assertThat(verdict.checks())
        .extracting(LatencyVerdict.Check::outcome)
        .containsExactly(Outcome.INCONCLUSIVE_PLATFORM, Outcome.FAIL, Outcome.PASS);
    assertThat(verdict.outcome()).isEqualTo(Outcome.FAIL);
  }

  @Test
  void fallsBackToTheHighestPrintablePercentileAndSaysSo() {
    LatencyVerdict verdict =
        LatencyVerdict.judge(
            SLO_MS,
            List.of(new Measured(Kind.PUBLISH, summary(9_999, 1, 2, OptionalDouble.empty()), 3)),
            LatencySummary.NONE);
    assertThat(verdict.outcome()).isEqualTo(Outcome.PASS);
    assertThat(verdict.checks().get(0).percentile()).isEqualTo("p99");
    assertThat(verdict.reason())
        .contains("publish p99 2.00 ms (3 of 9,999 over)")
        .contains("p99.9 needs 10,000 samples");
  }

  @Test
  void theControlMeterIsReadAtItsHighestPrintablePercentileWhenItHasFewerSamples() {
    LatencyVerdict verdict =
        LatencyVerdict.judge(
            SLO_MS,
            List.of(new Measured(Kind.PUBLISH, at999(12), 70)),
            summary(5_000, 0.1, 3, OptionalDouble.empty()));
    assertThat(verdict.outcome()).isEqualTo(Outcome.INCONCLUSIVE_PLATFORM);
    assertThat(verdict.checks().get(0).controlHiccupMs()).hasValue(3);
  }

  @Test
  void tooFewSamplesForAMedianAreNeitherPassNorFail() {
    OptionalDouble none = OptionalDouble.empty();
    LatencyVerdict verdict =
        LatencyVerdict.judge(
            SLO_MS,
            List.of(
                new Measured(Kind.PUBLISH, new LatencySummary(none, none, none, none, 1, 19), 0)),
            LatencySummary.NONE);
    assertThat(verdict.outcome()).isEqualTo(Outcome.INCONCLUSIVE_SAMPLES);
    assertThat(verdict.reason()).contains("publish has 19", "needs 20");
  }

  @Test
  void missesAreCountedAboveTheLimitOnly() {
    Histogram nanos = LatencyLog.newHistogram();
    nanos.recordValueWithCount(10_000_000, 5);
    nanos.recordValueWithCount(10_200_000, 2);
    nanos.recordValueWithCount(700_000_000, 1);
    assertThat(Measured.from(Kind.PUBLISH, nanos, SLO_MS).misses()).isEqualTo(3);
    assertThat(Measured.from(Kind.PUBLISH, LatencyLog.newHistogram(), SLO_MS).misses()).isZero();
  }

  private static LatencySummary at999(double ms) {
    return summary(60_000, Math.min(ms, 0.1), Math.min(ms, 0.2), OptionalDouble.of(ms));
  }

  private static LatencySummary summary(long count, double p50, double p99, OptionalDouble p999) {
    return new LatencySummary(
        OptionalDouble.of(p50),
        OptionalDouble.of(p99),
        p999,
        OptionalDouble.empty(),
        p999.orElse(p99) + 1,
        count);
  }
}
