package io.millrace.chaos.scenario;

import io.millrace.chaos.disk.CrashProfile;
import io.millrace.chaos.disk.DiskReport;
import io.millrace.chaos.disk.ImageFailure;
import io.millrace.chaos.disk.PowerLossPlan;
import io.millrace.chaos.disk.PowerLossResult;
import io.millrace.chaos.disk.PowerLossTrial;
import io.millrace.chaos.disk.TrialSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
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
    PartResult result =
        part instanceof Part.Proc proc
            ? new PartRun(proc, seed, plan.target(), itsDirectory, out).run().summary()
            : cutPower((Part.Disk) part, seed, itsDirectory);
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

  /** The disks are this process's own, whatever the target. */
  private PartResult cutPower(Part.Disk part, long seed, Path itsDirectory) throws IOException {
    out.say("%s: power cuts, %d images, seed %d".formatted(part.title(), part.images(), seed));
    PowerLossResult found =
        PowerLossTrial.run(
            new PowerLossPlan(seed, part.images(), CrashProfile.POSIX, itsDirectory),
            new DiskProgress(out));
    List<String> lines = DiskReport.lines(found);
    Files.write(itsDirectory.resolve("report.txt"), lines);
    Map<String, Long> fired = new TreeMap<>();
    found.faults().forEach((kind, count) -> fired.put(kind.label(), count));
    Outcome outcome = found.isValid() ? Outcome.VALID : Outcome.UNKNOWN;
    return new PartResult(
        part.title(), seed, found.failures().isEmpty() ? outcome : Outcome.INVALID, fired, lines);
  }

  /** A line for every hundred disks, and for each that was found wanting. */
  private record DiskProgress(RunOutput out) implements TrialSink {

    private static final int IMAGES_TO_A_LINE = 100;

    @Override
    public void judged(int done, int planned) {
      if (done % IMAGES_TO_A_LINE == 0 || done == planned) {
        out.say("%d of %d images".formatted(done, planned));
      }
    }

    @Override
    public void failed(ImageFailure failure) {
      out.say(DiskReport.line(failure));
    }
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
