package io.millrace.jmh.micro;

import io.millrace.jmh.run.Bar;
import io.millrace.jmh.run.BenchRecord;
import io.millrace.jmh.run.JvmFlags;
import io.millrace.reports.compare.PairedRatio;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The two micro benchmarks against their bars: forks of the engine and of the raw appender in turns
 * (A B, B A, ...), each fork's score the median of its iterations, each pair one ratio; then the
 * cycle's bytes.
 */
final class MicroRun {

  /** A send costs at most so many raw appends. */
  static final double SEND_RATIO_MAX = 3.0;

  /** A cycle allocates at most so much beside the body. */
  static final double CYCLE_BYTES_MAX = 1024;

  private static final List<String> HEAP = List.of("-Xms1g", "-Xmx1g");
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  private final Plan plan;
  private final PrintStream out;

  MicroRun(Plan plan, PrintStream out) {
    this.plan = plan;
    this.out = out;
  }

  /**
   * What to run.
   *
   * @param pairs of forks of the send benchmark
   * @param sends per iteration
   * @param outstanding sends
   * @param cycles per iteration of the cycle benchmark
   * @param bodyBytes of a message
   * @param durability of the engine
   */
  record Plan(
      int pairs, int sends, int outstanding, int cycles, int bodyBytes, String durability) {}

  /**
   * One fork.
   *
   * @param benchmark its method
   * @param nanosPerOperation one a measured iteration
   * @param secondary what else JMH reports, the median of the iterations
   */
  record Fork(String benchmark, List<Double> nanosPerOperation, Map<String, Double> secondary) {
    double medianNanos() {
      return PairedRatio.median(
          nanosPerOperation.stream().mapToDouble(Double::doubleValue).toArray());
    }
  }

  /** All that was measured. */
  record Measured(PairedRatio sendRatio, double cycleBytesBesideTheBody, List<Fork> forks) {}

  BenchRecord run(String command, Path directory) throws IOException, RunnerException {
    BenchRecord.Begun begun = BenchRecord.begin("micro", command);
    List<Fork> forks = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int pair = 1; pair <= plan.pairs; pair++) {
      boolean engineFirst = pair % 2 == 1;
      Fork first = fork(SendBenchmark.class, engineFirst ? "engine" : "rawAppend", directory);
      Fork second = fork(SendBenchmark.class, engineFirst ? "rawAppend" : "engine", directory);
      forks.add(first);
      forks.add(second);
      double engine = (engineFirst ? first : second).medianNanos();
      double raw = (engineFirst ? second : first).medianNanos();
      ratios.add(engine / raw);
      out.printf(
          Locale.ROOT,
          "pair %d: a send %.0f ns, a raw append %.0f ns, ratio %.2f%n",
          pair,
          engine,
          raw,
          engine / raw);
    }
    Fork cycle = fork(CycleBenchmark.class, "cycle", directory);
    forks.add(cycle);
    double cycleBytes =
        cycle.secondary.getOrDefault(ALLOCATED, Double.NaN) - CycleBenchmark.BODY_ARRAY_BYTES;
    PairedRatio ratio = PairedRatio.of(ratios);
    List<Bar> bars =
        List.of(
            Bar.atMost("a send in raw Chronicle appends", SEND_RATIO_MAX, ratio.median()),
            Bar.atMost("bytes allocated by a cycle beside the body", CYCLE_BYTES_MAX, cycleBytes));
    out.printf(
        Locale.ROOT,
        "send / raw append: %.2f  (95 %% interval %.2f to %.2f)%n",
        ratio.median(),
        ratio.low(),
        ratio.high());
    bars.forEach(bar -> out.println(bar.line()));
    return begun.finish(
        directory, directory, HEAP, plan, new Measured(ratio, cycleBytes, forks), bars);
  }

  /** The options every fork needs: Chronicle's flags, the heap, and failing loudly. */
  static ChainedOptionsBuilder options() {
    List<String> flags = new ArrayList<>(JvmFlags.forThisJdk());
    flags.addAll(HEAP);
    return new OptionsBuilder().jvmArgsAppend(flags.toArray(String[]::new)).shouldFailOnError(true);
  }

  private static Fork fork(Class<?> benchmark, String method, Path directory)
      throws RunnerException {
    RunResult result =
        new Runner(
                options()
                    .include("\\Q" + benchmark.getName() + "." + method + "\\E")
                    .param("directory", directory.toAbsolutePath().toString())
                    .forks(1)
                    .addProfiler(GCProfiler.class)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .runSingle();
    List<Double> nanos = new ArrayList<>();
    Map<String, List<Double>> secondary = new TreeMap<>();
    for (BenchmarkResult fork : result.getBenchmarkResults()) {
      for (IterationResult iteration : fork.getIterationResults()) {
        nanos.add(iteration.getPrimaryResult().getScore());
        for (Map.Entry<String, ? extends Result<?>> entry : secondaryOf(iteration).entrySet()) {
          secondary
              .computeIfAbsent(entry.getKey(), name -> new ArrayList<>())
              .add(entry.getValue().getScore());
        }
      }
    }
    Map<String, Double> medians = new TreeMap<>();
    secondary.forEach(
        (name, values) ->
            medians.put(
                name,
                PairedRatio.median(values.stream().mapToDouble(Double::doubleValue).toArray())));
    return new Fork(benchmark.getSimpleName() + "." + method, nanos, medians);
  }

  private static Map<String, Result<?>> secondaryOf(IterationResult iteration) {
    Map<String, Result<?>> results = new TreeMap<>();
    iteration.getSecondaryResults().forEach(results::put);
    return results;
  }
}
