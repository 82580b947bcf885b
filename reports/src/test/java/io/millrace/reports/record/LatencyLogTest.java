package io.millrace.reports.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LatencyLogTest {
  private static final List<PhaseWindow> WINDOWS =
      List.of(
          new PhaseWindow(Phase.OUTAGE, 1_500, 2_500),
          new PhaseWindow(Phase.CATCH_UP, 2_500, 3_000));

  @Test
  void aMessageBelongsToThePhaseOfItsIntendedInstant() {
    LatencyLog log = new LatencyLog(WINDOWS);
    assertThat(log.phaseOf(1_499)).isEqualTo(Phase.STEADY);
    assertThat(log.phaseOf(1_500)).isEqualTo(Phase.OUTAGE);
    assertThat(log.phaseOf(2_499)).isEqualTo(Phase.OUTAGE);
    assertThat(log.phaseOf(2_500)).isEqualTo(Phase.CATCH_UP);
    assertThat(log.phaseOf(3_000)).isEqualTo(Phase.STEADY);
  }

  @Test
  void nothingIsDroppedSoThePhasesAddUpToAll() {
    LatencyLog log = filled();
    PhaseLatencies phases = log.summaries();
    assertThat(phases.steady().publish().count()).isEqualTo(2_500);
    assertThat(phases.outage().publish().count()).isEqualTo(1_000);
    assertThat(phases.catchUp().publish().count()).isEqualTo(500);
    assertThat(phases.all().publish().count()).isEqualTo(4_000);
    assertThat(phases.outage().publish().max()).isBetween(900.0, 901.0);
    assertThat(phases.steady().publish().max()).isBetween(1.0, 1.01);
    assertThat(phases.all().endToEnd()).isEqualTo(LatencySummary.NONE);
    log.record(Kind.END_TO_END, 0, 0);
    assertThat(log.summaries().all().endToEnd().count()).as("a sample of 0 ns").isEqualTo(1);
  }

  @Test
  void aSampleThatCannotBeIsRefusedNotDropped() {
    LatencyLog log = new LatencyLog(List.of());
    assertThatThrownBy(() -> log.record(Kind.PUBLISH, 0, -1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> log.record(Kind.PUBLISH, -1, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aP99OfTheTimelineLooksBackNoFurtherThanItMustAndMay() {
    LatencyLog log = new LatencyLog(List.of());
    for (int ms = 0; ms < 3_000; ms += 2) {
      log.record(Kind.PUBLISH, ms, ms < 1_000 ? 9_000_000L : 1_000_000L);
    }
    List<Second> timeline = log.timeline(2, new long[3], new long[3], new long[3], new long[3]);
    assertThat(timeline.get(0).publishP99Ms()).as("500 samples").isEmpty();
    assertThat(timeline.get(1).publishP99Ms().orElseThrow()).isBetween(9.0, 9.01);
    assertThat(timeline.get(2).publishP99Ms().orElseThrow()).isBetween(1.0, 1.01);
    assertThat(log.timeline(1, new long[3], new long[0], new long[0], new long[0]))
        .allMatch(second -> second.publishP99Ms().isEmpty());
  }

  @Test
  void theTimelineHasOneEntryForEachSecond() {
    assertThat(LatencyLog.windowSeconds(500)).isEqualTo(3);
    assertThat(LatencyLog.windowSeconds(1_000)).isEqualTo(2);
    assertThat(LatencyLog.windowSeconds(1_100)).isEqualTo(1);
    assertThat(LatencyLog.windowSeconds(50_000)).isEqualTo(1);

    List<Second> timeline =
        filled()
            .timeline(2, new long[] {1_000, 1_000}, new long[] {900}, new long[] {}, new long[5]);
    assertThat(timeline).hasSize(5);
    assertThat(timeline.get(0).sent()).isEqualTo(1_000);
    assertThat(timeline.get(1).acked()).isZero();
    assertThat(timeline.get(0).publishP99Ms().orElseThrow()).isBetween(1.0, 1.01);
    assertThat(timeline.get(2).publishP99Ms().orElseThrow()).isBetween(900.0, 901.0);
    assertThat(timeline.get(1).publishMaxMs().orElseThrow()).isBetween(900.0, 901.0);
    assertThat(timeline.get(4).publishP50Ms()).as("no sample in the last second").isEmpty();
    assertThat(timeline.get(4).publishMaxMs()).isEmpty();
  }

  @Test
  void theRawHistogramsReadBackAreThoseWritten(@TempDir Path directory) throws IOException {
    LatencyLog log = filled();
    Path file = directory.resolve("latency.hlog");
    log.write(file, 1_767_268_800_000L);
    assertThat(Files.readAllLines(file).get(0)).contains("Histogram log format version 1.3");

    SortedMap<String, Histogram> merged = HistogramLog.merge(file, interval -> true);
    assertThat(merged.keySet())
        .containsExactly("publish.catchUp", "publish.outage", "publish.steady");
    for (Phase phase : List.of(Phase.STEADY, Phase.OUTAGE, Phase.CATCH_UP)) {
      assertThat(merged.get(LatencyLog.tag(Kind.PUBLISH, phase)))
          .isEqualTo(log.merged(Kind.PUBLISH, phase));
    }
    SortedMap<String, Histogram> firstSecond =
        HistogramLog.merge(file, interval -> interval.toEpochMs() <= 1_767_268_801_000L);
    assertThat(firstSecond.keySet()).containsExactly("publish.steady");
    assertThat(firstSecond.values()).extracting(Histogram::getTotalCount).containsExactly(1_000L);
  }

  /** One publish a millisecond for 4 s: 1 ms each, 900 ms in the outage. */
  private static LatencyLog filled() {
    LatencyLog log = new LatencyLog(WINDOWS);
    for (int ms = 0; ms < 4_000; ms++) {
      log.record(Kind.PUBLISH, ms, log.phaseOf(ms) == Phase.OUTAGE ? 900_000_000L : 1_000_000L);
    }
    return log;
  }
}
