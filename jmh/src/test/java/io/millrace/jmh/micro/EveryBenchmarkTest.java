package io.millrace.jmh.micro;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs each benchmark once, with its smallest parameters and in this JVM, so that none can rot; and
 * holds the bytes that an operation allocates, which no load on the machine changes. Times are not
 * looked at.
 */
class EveryBenchmarkTest {

  private static final String ALLOCATED = "gc.alloc.rate.norm";

  /**
   * The most an operation may allocate, in bytes, all threads of the JVM included. Wider than the
   * bars of {@code bench micro}, which has a JVM of its own for each: other tests went before in
   * this one, and code that they made megamorphic allocates a little more.
   */
  private static final Map<String, Double> BYTES_MAX =
      Map.of(
          "CycleBenchmark.cycle", 1.5 * (1_024 + CycleBenchmark.BODY_ARRAY_BYTES),
          "JournalBenchmark.append", 128.0,
          "ObserveBenchmark.send", 4.0,
          "ObserveBenchmark.receive", 4.0,
          "ObserveBenchmark.delete", 4.0);

  @TempDir private Path directory;

  @Test
  void eachRunsAndAllocatesNoMoreThanItMay() throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .forks(0)
                    .warmupIterations(1)
                    .warmupTime(TimeValue.milliseconds(100))
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(100))
                    .param("directory", directory.toString())
                    .param("bodyBytes", "1024")
                    .param("batch", "10")
                    .param("durability", "process-crash")
                    .param("backlog", "1000")
                    .param("group", "64")
                    .addProfiler(GCProfiler.class)
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();

    Map<String, Double> allocated = new TreeMap<>();
    TreeSet<String> ran = new TreeSet<>();
    for (RunResult result : results) {
      String[] words = result.getParams().getBenchmark().split("\\.", -1);
      String name = words[words.length - 2] + "." + words[words.length - 1];
      ran.add(name);
      if (BYTES_MAX.containsKey(name)) {
        Result<?> bytes = requireNonNull(result.getSecondaryResults().get(ALLOCATED), name);
        allocated.merge(name, bytes.getScore(), Math::max);
      }
    }
    assertThat(ran).containsExactlyInAnyOrderElementsOf(all());
    assertThat(allocated.keySet()).isEqualTo(BYTES_MAX.keySet());
    allocated.forEach(
        (name, bytes) ->
            assertThat(bytes).as("bytes of %s", name).isLessThanOrEqualTo(BYTES_MAX.get(name)));
  }

  /** All that this module's annotation processor found, by class and method or group. */
  private static Set<String> all() {
    return BenchmarkList.defaultList()
        .getAll(OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT), List.of())
        .stream()
        .map(BenchmarkListEntry::getUsername)
        .map(name -> name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
