package io.millrace.chaos.scenario;

import io.millrace.chaos.check.Verdict;
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
    Outcome outcome = results.stream().map(PartResult::outcome).reduce(Outcome.VALID, Outcome::and);
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
    if (!(part instanceof Part.Proc proc)) {
      throw new IllegalStateException("nobody runs " + part);
    }
    PartResult result = new PartRun(proc, seed, plan.target(), itsDirectory, out).run();
    results.add(result);
    report(result);
    if (result.outcome() == Outcome.VALID) {
      delete(itsDirectory.resolve("data"));
    }
  }

  private void report(PartResult result) {
    out.say(
        "%s %s, seed %d: %d acknowledged, %d lost, faults fired: %s"
            .formatted(
                result.outcome(),
                result.title(),
                result.seed(),
                result.judgement().census().acknowledged(),
                result.judgement().lost(),
                result.fired().isEmpty() ? "none" : result.fired()));
    if (!result.restartsNs().isEmpty()) {
      long[] sorted = result.restartsNs().stream().mapToLong(Long::longValue).sorted().toArray();
      out.say(
          "%d restarts, to the first answer: median %.0f ms, longest %.0f ms"
              .formatted(
                  sorted.length, sorted[sorted.length / 2] / 1e6, sorted[sorted.length - 1] / 1e6));
    }
    result
        .judgement()
        .counted()
        .forEach(
            each -> {
              if (each.verdict() instanceof Verdict.Unknown unknown) {
                out.say("UNKNOWN " + each.invariant().label() + ": " + unknown.reason());
              }
            });
    result.trouble().ifPresent(trouble -> out.say("trouble: " + trouble));
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
