package io.millrace.chaos.scenario;

import io.millrace.chaos.check.RareState;
import io.millrace.chaos.check.RareStates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Runs a plan: every part of its scenario, under as many seeds as it asks for, each in a directory
 * of its own below the run's. Used once, by one thread.
 */
public final class ScenarioRunner {

  private final RunPlan plan;
  private final Path directory;
  private final RunOutput out;
  private final List<PartResult> results = new ArrayList<>();

  /**
   * A run that has not begun.
   *
   * @param directory where its files go; exists, and is empty
   */
  public ScenarioRunner(RunPlan plan, Path directory, RunOutput out) {
    this.plan = plan;
    this.directory = directory;
    this.out = out;
  }

  /**
   * Does it.
   *
   * @return the worst of all parts' outcomes
   * @throws IOException if a part could not be begun, or a file not be written
   */
  public Outcome run() throws IOException {
    plan.write(directory);
    Scenario scenario = plan.scenario().share(plan.share());
    out.say("%s: %s".formatted(scenario.name(), scenario.intent()));
    long untilNs = System.nanoTime() + plan.atLeast().toNanos();
    for (int run = 0; run < plan.runs() || System.nanoTime() < untilNs; run++) {
      for (Part part : scenario.parts()) {
        run(part, plan.seed() + run);
      }
    }
    Outcome outcome =
        results.stream()
            .map(PartResult::outcome)
            .reduce(Outcome.VALID, Outcome::and)
            .and(rareStates(scenario));
    Files.writeString(
        directory.resolve("verdict.json"), JudgementJson.of(scenario.name(), outcome, results));
    out.say(outcome + "; the run is in " + directory);
    if (outcome != Outcome.VALID) {
      out.say("once more: ./millrace chaos replay " + directory);
    }
    return outcome;
  }

  private void run(Part part, long seed) throws IOException {
    Path itsDirectory =
        Files.createDirectories(
            directory.resolve(
                String.format(Locale.ROOT, "%03d-%s", results.size() + 1, part.title())));
    PartResult result = result(part, seed, itsDirectory);
    results.add(result);
    out.say("%s %s, seed %d".formatted(result.outcome(), result.title(), result.seed()));
    if (!result.fired().isEmpty()) {
      out.say("faults fired: " + result.fired());
    }
    result.remarks().forEach(out::say);
    if (result.outcome() == Outcome.VALID) {
      delete(itsDirectory.resolve("data"));
    }
  }

  private PartResult result(Part part, long seed, Path itsDirectory) throws IOException {
    if (part instanceof Part.Proc proc) {
      return new PartRun(proc, seed, plan.target(), itsDirectory, out).run().summary();
    }
    OtherTiers others = new OtherTiers(out);
    return part instanceof Part.Disk disk
        ? others.cutPower(disk, seed, itsDirectory)
        : others.simulate((Part.Sim) part, seed);
  }

  /** UNKNOWN if the scenario asks for every rare state and one never occurred. */
  private Outcome rareStates(Scenario scenario) {
    if (!scenario.wantsRareStates()) {
      return Outcome.VALID;
    }
    RareStates all = new RareStates();
    results.forEach(result -> all.addAll(result.rareStates()));
    for (RareState state : RareState.values()) {
      out.say("rare state %s: %d".formatted(state.label(), all.count(state)));
    }
    all.missing().forEach(state -> out.say("UNKNOWN never occurred: " + state.label()));
    return all.missing().isEmpty() ? Outcome.VALID : Outcome.UNKNOWN;
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> files = Files.walk(directory)) {
      deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : deepestFirst) {
      Files.delete(file);
    }
  }
}
