package io.millrace.chaos.figures;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.attribution.Attribution;
import io.millrace.chaos.attribution.Evidence;
import io.millrace.chaos.attribution.FlightRecording;
import io.millrace.chaos.attribution.Stretches;
import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import io.millrace.chaos.history.FaultKind;
import io.millrace.chaos.history.FaultPhase;
import io.millrace.chaos.history.Fingerprint;
import io.millrace.chaos.history.HistoryWriter;
import io.millrace.chaos.history.Origin;
import io.millrace.reports.record.Cause;
import io.millrace.reports.record.Kind;
import io.millrace.reports.record.Misses;
import io.millrace.reports.record.Phase;
import io.millrace.reports.record.PhaseWindow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Histories of a few messages, told in milliseconds. */
class RunFiguresTest {

  private static final long MS = 1_000_000;

  @TempDir private Path directory = Path.of("unset");

  private final List<Entry> entries = new ArrayList<>();

  /** A pause of the server's JVM from 290 to 340 ms; nothing else was seen. */
  private final Attribution attribution =
      new Attribution(
          new Evidence(
              new FlightRecording(
                  List.of(new Stretches.Stretch(290 * MS, 340 * MS)),
                  List.of(),
                  List.of(),
                  List.of()),
              List.of(),
              List.of(),
              List.of()),
          10);

  @Test
  void latenciesCountFromTheIntendedInstant() throws IOException {
    send(1, 100, 103, 105, Ending.OK);
    receive(1, 90, 108);

    RunFigures figures = figures();

    assertThat(only(figures, Kind.PUBLISH)).isEqualTo(5);
    assertThat(only(figures, Kind.SERVICE)).as("from the actual instant").isEqualTo(2);
    assertThat(only(figures, Kind.END_TO_END)).isEqualTo(8);
    assertThat(only(figures, Kind.RECEIVE)).isEqualTo(3);
    assertThat(figures.sendDelayNs().getMaxValue() / MS).isEqualTo(3);
  }

  @Test
  void receiveCountsFromThePollWhenItCameLaterThanTheMessage() throws IOException {
    send(1, 100, 100, 105, Ending.OK);
    receive(1, 150, 152);

    assertThat(only(figures(), Kind.RECEIVE)).isEqualTo(2);
  }

  @Test
  void messageReceivedBeforeItsAcknowledgementCountsAsZeroAndIsNotDropped() throws IOException {
    send(1, 100, 100, 109, Ending.OK);
    receive(1, 90, 106);

    RunFigures figures = figures();

    assertThat(only(figures, Kind.RECEIVE)).isZero();
    assertThat(figures.receivedBeforeAck()).isEqualTo(1);
    assertThat(only(figures, Kind.PUBLISH)).isEqualTo(9);
    assertThat(only(figures, Kind.END_TO_END)).isEqualTo(6);
  }

  @Test
  void repeatedReceiveCarriesNoLatency() throws IOException {
    send(1, 100, 100, 101, Ending.OK);
    receive(1, 100, 102);
    receive(1, 5_200, 5_300);

    RunFigures figures = figures();

    assertThat(only(figures, Kind.END_TO_END)).isEqualTo(2);
    assertThat(figures.timeline(1).get(5).received()).isEqualTo(1);
  }

  @Test
  void orderThatWasRefusedFirstCountsOnceAndFromItsFirstInstant() throws IOException {
    send(1, 7, 100, 100, 101, Ending.FAIL);
    send(2, 7, 100, 130, 131, Ending.OK);
    receive(2, 100, 140);

    RunFigures figures = figures();

    assertThat(figures.ordersSent()).isEqualTo(1);
    assertThat(only(figures, Kind.PUBLISH)).isEqualTo(31);
    assertThat(figures.sendDelayNs().getTotalCount()).isEqualTo(1);
    assertThat(figures.errors()).containsEntry("as told", 1L);
  }

