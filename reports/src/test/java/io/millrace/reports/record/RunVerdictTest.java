package io.millrace.reports.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class RunVerdictTest {
  private static final Plan PLAN =
      new Plan("./millrace run", 500, 10, 5_000, 1_024, 1, 1, "power-loss", 5, 5_000, 10);
  private static final Counts COUNTS = new Counts(5_000, 4_900, 100, 4_900, 4_900, 0, 0, 0, 0, 7);
  private static final Invariant HELD =
      new Invariant("no-loss", "Nothing is lost.", true, Verdict.VALID, 4_900, 0, List.of());
  private static final Invariant BROKEN =
      new Invariant(
          "no-loss", "Nothing is lost.", true, Verdict.INVALID, 4_900, 2, List.of("a", "b"));
  private static final Invariant OPEN =
      new Invariant("explained", "All is explained.", true, Verdict.UNKNOWN, 0, 0, List.of("why"));

  private static final List<Fault> FAULTS = List.of(fault(3));

  @Test
  void runIsValidWhenEverythingHeldAndWasExercised() {
    RunVerdict verdict =
        RunVerdict.judge(PLAN, COUNTS, crash(1, 0, true), true, FAULTS, List.of(HELD));
    assertThat(verdict.verdict()).isEqualTo(Verdict.VALID);
    assertThat(verdict.reasons())
        .containsExactly("All 1 invariants the run exercised held in 4,900 checks.");
  }

  @Test
  void oneBrokenInvariantMakesTheRunInvalidWhateverElseIsNotKnown() {
    RunVerdict verdict =
        RunVerdict.judge(PLAN, COUNTS, Optional.empty(), false, FAULTS, List.of(OPEN, BROKEN));
    assertThat(verdict.verdict()).isEqualTo(Verdict.INVALID);
    assertThat(verdict.reasons()).containsExactly("no-loss: 2 of 4,900 broke \"Nothing is lost.\"");
  }

  @Test
  void eachThingThatWasNotExercisedLeavesTheRunUnknownWithItsReason() {
    assertThat(unknown(COUNTS, crash(1, 0, true), true, List.of(OPEN)))
        .containsExactly("explained: not known whether \"All is explained.\"");
    assertThat(unknown(COUNTS, crash(1, 0, true), true, List.of()))
        .containsExactly("No invariant was checked.");
    assertThat(unknown(COUNTS, crash(0, 0, true), true, List.of(HELD)))
        .containsExactly("The kill caught no send and no delete in flight.");
    assertThat(unknown(COUNTS, crash(0, 1, false), true, List.of(HELD)))
        .containsExactly("The server did not answer again after the kill.");
    assertThat(unknown(COUNTS, Optional.empty(), true, List.of(HELD)))
        .containsExactly("The planned kill did not happen.");
    assertThat(unknown(COUNTS, crash(1, 0, true), false, List.of(HELD)))
        .containsExactly("The queue was not drained when the time for it was up.");
    assertThat(
            unknown(
                new Counts(4_999, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                crash(1, 0, true),
                true,
                List.of(HELD)))
        .containsExactly(
            "No send was acknowledged.",
            "No message was received.",
            "No delete was confirmed.",
            "Only 4,999 of 5,000 planned messages were sent.");
  }

  @Test
  void aPlannedFaultThatNeverFiredLeavesTheRunUnknown() {
    RunVerdict verdict =
        RunVerdict.judge(
            PLAN, COUNTS, crash(1, 0, true), true, List.of(fault(3), fault(0)), List.of(HELD));
    assertThat(verdict.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(verdict.reasons())
        .containsExactly("The planned fault lost-response (SendMessage) never fired.");
  }

  @Test
  void anInvariantThatNeedNotBeExercisedLeavesTheRunAsItIs() {
    Invariant idle =
        new Invariant("purge", "A purge purges.", false, Verdict.UNKNOWN, 0, 0, List.of("none"));
    Invariant open =
        new Invariant("purge", "A purge purges.", false, Verdict.UNKNOWN, 7, 0, List.of("some"));
    RunVerdict verdict =
        RunVerdict.judge(PLAN, COUNTS, crash(1, 0, true), true, FAULTS, List.of(HELD, idle));
    assertThat(verdict.verdict()).isEqualTo(Verdict.VALID);
    assertThat(unknown(COUNTS, crash(1, 0, true), true, List.of(HELD, open)))
        .containsExactly("purge: not known whether \"A purge purges.\"");
  }

  @Test
  void aRunWithoutAPlannedKillNeedsNone() {
    Plan calm = new Plan("./millrace run", 500, 10, 5_000, 1_024, 1, 1, "power-loss", 5, -1, 10);
    assertThat(
            RunVerdict.judge(calm, COUNTS, Optional.empty(), true, FAULTS, List.of(HELD)).verdict())
        .isEqualTo(Verdict.VALID);
  }

  @Test
  void anInvariantsVerdictAndViolationsMustAgree() {
    assertThatThrownBy(() -> new Invariant("x", "X.", true, Verdict.VALID, 1, 1, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Invariant("x", "X.", true, Verdict.INVALID, 1, 0, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static List<String> unknown(
      Counts counts, Optional<Crash> crash, boolean drained, List<Invariant> invariants) {
    RunVerdict verdict =
        RunVerdict.judge(PLAN, counts, crash, drained, FAULTS, new ArrayList<>(invariants));
    assertThat(verdict.verdict()).isEqualTo(Verdict.UNKNOWN);
    return verdict.reasons();
  }

  private static Fault fault(long fired) {
    OptionalLong at = fired > 0 ? OptionalLong.of(2_000) : OptionalLong.empty();
    return new Fault(
        "lost-response", "SendMessage", "orders", fired, fired, 0, at, at, 1_900, 2_100, "");
  }

  private static Optional<Crash> crash(long sends, long deletes, boolean recovered) {
    OptionalLong at = recovered ? OptionalLong.of(6_000) : OptionalLong.empty();
    OptionalLong in = recovered ? OptionalLong.of(1_000) : OptionalLong.empty();
    return Optional.of(
        new Crash(
            Instant.EPOCH,
            5_000,
            OptionalLong.of(5_100),
            at,
            in,
            OptionalLong.empty(),
            new Crash.InFlight(sends, 1, deletes, 9),
            sends,
            0,
            deletes));
  }
}
