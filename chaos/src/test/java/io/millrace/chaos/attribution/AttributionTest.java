package io.millrace.chaos.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.attribution.Stretches.Stretch;
import io.millrace.reports.record.Cause;
import io.millrace.reports.record.Kind;
import io.millrace.reports.record.Misses;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which cause a late message is given, on instants written by hand; the limit is 10 ms. */
class AttributionTest {

  private static final long MS = 1_000_000;
  private static final long DUE_MS = 100;

  private Attribution.Passage message = new Attribution.Passage(0, 0, 0, 0, 0);

  @Test
  void pauseOfTheServerIsNamedByItsRecordingAlthoughItsMeterSawItToo() {
    pass(100, 140, 141, 50);
    Evidence evidence =
        new Evidence(
            recording(List.of(stretch(102, 139)), List.of(), List.of()),
            List.of(),
            List.of(stretch(101, 139)),
            List.of());

    assertThat(cause(Kind.PUBLISH, evidence)).isEqualTo(Cause.GC);
    assertThat(cause(Kind.END_TO_END, evidence)).isEqualTo(Cause.GC);
  }

  @Test
  void stopThatOnlyTheServersMeterSawIsAStopAndNotTheForceThatWasCaughtInIt() {
    pass(100, 140, 141, 50);
    Evidence evidence =
        new Evidence(
            recording(List.of(), List.of(stretch(99, 140)), List.of()),
            List.of(),
            List.of(stretch(100, 139)),
            List.of());

    assertThat(cause(Kind.PUBLISH, evidence)).isEqualTo(Cause.STOPPED);
  }

  @Test
  void delayThatTheControlProcessFeltAsWellIsThePlatforms() {
    pass(100, 140, 141, 50);
    Evidence evidence =
        new Evidence(
            FlightRecording.NONE,
            List.of(stretch(100, 139)),
            List.of(stretch(100, 139)),
            List.of(stretch(100, 139)));

    assertThat(cause(Kind.PUBLISH, evidence)).isEqualTo(Cause.PLATFORM);
  }

  @Test
  void slowForceAndSlowRollAreToldApart() {
    pass(100, 140, 141, 50);

    assertThat(
            cause(
                Kind.PUBLISH,
                evidence(recording(List.of(), List.of(stretch(101, 139)), List.of()))))
        .isEqualTo(Cause.FORCE);
    assertThat(
            cause(
                Kind.PUBLISH,
                evidence(recording(List.of(), List.of(), List.of(stretch(101, 139))))))
        .isEqualTo(Cause.ROLL);
  }

  @Test
  void messageThatWasDueAfterAStallButHadToWaitForTheOthersIsOfTheStall() {
    pass(100, 115, 116, 50);
    Evidence evidence = evidence(recording(List.of(stretch(60, 101)), List.of(), List.of()));

    assertThat(cause(Kind.PUBLISH, evidence)).isEqualTo(Cause.GC);
  }

  @Test
  void stallsThatEndedLongBeforeExplainNothing() {
    pass(100, 115, 116, 50);
    Evidence evidence = evidence(recording(List.of(stretch(60, 75)), List.of(), List.of()));

    assertThat(misses(evidence, Kind.PUBLISH).unexplained()).isEqualTo(1);
  }

  @Test
  void messageThatLeftLateIsOfTheGenerator() {
    pass(120, 121, 122, 50);

    assertThat(cause(Kind.PUBLISH, evidence(FlightRecording.NONE))).isEqualTo(Cause.GENERATOR);
    assertThat(misses(evidence(FlightRecording.NONE), Kind.RECEIVE).total()).isZero();
  }

  @Test
  void pollThatWaitedAndWasWokenLateIsNamedAndOneThatCameLateIsNot() {
    pass(100, 101, 130, 50);
    assertThat(cause(Kind.RECEIVE, evidence(FlightRecording.NONE))).isEqualTo(Cause.WAKE_UP);
    assertThat(cause(Kind.END_TO_END, evidence(FlightRecording.NONE))).isEqualTo(Cause.WAKE_UP);

    pass(100, 101, 130, 129);
    Misses endToEnd = misses(evidence(FlightRecording.NONE), Kind.END_TO_END);
    assertThat(endToEnd.unexplained()).isEqualTo(1);
  }

  private void pass(long leftMs, long ackedMs, long receivedMs, long polledMs) {
    message =
        new Attribution.Passage(
            DUE_MS * MS, leftMs * MS, ackedMs * MS, polledMs * MS, receivedMs * MS);
  }

  private Cause cause(Kind kind, Evidence evidence) {
    Misses misses = misses(evidence, kind);
    assertThat(misses.total()).isEqualTo(1);
    assertThat(misses.causes()).as("%s", misses).hasSize(1);
    return misses.causes().firstKey();
  }

  private Misses misses(Evidence evidence, Kind kind) {
    Attribution attribution = new Attribution(evidence, 10);
    attribution.note(message);
    return attribution.misses().stream()
        .filter(each -> each.kind() == kind)
        .findFirst()
        .orElseThrow();
  }

  private static Evidence evidence(FlightRecording recording) {
    return new Evidence(recording, List.of(), List.of(), List.of());
  }

  private static FlightRecording recording(
      List<Stretch> gc, List<Stretch> forces, List<Stretch> rolls) {
    return new FlightRecording(gc, List.of(), forces, rolls);
  }

  private static Stretch stretch(long fromMs, long toMs) {
    return new Stretch(fromMs * MS, toMs * MS);
  }
}