  @Test
  void messageBelongsToThePhaseOfItsIntendedInstant() throws IOException {
    steadyTraffic(0, 1_000);
    send(5_000, 999, 999, 2_300, Ending.OK); // due before the kill, acknowledged after
    kill(1_000);
    send(5_001, 1_500, 1_500, 2_250, Ending.OK);
    receive(5_001, 2_200, 2_260);
    receive(5_000, 2_270, 2_301);
    for (int i = 0; i < 30; i++) {
      send(6_000 + i, 1_600 + i, 2_310, 2_320, Ending.OK);
      receive(6_000 + i, 2_310, 2_700 + i);
    }
    steadyTraffic(2_400, 4_000);

    RunPhases phases = phases();
    RunFigures figures = RunFigures.read(directory, phases, attribution);

    assertThat(phases.recoveredNs()).hasValue(2_250 * MS);
    assertThat(phases.windows().get(0)).isEqualTo(new PhaseWindow(Phase.OUTAGE, 1_000, 2_250));
    PhaseWindow catchUp = phases.windows().get(1);
    assertThat(catchUp.phase()).isEqualTo(Phase.CATCH_UP);
    assertThat(catchUp.fromMs()).isEqualTo(2_250);
    assertThat(catchUp.toMs()).isBetween(2_700L, 2_760L);
    assertThat(maxMs(figures, Phase.STEADY)).isEqualTo(1_301);
    assertThat(figures.latencies().merged(Kind.PUBLISH, Phase.OUTAGE).getTotalCount())
        .isEqualTo(31);
    long all = figures.latencies().merged(Kind.PUBLISH).getTotalCount();
    assertThat(all).isEqualTo(entries.stream().filter(Entry.Send.class::isInstance).count());
  }

  @Test
  void everySteadyMissIsAttributedAndThoseUnderAFaultAreNot() throws IOException {
    steadyTraffic(0, 1_000);
    send(5_000, 300, 300, 345, Ending.OK);
    receive(5_000, 290, 346);
    send(5_001, 700, 700, 712, Ending.OK);
    receive(5_001, 690, 713);
    kill(1_000);
    send(5_002, 1_500, 1_500, 2_250, Ending.OK);
    receive(5_002, 2_200, 2_260);

    RunFigures figures = figures();

    Misses publish = attribution.misses().get(0);
    assertThat(publish.kind()).isEqualTo(Kind.PUBLISH);
    assertThat(publish.causes()).containsExactly(Map.entry(Cause.GC, 1L));
    assertThat(publish.unexplained()).isEqualTo(1);
    for (Misses misses : attribution.misses()) {
      assertThat(misses.count())
          .as("%s", misses)
          .isEqualTo(figures.latencies().merged(misses.kind(), Phase.STEADY).getTotalCount());
    }
  }

  @Test
  void whatComesAfterTheFirstFaultIsNeverSteady() throws IOException {
    steadyTraffic(0, 3_000);
    fault(FaultKind.DUPLICATE_NOW, FaultPhase.PLANNED, 1_000);
    fault(FaultKind.DUPLICATE_NOW, FaultPhase.FIRED, 1_010);
    fault(FaultKind.REORDER, FaultPhase.PLANNED, 1_490);
    fault(FaultKind.DUPLICATE_NOW, FaultPhase.ENDED, 1_500);
    fault(FaultKind.DUPLICATE_NOW, FaultPhase.FIRED, 1_510);
    fault(FaultKind.REORDER, FaultPhase.ENDED, 2_000);
    kill(2_500);

    RunPhases phases = phases();
    RunFigures figures = RunFigures.read(directory, phases, attribution);

    assertThat(phases.windows())
        .startsWith(
            new PhaseWindow(Phase.DUPLICATES, 1_000, 1_490),
            new PhaseWindow(Phase.REORDERING, 1_490, 2_000),
            new PhaseWindow(Phase.AFTERMATH, 2_000, 2_500));
    assertThat(phases.windows().get(3).phase()).isEqualTo(Phase.OUTAGE);
    assertThat(figures.latencies().merged(Kind.PUBLISH, Phase.STEADY).getTotalCount())
        .isEqualTo(100);
    assertThat(figures.latencies().summaries().aftermath().publish().count()).isEqualTo(50);
  }

  @Test
  void withoutAKillEverythingIsSteady() throws IOException {
    steadyTraffic(0, 500);

    assertThat(phases().windows()).isEmpty();
  }

  @Test
  void serverThatNeverAnswersAgainLeavesAnOutageToTheEnd() throws IOException {
    steadyTraffic(0, 1_000);
    kill(1_000);
    send(5_000, 1_500, 1_500, 1_700, Ending.FAIL);

    RunPhases phases = phases();

    assertThat(phases.recoveredNs()).isEmpty();
    assertThat(phases.windows()).containsExactly(new PhaseWindow(Phase.OUTAGE, 1_000, 1_700));
  }

  @Test
  void faultAfterTheKillIsNoAnswerOfTheServer() throws IOException {
    steadyTraffic(0, 1_000);
    kill(1_000);
    entries.add(
        new Entry.Fault(
            0,
            1_400 * MS,
            1_500 * MS,
            0,
            FaultKind.LATENCY,
            FaultPhase.FIRED,
            Entry.FIRST_QUEUE,
            Fingerprint.NONE,
            "proxy",
            "as told"));

    assertThat(phases().recoveredNs()).isEmpty();
  }

