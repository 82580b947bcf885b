package io.millrace.jmh.check;

import io.millrace.chaos.check.Judge;
import io.millrace.chaos.check.Judgement;
import io.millrace.chaos.check.Rules;
import io.millrace.chaos.check.Verdict;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.MergedHistory;
import io.millrace.jmh.run.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What judging an operation costs, all invariants at once.
 *
 * <p>Measured: nanoseconds an operation of a legal history of {@value #OPERATIONS}, read from its
 * files and judged. The control: {@code readOnly}, the same files read and merged, nothing judged.
 *
 * <p>What would fool it: a judge that stops early or finds nothing because nothing was exercised
 * (the verdict must not be INVALID, and the operations it counted are compared).
 *
 * <p>Run: {@code ./millrace bench jmh CheckBenchmark}; ten million operations in 128 MiB are {@code
 * ./millrace bench check}.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(CheckBenchmark.OPERATIONS)
@Warmup(iterations = 5)
@Measurement(iterations = 5)
@Fork(1)
public class CheckBenchmark {

  static final int OPERATIONS = 100_000;

  /** The history, written once. */
  @State(Scope.Benchmark)
  public static class Written {

    /** Where the data goes meanwhile. */
    @Param("target")
    public String directory = "";

    @SuppressWarnings("NullAway.Init") // JMH calls write() before anything else.
    private Scratch scratch;

    @SuppressWarnings("NullAway.Init")
    private Path logs;

    @Setup(Level.Trial)
    public void write() throws IOException {
      scratch = Scratch.in(Path.of(directory));
      logs = Files.createDirectories(scratch.path().resolve("history"));
      var unused = SyntheticHistory.write(logs, OPERATIONS);
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
      scratch.close();
    }
  }

  /** Reads and judges. */
  @Benchmark
  public Judgement judge(Written written) throws IOException {
    Judgement judgement = Judge.judge(written.logs, Rules.STRICT);
    if (judgement.overall() instanceof Verdict.Invalid
        || judgement.census().attempts() < OPERATIONS / 3) {
      throw new AssertionError(judgement.overall() + ", " + judgement.census());
    }
    return judgement;
  }

  /** The control: reads and merges. */
  @Benchmark
  public long readOnly(Written written) throws IOException {
    long last = 0;
    try (MergedHistory history = MergedHistory.open(written.logs)) {
      for (Optional<Entry> entry = history.next(); entry.isPresent(); entry = history.next()) {
        last = entry.get().returnedNs();
      }
    }
    return last;
  }
}
