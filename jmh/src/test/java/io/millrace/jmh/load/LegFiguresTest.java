package io.millrace.jmh.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.millrace.chaos.attribution.Evidence;
import io.millrace.chaos.attribution.FlightRecording;
import io.millrace.reports.RunDirectory;
import io.millrace.reports.record.HistogramLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is made of the instants, on schedules written by hand: 1,000 messages, one a millisecond.
 */
class LegFiguresTest {

  private static final int COUNT = 1_000;
  private static final long MS = 1_000_000;

  /** A histogram keeps a value to within a thousandth. */
  private static final Percentage KEPT = withinPercentage(0.1);

  @TempDir private Path directory = Path.of("unset");

  private final Samples samples = new Samples(new Arrivals.Constant().dueNs(1_000, COUNT, 1), 0);

  private final Workload workload =
      new Workload(
          "by hand",
          "x",
          new Arrivals.Constant(),
          List.of(1_000),
          1,
          1_024,
          "power-loss",
          List.of(1),
          List.of(1),
          0,
          1,
          0,
          1,
          10);

  @Test
  void wholeLegIsValidAndEachInstantHasItsLatency() throws IOException {
    for (int i = 0; i < COUNT; i++) {
      pass(i, i * MS + MS / 2, i * MS + 2 * MS, i * MS + 5 * MS);
    }

    Leg leg = leg();

    assertThat(leg.validity().reasons()).isEmpty();
    assertThat(leg.latencies().publish().max()).isCloseTo(2.0, KEPT);
    assertThat(leg.latencies().service().max()).isCloseTo(1.5, KEPT);
    assertThat(leg.latencies().endToEnd().max()).isCloseTo(5.0, KEPT);
    assertThat(leg.latencies().receive().max()).isCloseTo(3.0, KEPT);
    assertThat(leg.endToEndUncorrected().max()).isCloseTo(4.5, KEPT);
    assertThat(leg.achievedPerSecond()).isEqualTo(1_000);
    assertThat(HistogramLog.merge(RunDirectory.create(directory).latencyLog(), each -> true))
        .hasEntrySatisfying(
            "publish.steady", publish -> assertThat(publish.getTotalCount()).isEqualTo(COUNT));
  }

  /** A server that stands still for 100 ms, and a sender that waits for it with everybody. */
  @Test
  void stallThatHoldsTheSenderUpCountsForEveryMessageThatWasDue() throws IOException {
    for (int i = 0; i < COUNT; i++) {
      long leftNs = i >= 500 && i < 600 ? 600 * MS : i * MS;
      pass(i, leftNs, leftNs + MS, leftNs + MS);
    }

    Leg leg = leg();

    assertThat(leg.latencies().publish().max()).isCloseTo(101.0, KEPT);
    assertThat(leg.latencies().service().max()).isCloseTo(1.0, KEPT);
    assertThat(leg.bounds().get(0).misses()).isEqualTo(91);
    assertThat(leg.validity().reasons()).singleElement().asString().contains("generator");
  }

  @Test
  void messageThatNeverCameMakesTheLegInvalid() throws IOException {
    for (int i = 0; i < COUNT; i++) {
      pass(i, i * MS, i * MS + MS, i == 7 ? Samples.NEVER : i * MS + MS);
    }

    Leg leg = leg();

    assertThat(leg.outcome()).isEqualTo("INVALID");
    assertThat(leg.counts().lost()).isEqualTo(1);
    assertThat(leg.latencies().endToEnd().count()).isEqualTo(COUNT - 1);
  }

  @Test
  void rateThatWasNotReachedMakesTheLegInvalid() throws IOException {
    for (int i = 0; i < COUNT; i++) {
      long leftNs = i * MS * 3 / 2;
      pass(i, leftNs, leftNs + MS, leftNs + MS);
    }

    assertThat(leg().validity().reasons()).anyMatch(reason -> reason.contains("left while"));
  }

  @Test
  void failedOperationMakesTheLegInvalid() throws IOException {
    for (int i = 0; i < COUNT; i++) {
      pass(i, i * MS, i * MS + MS, i * MS + MS);
    }
    samples.failed("send HTTP 503");

    assertThat(leg().validity().reasons()).anyMatch(reason -> reason.contains("send HTTP 503"));
  }

  @Test
  void latencyOfNothingIsKept() throws IOException {
    for (int i = 0; i < COUNT; i++) {
      pass(i, i * MS, i * MS, i * MS);
    }

    assertThat(leg().latencies().publish().count()).isEqualTo(COUNT);
    assertThat(leg().latencies().publish().max()).isLessThan(0.002);
  }

  private void pass(int number, long leftNs, long ackedNs, long receivedNs) {
    samples.started(number, leftNs);
    samples.acked(number, ackedNs);
    if (receivedNs != Samples.NEVER) {
      samples.received(number, 0, receivedNs);
    }
  }

  private Leg leg() throws IOException {
    LegFigures.Stretch stretch =
        new LegFigures.Stretch(0, COUNT, 0, COUNT * MS, 1_700_000_000_000L);
    return new LegFigures(workload, samples, stretch, Standing.ORDINARY)
        .leg(
            RunDirectory.create(directory),
            "by hand",
            "none",
            new Workload.Step(1_000, 1, 1),
            1,
            new WarmUp(OptionalLong.empty()),
            new Evidence(FlightRecording.NONE, List.of(), List.of(), List.of()));
  }
}
