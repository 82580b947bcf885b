package io.millrace.chaos.sim;

import io.millrace.chaos.check.InvariantVerdict;
import io.millrace.chaos.check.Judgement;
import io.millrace.chaos.check.RareStates;
import io.millrace.chaos.check.Verdict;
import io.millrace.chaos.history.MemoryHistory;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How one run ended.
 *
 * @param plan what it did
 * @param history what the clients saw
 * @param judgement what the judge says of it
 * @param trouble what the simulation itself saw go wrong: the engine stopped, damage went unnamed;
 *     empty if nothing did
 * @param journalSum the checksum over every record the engine appended
 * @param rareStates the rare states that occurred
 * @param operations how many operations the clients asked for
 * @param faultsFired how many faults had an effect
 */
public record SimRun(
    Plan plan,
    MemoryHistory history,
    Judgement judgement,
    String trouble,
    long journalSum,
    RareStates rareStates,
    long operations,
    int faultsFired) {

  /** The wall clock at the origin of every history, in ms since the epoch. */
  public static final long ORIGIN_WALL_MS = SimClock.ORIGIN_MS;

  /** The name that stands for {@link #trouble} among the invariants that failed. */
  static final String TROUBLE = "engine-trouble";

  /** The steps that were carried out, in words, by their numbers in the seed's plan. */
  public SortedMap<Integer, String> steps() {
    SortedMap<Integer, String> steps = new TreeMap<>();
    plan.steps().forEach((index, step) -> steps.put(index, step.toString()));
    return steps;
  }

  /** The labels of what failed, in order; empty if nothing did. */
  public SortedSet<String> failures() {
    SortedSet<String> failures = new TreeSet<>();
    for (InvariantVerdict each : judgement.verdicts()) {
      if (each.verdict() instanceof Verdict.Invalid) {
        failures.add(each.invariant().label());
      }
    }
    if (!trouble.isEmpty()) {
      failures.add(TROUBLE);
    }
    return failures;
  }
}
