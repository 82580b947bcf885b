package io.millrace.jmh.check;

import io.millrace.jmh.run.Bar;
import io.millrace.jmh.run.BenchRecord;
import io.millrace.jmh.run.ChildJvm;
import io.millrace.jmh.run.Scratch;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Judges a long history in a JVM with 128 MiB of heap, all invariants at once, from files.
 *
 * <p>What would fool it: a judge that stops early (the operations it counted are compared with
 * those written), one that finds nothing because nothing was exercised (the run must be judged
 * VALID), and a page cache that is cold in one run and warm in another (the history was just
 * written).
 */
final class CheckRun {

  private static final List<String> FLAGS =
      List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError");

  private static final double SECONDS_MAX = 30;
  private static final double BAR_OPERATIONS = 10_000_000;
  private static final long WAIT_SECONDS_MAX = 1_800;

  private final PrintStream out;

  CheckRun(PrintStream out) {
    this.out = out;
  }

  /**
   * What to run.
   *
   * @param operations at least so many
   * @param flags of the judge's JVM
   */
  record Plan(long operations, List<String> flags) {}

  /**
   * What came of it.
   *
   * @param operations written
   * @param judged counted by the judge
   * @param seconds the judge took, from opening the files to its verdict
   * @param logBytes size of the logs
   * @param findings of the judge, at most those it keeps
   * @param verdict of the run
   */
  record Measured(
      long operations, long judged, double seconds, long logBytes, long findings, String verdict) {}

  BenchRecord run(long operations, String command, Path directory) throws IOException {
    BenchRecord.Begun begun = BenchRecord.begin("check", command);
    Plan plan = new Plan(operations, FLAGS);
    try (Scratch scratch = Scratch.in(directory)) {
      Path logs = Files.createDirectories(scratch.path().resolve("history"));
      long written = SyntheticHistory.write(logs, operations);
      Measured measured = judge(logs, written, directory);
      out.println(measured);
      List<Bar> bars =
          List.of(
              Bar.atMost(
                  "seconds for 10 million operations",
                  SECONDS_MAX,
                  measured.seconds() * BAR_OPERATIONS / measured.judged()),
              Bar.atMost(
                  "operations that were not judged", 0, (double) (written - measured.judged())),
              Bar.atMost("findings in a legal history", 0, (double) measured.findings()));
      bars.forEach(bar -> out.println(bar.line()));
      return begun.finish(directory, scratch.path(), FLAGS, plan, measured, bars);
    }
  }

  private static Measured judge(Path logs, long written, Path directory) throws IOException {
    long bytes = 0;
    try (var files = Files.list(logs)) {
      for (Path file : files.toList()) {
        bytes += Files.size(file);
      }
    }
    try (ChildJvm child =
        ChildJvm.start(
            FLAGS,
            CheckStage.class.getName(),
            List.of(logs.toString()),
            CheckStage.DONE,
            directory.resolve("check.log"))) {
      String[] words = child.line(WAIT_SECONDS_MAX).split(" ", -1);
      return new Measured(
          written,
          Long.parseLong(words[1]),
          Double.parseDouble(words[2]),
          bytes,
          Long.parseLong(words[3]),
          words[4]);
    }
  }
}
