package io.millrace.chaos.scenario;

import io.millrace.chaos.check.RareState;
import io.millrace.chaos.check.RareStates;
import io.millrace.chaos.check.Verdict;
import io.millrace.chaos.disk.CrashProfile;
import io.millrace.chaos.disk.DiskReport;
import io.millrace.chaos.disk.ImageFailure;
import io.millrace.chaos.disk.PowerLossPlan;
import io.millrace.chaos.disk.PowerLossResult;
import io.millrace.chaos.disk.PowerLossTrial;
import io.millrace.chaos.disk.RareSight;
import io.millrace.chaos.disk.TrialSink;
import io.millrace.chaos.sim.Campaign;
import io.millrace.chaos.sim.SimRun;
import io.millrace.chaos.sim.SimWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Parts without processes: power cuts and simulations, each in this process, whatever the target.
 * Owned by one thread.
 */
final class OtherTiers {

  private static final int A_LINE_EVERY = 100;

  private final RunOutput out;

  OtherTiers(RunOutput out) {
    this.out = out;
  }

  /**
   * Cuts the power of engines under traffic.
   *
   * @param directory takes the report, and the evidence of failures
   */
  PartResult cutPower(Part.Disk part, long seed, Path directory) throws IOException {
    out.say("%s: power cuts, %d images, seed %d".formatted(part.title(), part.images(), seed));
    PowerLossResult found =
        PowerLossTrial.run(
            new PowerLossPlan(seed, part.images(), CrashProfile.POSIX, directory),
            new DiskProgress(out));
    List<String> lines = DiskReport.lines(found);
    Files.write(directory.resolve("report.txt"), lines);
    Map<String, Long> fired = new TreeMap<>();
    found.faults().forEach((kind, count) -> fired.put(kind.label(), count));
    RareStates states = new RareStates();
    found
        .states()
        .forEach(
            (sight, images) -> {
              for (int i = 0; i < images; i++) {
                rareState(sight).ifPresent(states::occurred);
              }
            });
    Outcome outcome = found.isValid() ? Outcome.VALID : Outcome.UNKNOWN;
    return new PartResult(
        part.title(),
        seed,
        found.failures().isEmpty() ? outcome : Outcome.INVALID,
        fired,
        states,
        lines);
  }

  /** The first run that fails ends it; the others are counted. */
  PartResult simulate(Part.Sim part, long seed) throws IOException {
    out.say("%s: %d simulations from seed %d".formatted(part.title(), part.runs(), seed));
    RareStates states = new RareStates();
    List<String> remarks = new ArrayList<>();
    Outcome outcome = Outcome.VALID;
    long operations = 0;
    long faults = 0;
    try (Campaign campaign = Campaign.open(() -> SimWorld.SOUND)) {
      for (int run = 0; run < part.runs() && outcome != Outcome.INVALID; run++) {
        SimRun done = campaign.run(seed + run);
        operations += done.operations();
        faults += done.faultsFired();
        states.addAll(done.rareStates());
        if (!done.failures().isEmpty()) {
          outcome = Outcome.INVALID;
          remarks.add(
              "seed %d: %s; again: ./millrace chaos sim --seed %d --runs 1"
                  .formatted(seed + run, String.join(", ", done.failures()), seed + run));
        } else if (done.judgement().overall() instanceof Verdict.Unknown unknown) {
          if (outcome == Outcome.VALID) {
            remarks.add("UNKNOWN seed %d: %s".formatted(seed + run, unknown.reason()));
          }
          outcome = outcome.and(Outcome.UNKNOWN);
        }
        if ((run + 1) % A_LINE_EVERY == 0) {
          out.say("%d of %d simulations".formatted(run + 1, part.runs()));
        }
      }
    }
    remarks.add("%d operations".formatted(operations));
    return new PartResult(
        part.title(), seed, outcome, Map.of("simulated", faults), states, remarks);
  }

  /** The other sights are of the disk tier alone. */
  private static Optional<RareState> rareState(RareSight sight) {
    return switch (sight) {
      case CUT_DURING_ROLL -> Optional.of(RareState.CRASH_DURING_ROLL);
      case CUT_DURING_CHECKPOINT -> Optional.of(RareState.CRASH_DURING_CHECKPOINT);
      case CUT_DURING_RECOVERY -> Optional.of(RareState.CRASH_DURING_RECOVERY);
      case CUT_INSIDE_BATCH -> Optional.of(RareState.CRASH_DURING_BATCH);
      case DEAD_LETTER_MOVE_CUT -> Optional.of(RareState.CRASH_DURING_DEAD_LETTER_MOVE);
      case RECEIPT_OF_LOST_RECEIVE -> Optional.of(RareState.RECEIPT_OF_A_LOST_RECEIVE);
      case CUT_DURING_DROP, SURVIVORS_CARRIED, CUT_DURING_TAIL_REWRITE -> Optional.empty();
    };
  }

  /** A line for every hundred disks, and for each that was found wanting. */
  private record DiskProgress(RunOutput out) implements TrialSink {

    @Override
    public void judged(int done, int planned) {
      if (done % A_LINE_EVERY == 0 || done == planned) {
        out.say("%d of %d images".formatted(done, planned));
      }
    }

    @Override
    public void failed(ImageFailure failure) {
      out.say(DiskReport.line(failure));
    }
  }
}
