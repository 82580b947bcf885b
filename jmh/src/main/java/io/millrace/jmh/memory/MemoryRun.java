package io.millrace.jmh.memory;

import io.millrace.jmh.memory.Soak.Stage;
import io.millrace.jmh.run.Bar;
import io.millrace.jmh.run.BenchRecord;
import io.millrace.jmh.run.ChildJvm;
import io.millrace.jmh.run.Scratch;
import io.millrace.reports.compare.PairedRatio;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The memory bars: each case runs its stages in JVMs of their own with 128 MiB of heap, killing
 * each with {@code kill -9} when it has said its figures.
 *
 * <p>What would fool it: a heap that fits because the collector was never pressed (the heap is
 * capped, and an OutOfMemoryError ends the stage and fails the case); an engine that forgot (each
 * message has a number and a padding that follows from it; counts are compared before and after the
 * kill); a restart from a clean close (it is a kill).
 */
final class MemoryRun {

  /** Every stage's heap. */
  static final List<String> FLAGS = List.of("-Xmx128m", "-XX:+ExitOnOutOfMemoryError");

  private static final double HEAP_MIB_MAX = 128;
  private static final double QUEUE_HEAP_BYTES_MAX = 20_000;
  private static final double QUEUE_DISK_BYTES_MAX = 64_000;
  private static final double CREATE_SECONDS_MAX = 10;
  private static final double RECOVERY_MS_MAX = 2_000;

  /** What "flat" allows between the second tenth of the cycles and the last. */
  private static final double CYCLES_GROWTH_MIB_MAX = 1;

  private static final int RECOVERIES = 5;
  private static final long STAGE_SECONDS_MAX = 3_600;

  private final Plan plan;
  private final PrintStream out;

  MemoryRun(Plan plan, PrintStream out) {
    this.plan = plan;
    this.out = out;
  }

  /**
   * What to run.
   *
   * @param name of the case
   * @param count of messages, queues or cycles
   * @param flags of every stage's JVM
   */
  record Plan(String name, long count, List<String> flags) {}

  /** What one process measured. */
  record StageFigures(String stage, double seconds, Map<String, Double> figures) {}

  /** The cases. */
  enum Case {
    WAITING("waiting", 10_000_000),
    RETURNED("returned", 10_000_000),
    DELAYED_SAME("delayed-same", 5_000_000),
    DELAYED_RANDOM("delayed-random", 5_000_000),
    QUEUES("queues", 2_000),
    CYCLES("cycles", 10_000_000),
    RECOVERY("recovery", 5_000_000);

    final String word;
    final long count;

    Case(String word, long count) {
      this.word = word;
      this.count = count;
    }
  }

