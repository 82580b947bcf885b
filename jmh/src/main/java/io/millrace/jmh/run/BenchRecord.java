package io.millrace.jmh.run;

import io.millrace.reports.platform.EnvironmentCapture;
import io.millrace.reports.platform.GitState;
import io.millrace.reports.record.Environment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The record one harness run leaves: what was planned, where it ran, all it measured, and how that
 * stands to its bars.
 *
 * @param schema {@link #SCHEMA}
 * @param bench which harness
 * @param command repeats the run
 * @param startedAt when
 * @param seconds how long it took
 * @param gitCommit the source it was built from
 * @param gitDirty whether that source had uncommitted changes
 * @param environment the machine, its load before and after, and both JVMs' flags
 * @param plan the harness's settings, a record of its own
 * @param measured everything measured, a record of the harness's own
 * @param bars what was asked
 */
public record BenchRecord(
    int schema,
    String bench,
    String command,
    Instant startedAt,
    double seconds,
    String gitCommit,
    boolean gitDirty,
    Environment environment,
    Object plan,
    Object measured,
    List<Bar> bars) {

  /**
   * The layout's version: raised when a field changes its meaning or goes. Since 2 servers that
   * take turns are known by their names, and there may be several baselines.
   */
  public static final int SCHEMA = 2;

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  public BenchRecord {
    bars = List.copyOf(bars);
  }

  /** A run that has begun: notes the instant and the load before it. */
  public static final class Begun {

    private final String bench;
    private final String command;
    private final Instant startedAt = Instant.now();
    private final long startedNanos = System.nanoTime();
    private final EnvironmentCapture environment = EnvironmentCapture.begin();

    private Begun(String bench, String command) {
      this.bench = bench;
      this.command = command;
    }

    /**
     * Ends the run and writes {@code <bench>.json} into a directory that exists.
     *
     * @param data where the program under measurement kept its files
     * @param childFlags the JVM flags it ran with
     */
    public BenchRecord finish(
        Path out, Path data, List<String> childFlags, Object plan, Object measured, List<Bar> bars)
        throws IOException {
      GitState git = GitState.of(Path.of(""));
      BenchRecord record =
          new BenchRecord(
              SCHEMA,
              bench,
              command,
              startedAt,
              (System.nanoTime() - startedNanos) / 1e9,
              git.commit(),
              git.dirty(),
              environment.finish(out, data, EnvironmentCapture.jdk(), childFlags),
              plan,
              measured,
              bars);
      Files.writeString(out.resolve(bench + ".json"), MAPPER.writeValueAsString(record) + "\n");
      return record;
    }
  }

  /**
   * Begins a run.
   *
   * @param command repeats it
   */
  public static Begun begin(String bench, String command) {
    return new Begun(bench, command);
  }

  /** Whether no bar was missed. */
  public boolean passed() {
    return bars.stream().noneMatch(bar -> bar.outcome() == Bar.Outcome.FAIL);
  }
}