  @Test
  void refusedBatchCountsItsEntriesAsErrorsAndNotItself() throws IOException {
    send(1, 100, 100, 101, Ending.FAIL);
    send(2, 100, 100, 101, Ending.FAIL);
    entries.add(
        new Entry.Batch(
            0, 100 * MS, 101 * MS, Ending.FAIL, "as told", Entry.FIRST_QUEUE, 1, 2, 2, 0, 0, 0));

    assertThat(figures().errors()).containsExactly(Map.entry("as told", 2L));
  }

  @Test
  void sendsUnderWayWhenTheServerDiedAreAttributedToTheKill() throws IOException {
    steadyTraffic(0, 1_000);
    send(5_000, 999, 999, 1_001, Ending.INFO);
    send(5_001, 998, 998, 1_001, Ending.INFO);
    send(5_002, 500, 500, 600, Ending.INFO);
    kill(1_000);
    receive(5_000, 2_000, 2_010);

    RunFigures figures = figures();

    assertThat(figures.unknownSends()).isEqualTo(2);
    assertThat(figures.unknownSendsDelivered()).isEqualTo(1);
  }

  @Test
  void backlogOfTheTimelineIsWhatWasAcknowledgedAndNotDeleted() throws IOException {
    send(1, 100, 100, 101, Ending.OK);
    send(2, 200, 200, 201, Ending.OK);
    receive(1, 1_000, 1_100);
    delete(1, 1_200, Ending.OK);
    receive(2, 2_000, 2_100);
    delete(2, 2_200, Ending.INFO);
    receive(2, 3_000, 3_100);

    assertThat(figures().timeline(1).stream().map(second -> second.backlog()).toList())
        .containsExactly(2L, 1L, 0L, 1L);
    assertThat(figures().deletedMessages()).isEqualTo(1);
  }

  private void steadyTraffic(int fromMs, int toMs) {
    for (int atMs = fromMs; atMs < toMs; atMs += 10) {
      send(atMs, atMs, atMs, atMs + 1, Ending.OK);
      receive(atMs, Math.max(0, atMs - 5), atMs + 2);
    }
  }

  private void send(long attempt, long intendedMs, long fromMs, long toMs, Ending ending) {
    send(attempt, attempt, intendedMs, fromMs, toMs, ending);
  }

  private void send(
      long attempt, long order, long intendedMs, long fromMs, long toMs, Ending ending) {
    entries.add(
        new Entry.Send(
            0,
            fromMs * MS,
            toMs * MS,
            ending,
            ending == Ending.OK ? "" : "as told",
            attempt,
            order,
            intendedMs * MS,
            0,
            Fingerprint.NONE,
            true));
  }

  private void receive(long attempt, long fromMs, long toMs) {
    Fingerprint handle = new Fingerprint(attempt, toMs);
    Delivery delivery = new Delivery(attempt, handle, handle, 1, 0, 0, Set.of());
    entries.add(
        new Entry.Receive(
            0, fromMs * MS, toMs * MS, Ending.OK, "", 1_000, 5_000, 10, List.of(delivery)));
  }

  private void delete(long attempt, long atMs, Ending ending) {
    entries.add(
        new Entry.Delete(
            0, atMs * MS, atMs * MS, ending, "", attempt, Fingerprint.NONE, Entry.ALONE));
  }

  private void fault(FaultKind kind, FaultPhase phase, long atMs) {
    entries.add(
        new Entry.Fault(
            0,
            atMs * MS,
            atMs * MS,
            0,
            kind,
            phase,
            Entry.FIRST_QUEUE,
            Fingerprint.NONE,
            "server",
            "as told"));
  }

  private void kill(long atMs) {
    entries.add(new Entry.Event(0, atMs * MS, atMs * MS + MS, EventKind.KILL, "as told"));
  }

  private RunFigures figures() throws IOException {
    return RunFigures.read(directory, phases(), attribution);
  }

  private RunPhases phases() throws IOException {
    if (!directory.resolve("session-000.history").toFile().exists()) {
      entries.sort(Comparator.comparingLong(Entry::returnedNs));
      try (HistoryWriter log = HistoryWriter.create(directory, 0, Origin.now())) {
        entries.forEach(log::append);
      }
    }
    return RunPhases.read(directory);
  }

  /** The one sample there is, in ms. */
  private static long only(RunFigures figures, Kind kind) {
    Histogram histogram = figures.latencies().merged(kind);
    assertThat(histogram.getTotalCount()).isEqualTo(1);
    return Math.round(histogram.getMinValue() / (double) MS);
  }

  private static long maxMs(RunFigures figures, Phase phase) {
    return Math.round(figures.latencies().merged(Kind.PUBLISH, phase).getMaxValue() / (double) MS);
  }
}
