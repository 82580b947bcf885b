package io.millrace.jmh.micro;

import io.millrace.engine.shard.Durability;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Producers and consumers over one queue of the embedded engine, one of each and two of each: a
 * fixed number of messages is sent, received and deleted, then the iteration ends.
 *
 * <p>Measured: milliseconds until each thread's share of {@value #BYTES} bytes (at most {@value
 * #MESSAGES_MAX} messages) has passed, and in {@code sent}, {@code received}, {@code deleted} and
 * {@code emptyReceives} what really moved. A rate is messages divided by the consumers' time.
 *
 * <p>What would fool it: calls that fail counted as work (each reply is checked, and an empty
 * receive is counted apart); a message lost or delivered twice (each is ticked off by its number,
 * and the iteration fails); consumers that outlive their producers (totals are fixed, so nobody
 * waits for a partner that has left).
 *
 * <p>The control: {@code sent}, {@code received} and {@code deleted} are equal in every iteration.
 *
 * <p>Run: {@code ./millrace bench jmh GroupBenchmark}.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5)
@Measurement(iterations = 5)
@Fork(1)
public class GroupBenchmark {

  static final int BYTES = 8 << 20;
  static final int MESSAGES_MAX = 10_000;

  /** The engine and the account of an iteration's messages. */
  @State(Scope.Group)
  public static class Shared {

    /** Messages a send, a receive and a delete carry: 1, or 10 in a batch. */
    @Param({"1", "10"})
    public int batch;

    @Param({"128", "1024", "65536"})
    public int bodyBytes;

    @Param({"process-crash", "power-loss"})
    public String durability = "";

    /** Where the data goes meanwhile; choose a disk, not a RAM disk. */
    @Param("target")
    public String directory = "";

    @SuppressWarnings("NullAway.Init") // JMH calls open() before anything else.
    private BenchQueue queue;

    @SuppressWarnings("NullAway.Init")
    private Passing passing;

    private byte[][] bodies = {};

    @Setup(Level.Trial)
    public void open() throws IOException {
      int messages = Math.min(MESSAGES_MAX, BYTES / bodyBytes);
      bodies = BenchQueue.bodies(messages, bodyBytes);
      queue =
          BenchQueue.open(
              Durability.valueOf(durability.toUpperCase(Locale.ROOT).replace('-', '_')),
              Path.of(directory));
    }

    @Setup(Level.Iteration)
    public void begin() {
      passing = new Passing(queue, bodies, batch);
    }

    @TearDown(Level.Iteration)
    public void check() {
      passing.requireAll();
      queue.requireEmpty();
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
      queue.close();
    }
  }

  /** One producer beside one consumer. */
  @Benchmark
  @Group("oneByOne")
  @GroupThreads(1)
  public void produce(Shared shared, Moved moved) {
    moved.sent += shared.passing.produce();
  }

  /** One consumer beside one producer. */
  @Benchmark
  @Group("oneByOne")
  @GroupThreads(1)
  public void consume(Shared shared, Moved moved) {
    consumeAll(shared, moved);
  }

  /** Two producers beside two consumers. */
  @Benchmark
  @Group("twoByTwo")
  @GroupThreads(2)
  public void produceTwo(Shared shared, Moved moved) {
    moved.sent += shared.passing.produce();
  }

  /** Two consumers beside two producers. */
  @Benchmark
  @Group("twoByTwo")
  @GroupThreads(2)
  public void consumeTwo(Shared shared, Moved moved) {
    consumeAll(shared, moved);
  }

  private static void consumeAll(Shared shared, Moved moved) {
    Passing.Taken taken = shared.passing.consume();
    moved.received += taken.received();
    moved.deleted += taken.deleted();
    moved.emptyReceives += taken.emptyReceives();
  }
}