  BenchRecord run(Case chosen, String command, Path directory) throws IOException {
    BenchRecord.Begun begun = BenchRecord.begin("memory-" + plan.name, command);
    try (Scratch scratch = Scratch.in(directory)) {
      List<StageFigures> stages = new ArrayList<>();
      List<Bar> bars = new ArrayList<>();
      switch (chosen) {
        case WAITING -> backlog(stages, bars, scratch, directory, Stage.FILL, Stage.SERVE);
        case RETURNED ->
            backlog(stages, bars, scratch, directory, Stage.FILL_AND_RETURN, Stage.SERVE_RETURNED);
        case DELAYED_SAME ->
            backlog(
                stages,
                bars,
                scratch,
                directory,
                Stage.FILL_DELAYED_SAME,
                Stage.SERVE_DELAYED_SAME);
        case DELAYED_RANDOM ->
            backlog(
                stages,
                bars,
                scratch,
                directory,
                Stage.FILL_DELAYED_RANDOM,
                Stage.SERVE_DELAYED_RANDOM);
        case QUEUES -> {
          Map<String, Double> figures = stage(stages, Stage.QUEUES, scratch, directory);
          bars.add(
              bar("seconds to create the queues", CREATE_SECONDS_MAX, figures, "createSeconds"));
          for (String when : List.of("created", "used")) {
            bars.add(
                bar(
                    "heap bytes a queue, " + when,
                    QUEUE_HEAP_BYTES_MAX,
                    figures,
                    when + "HeapBytesEach"));
            bars.add(
                bar(
                    "disk bytes a queue, " + when,
                    QUEUE_DISK_BYTES_MAX,
                    figures,
                    when + "DiskBytesEach"));
          }
        }
        case CYCLES -> {
          Map<String, Double> figures = stage(stages, Stage.CYCLES, scratch, directory);
          bars.add(
              Bar.atMost(
                  "MiB of live heap gained from the second tenth of the cycles to the last",
                  CYCLES_GROWTH_MIB_MAX,
                  figures.getOrDefault("liveMiBAfterTenth10", Double.NaN)
                      - figures.getOrDefault("liveMiBAfterTenth2", Double.NaN)));
        }
        case RECOVERY -> {
          stage(stages, Stage.FILL, scratch, directory);
          double[] ms = new double[RECOVERIES];
          for (int i = 0; i < RECOVERIES; i++) {
            ms[i] =
                stage(stages, Stage.RECOVER, scratch, directory)
                    .getOrDefault("openToFirstReceiveMs", Double.NaN);
          }
          bars.add(
              Bar.atMost(
                  "ms from open to the first answered receive, median of " + RECOVERIES,
                  RECOVERY_MS_MAX,
                  PairedRatio.median(ms)));
        }
      }
      bars.forEach(bar -> out.println(bar.line()));
      return begun.finish(directory, scratch.path(), plan.flags, plan, stages, bars);
    }
  }

  /** Two stages; the figure judged is the most live heap that either saw. */
  private void backlog(
      List<StageFigures> stages,
      List<Bar> bars,
      Scratch scratch,
      Path directory,
      Stage fill,
      Stage serve)
      throws IOException {
    Map<String, Double> filled = stage(stages, fill, scratch, directory);
    Map<String, Double> served = stage(stages, serve, scratch, directory);
    double most = 0;
    for (Map<String, Double> figures : List.of(filled, served)) {
      for (Map.Entry<String, Double> figure : figures.entrySet()) {
        if (figure.getKey().endsWith("LiveMiB")) {
          most = Math.max(most, figure.getValue());
        }
      }
    }
    bars.add(Bar.atMost("MiB of live heap, filled, restarted and serving", HEAP_MIB_MAX, most));
  }

  private Map<String, Double> stage(
      List<StageFigures> stages, Stage stage, Scratch scratch, Path logs) throws IOException {
    String name = stages.size() + 1 + "-" + stage;
    double aheadMs =
        stages.isEmpty() ? 0 : stages.get(stages.size() - 1).figures().getOrDefault("leaptMs", 0.0);
    Path log = logs.resolve("memory-" + plan.name + "-" + name + ".log");
    long startNanos = System.nanoTime();
    ChildJvm child =
        ChildJvm.start(
            plan.flags,
            Soak.class.getName(),
            List.of(
                stage.name(),
                scratch.path().toString(),
                Long.toString(plan.count),
                Long.toString((long) aheadMs)),
            Soak.DONE,
            log);
    try {
      child.line(STAGE_SECONDS_MAX);
    } finally {
      child.kill();
      child.close();
    }
    StageFigures figures =
        new StageFigures(stage.name(), (System.nanoTime() - startNanos) / 1e9, read(log));
    stages.add(figures);
    out.printf(Locale.ROOT, "%s: %.1f s %s%n", name, figures.seconds(), figures.figures());
    return figures.figures();
  }

  private static Map<String, Double> read(Path log) throws IOException {
    Map<String, Double> figures = new LinkedHashMap<>();
    for (String line : Files.readAllLines(log)) {
      String[] words = line.split(" ", -1);
      if (line.startsWith(Workbench.FIGURE) && words.length == 3) {
        figures.put(words[1], Double.parseDouble(words[2]));
      }
    }
    return figures;
  }

  private static Bar bar(String name, double max, Map<String, Double> figures, String figure) {
    return Bar.atMost(name, max, figures.getOrDefault(figure, Double.NaN));
  }
}
