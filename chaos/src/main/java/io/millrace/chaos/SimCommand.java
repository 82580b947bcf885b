package io.millrace.chaos;

import io.millrace.chaos.check.Evidence;
import io.millrace.chaos.check.Finding;
import io.millrace.chaos.check.JudgementText;
import io.millrace.chaos.check.RareState;
import io.millrace.chaos.check.RareStates;
import io.millrace.chaos.check.Verdict;
import io.millrace.chaos.history.Origin;
import io.millrace.chaos.sim.Campaign;
import io.millrace.chaos.sim.SimRun;
import io.millrace.chaos.sim.SimWorld;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs simulations, one seed after another, until one fails or enough have run. */
@Command(
    name = "sim",
    description = {
      "Runs the engine in simulated time over a simulated disk, with faults, one seed a run.",
      "Ends with 0 if every run was valid, 1 if one was not, 2 for wrong use, 3 if one is unknown."
    },
    mixinStandardHelpOptions = true)
public final class SimCommand implements Callable<Integer> {

  private static final int INVALID = 1;
  private static final int UNKNOWN = 3;
  private static final long NS_PER_MINUTE = 60_000_000_000L;
  private static final long PROGRESS_EVERY_NS = 2_000_000_000L;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "the first seed; default: ${DEFAULT-VALUE}",
      defaultValue = "1")
  private long seed;

  @Option(
      names = "--runs",
      paramLabel = "N",
      description =
          "how many seeds; default: 1 with --steps, else 1000, or no limit with --minutes")
  private int runs;

  @Option(names = "--minutes", paramLabel = "N", description = "for how long at most")
  private double minutes;

  @Option(
      names = "--steps",
      paramLabel = "N",
      split = ",",
      description = "only these steps of the seed's plan, by number")
  private List<Integer> steps = List.of();

  @Option(names = "--keep", paramLabel = "DIR", description = "keeps the history of a failing run")
  private Path keep = Path.of("");

  private final Supplier<SimWorld> worlds;

  private final RareStates rareStates = new RareStates();
  private final long startedNs = System.nanoTime();
  private long progressNs = startedNs;
  private long done;
  private long operations;
  private long faults;
  private OptionalLong firstUnknown = OptionalLong.empty();
  private String whyUnknown = "";

  /** The command over the engine as it is. */
  public SimCommand() {
    this(() -> SimWorld.SOUND);
  }

  /** The command with something let in between. */
  SimCommand(Supplier<SimWorld> worlds) {
    this.worlds = worlds;
  }

  @Override
  public Integer call() throws IOException {
    if (runs < 0 || minutes < 0) {
      throw new ParameterException(spec.commandLine(), "--runs and --minutes are not negative");
    }
    // What an engine says of the faults that are done to it is no news here; read once, at its
    // first log line.
    System.setProperty("org.slf4j.simpleLogger.log.io.millrace.engine", "off");
    PrintWriter out = spec.commandLine().getOut();
    try (Campaign campaign = Campaign.open(worlds)) {
      for (long next = seed; wantsMore(); next++) {
        SimRun run = runOne(campaign, next);
        note(next, run);
        progress();
        if (!run.failures().isEmpty()) {
          showFailure(out, next, run, campaign);
          return INVALID;
        }
      }
    }
    out.println(summary());
    if (firstUnknown.isPresent()) {
      out.println("UNKNOWN: seed " + firstUnknown.getAsLong() + ": " + whyUnknown);
      return UNKNOWN;
    }
    out.println("VALID");
    return 0;
  }

  private SimRun runOne(Campaign campaign, long next) {
    try {
      return steps.isEmpty() ? campaign.run(next) : campaign.run(next, steps);
    } catch (IllegalArgumentException noSuchStep) {
      throw new ParameterException(spec.commandLine(), noSuchStep.getMessage(), noSuchStep);
    }
  }

  private boolean wantsMore() {
    boolean inTime = minutes == 0 || System.nanoTime() - startedNs < minutes * NS_PER_MINUTE;
    return inTime && done < limit();
  }

  private long limit() {
    if (runs > 0) {
      return runs;
    }
    if (!steps.isEmpty()) {
      return 1;
    }
    return minutes > 0 ? Long.MAX_VALUE : 1_000;
  }

  private void note(long number, SimRun run) {
    done++;
    operations += run.operations();
    faults += run.faultsFired();
    rareStates.addAll(run.rareStates());
    // A schedule that was cut down leaves much undone; it was run to see whether it still fails.
    if (steps.isEmpty()
        && firstUnknown.isEmpty()
        && run.judgement().overall() instanceof Verdict.Unknown unknown) {
      firstUnknown = OptionalLong.of(number);
      whyUnknown = unknown.reason();
    }
  }

  private void progress() {
    long nowNs = System.nanoTime();
    if (nowNs - progressNs > PROGRESS_EVERY_NS) {
      progressNs = nowNs;
      spec.commandLine().getErr().println(summary());
      spec.commandLine().getErr().flush();
    }
  }

  private String summary() {
    double took = Math.max(1, System.nanoTime() - startedNs) / (double) NS_PER_MINUTE;
    String rare =
        Arrays.stream(RareState.values())
            .map(state -> state.label() + " " + rareStates.count(state))
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "%d runs from seed %d, %.0f a minute; %d operations, %d faults; %s",
        done,
        seed,
        done / took,
        operations,
        faults,
        rare);
  }

  private void showFailure(PrintWriter out, long number, SimRun run, Campaign campaign)
      throws IOException {
    out.println("INVALID: seed " + number + ": " + String.join(", ", run.failures()));
    out.flush();
    SimRun smallest = steps.isEmpty() ? campaign.shrink(run) : run;
    if (!smallest.trouble().isEmpty()) {
      out.println(smallest.trouble());
    }
    smallest.steps().forEach((index, step) -> out.println("  step " + index + ": " + step));
    Set<Long> accused =
        smallest.judgement().findings().stream().map(Finding::attempt).collect(Collectors.toSet());
    out.print(
        JudgementText.of(
            smallest.judgement(), Evidence.gather(smallest.history().entries(), accused)));
    if (!keep.equals(Path.of(""))) {
      Files.createDirectories(keep);
      smallest.history().write(keep, new Origin(0, SimRun.ORIGIN_WALL_MS));
      out.println("the history is in " + keep);
    }
    out.println("again: ./millrace chaos sim --seed " + number + " --steps " + numbers(smallest));
  }

  private static String numbers(SimRun run) {
    return run.steps().keySet().stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
