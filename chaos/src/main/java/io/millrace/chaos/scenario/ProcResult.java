package io.millrace.chaos.scenario;

import io.millrace.chaos.check.InvariantVerdict;
import io.millrace.chaos.check.Judgement;
import io.millrace.chaos.check.RareState;
import io.millrace.chaos.check.RareStates;
import io.millrace.chaos.check.Verdict;
import io.millrace.chaos.inject.KillAim;
import io.millrace.chaos.policy.Mishap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What became of a part with a real process, under one seed.
 *
 * @param title the part's
 * @param seed its seed
 * @param judgement what the judge says of its history
 * @param trouble what ended it before its time: a server that did not come back; empty if nothing
 * @param fired how often each fault fired, by name
 * @param skipped what could not be injected here, with the reason
 * @param restartsNs from the start of a process to its first answer, of every restart
 * @param attempts send attempts
 */
record ProcResult(
    String title,
    long seed,
    Judgement judgement,
    Optional<String> trouble,
    Map<String, Long> fired,
    List<String> skipped,
    List<Long> restartsNs,
    long attempts) {

  ProcResult {
    fired = Collections.unmodifiableMap(new TreeMap<>(fired));
    skipped = List.copyOf(skipped);
    restartsNs = List.copyOf(restartsNs);
  }

  /** A server that does not come back on its own data is a failure, whatever its history says. */
  Outcome outcome() {
    if (trouble.isPresent() || judgement.overall() instanceof Verdict.Invalid) {
      return Outcome.INVALID;
    }
    return judgement.overall() instanceof Verdict.Valid ? Outcome.VALID : Outcome.UNKNOWN;
  }

  /** What the run as a whole keeps of it. */
  PartResult summary() {
    List<String> remarks = new ArrayList<>();
    remarks.add(
        "%d acknowledged, %d lost".formatted(judgement.census().acknowledged(), judgement.lost()));
    if (!restartsNs.isEmpty()) {
      long[] sorted = restartsNs.stream().mapToLong(Long::longValue).sorted().toArray();
      remarks.add(
          "%d restarts, to the first answer: median %.0f ms, longest %.0f ms"
              .formatted(
                  sorted.length, sorted[sorted.length / 2] / 1e6, sorted[sorted.length - 1] / 1e6));
    }
    for (InvariantVerdict each : judgement.counted()) {
      if (each.verdict() instanceof Verdict.Unknown unknown) {
        remarks.add("UNKNOWN " + each.invariant().label() + ": " + unknown.reason());
      }
    }
    trouble.ifPresent(why -> remarks.add("trouble: " + why));
    return new PartResult(title, seed, outcome(), fired, rareStates(), remarks);
  }

  /** Those that a kill was aimed at. */
  private RareStates rareStates() {
    RareStates states = new RareStates();
    for (KillAim aim : KillAim.values()) {
      long kills = fired.getOrDefault(ProcessFault.of(Mishap.KILL).at(aim).title(), 0L);
      Optional<RareState> state = rareState(aim);
      for (long i = 0; i < kills; i++) {
        state.ifPresent(states::occurred);
      }
    }
    return states;
  }

  private static Optional<RareState> rareState(KillAim aim) {
    return switch (aim) {
      case ANYTIME -> Optional.empty();
      case BATCH -> Optional.of(RareState.CRASH_DURING_BATCH);
      case ROLL -> Optional.of(RareState.CRASH_DURING_ROLL);
      case CHECKPOINT -> Optional.of(RareState.CRASH_DURING_CHECKPOINT);
      case RECOVERY -> Optional.of(RareState.CRASH_DURING_RECOVERY);
    };
  }
}
