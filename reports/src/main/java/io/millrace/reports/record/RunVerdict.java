package io.millrace.reports.record;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The judgement of a whole run, with its reasons.
 *
 * <ol>
 *   <li>INVALID when any invariant is INVALID; the reasons name each.
 *   <li>else UNKNOWN when an invariant that {@linkplain Invariant#bears bears} on the run is
 *       UNKNOWN, when there are none, when a planned fault never fired, when nothing was
 *       acknowledged, received or deleted, when fewer messages were sent than planned, when
 *       messages were left when the drain's time was up, when a planned kill did not happen, caught
 *       no send and no delete in flight, or was not recovered from; the reasons name each.
 *   <li>else VALID; the one reason counts what was checked.
 * </ol>
 *
 * @param verdict the judgement
 * @param reasons one sentence each, at least one
 */
public record RunVerdict(Verdict verdict, @JsonProperty("verdictReasons") List<String> reasons) {
  /** Refuses a verdict without a reason. */
  public RunVerdict {
    if (reasons.isEmpty()) {
      throw new IllegalArgumentException(verdict + " without a reason");
    }
    reasons = List.copyOf(reasons);
  }

  /**
   * Judges a run.
   *
   * @param plan what it set out to do
   * @param counts what became of its messages
   * @param crash the kill; empty when there was none
   * @param drained whether everything acknowledged was received and deleted before the drain's time
   *     was up
   * @param faults what was forced
   * @param invariants what the checkers found
   */
  public static RunVerdict judge(
      Plan plan,
      Counts counts,
      Optional<Crash> crash,
      boolean drained,
      List<Fault> faults,
      List<Invariant> invariants) {
    List<String> broken = new ArrayList<>();
    List<String> open = new ArrayList<>();
    long checked = 0;
    long held = 0;
    for (Invariant invariant : invariants) {
      checked += invariant.checked();
      switch (invariant.verdict()) {
        case VALID -> held++;
        case INVALID ->
            broken.add(
                invariant.name()
                    + ": "
                    + Figures.count(invariant.violations())
                    + " of "
                    + Figures.count(invariant.checked())
                    + " broke \""
                    + invariant.statement()
                    + "\"");
        case UNKNOWN -> {
          if (invariant.bears()) {
            open.add(invariant.name() + ": not known whether \"" + invariant.statement() + "\"");
          }
        }
      }
    }
    if (!broken.isEmpty()) {
      return new RunVerdict(Verdict.INVALID, broken);
    }
    if (invariants.isEmpty()) {
      open.add("No invariant was checked.");
    }
    addIfNone(open, counts.acked(), "No send was acknowledged.");
    addIfNone(open, counts.received(), "No message was received.");
    addIfNone(open, counts.deleted(), "No delete was confirmed.");
    if (counts.sent() < plan.messages()) {
      open.add(
          "Only "
              + Figures.count(counts.sent())
              + " of "
              + Figures.count(plan.messages())
              + " planned messages were sent.");
    }
    if (!drained) {
      open.add("The queue was not drained when the time for it was up.");
    }
    faults.stream()
        .filter(fault -> fault.fired() == 0)
        .forEach(fault -> open.add("The planned fault " + fault.name() + " never fired."));
    open.addAll(judgeKill(plan, crash));
    return open.isEmpty()
        ? new RunVerdict(
            Verdict.VALID,
            List.of(
                "All "
                    + held
                    + " invariants the run exercised held in "
                    + Figures.count(checked)
                    + " checks."))
        : new RunVerdict(Verdict.UNKNOWN, open);
  }

  private static List<String> judgeKill(Plan plan, Optional<Crash> crash) {
    if (crash.isEmpty()) {
      return plan.killAtMs() >= 0 ? List.of("The planned kill did not happen.") : List.of();
    }
    List<String> open = new ArrayList<>();
    if (!crash.get().inFlightAtKill().caughtSomething()) {
      open.add("The kill caught no send and no delete in flight.");
    }
    if (crash.get().recoveredInMs().isEmpty()) {
      open.add("The server did not answer again after the kill.");
    }
    return open;
  }

  private static void addIfNone(List<String> reasons, long count, String reason) {
    if (count == 0) {
      reasons.add(reason);
    }
  }
}
