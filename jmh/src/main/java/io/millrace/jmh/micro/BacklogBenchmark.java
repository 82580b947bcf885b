package io.millrace.jmh.micro;

import io.millrace.engine.shard.Durability;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.openjdk.jmh.annotations.AuxCounters;
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
 * A receive from a queue in which few or many messages wait.
 *
 * <p>Measured: nanoseconds a cycle of receive, delete and a send that keeps the backlog as long as
 * it was; in {@code receiveP50Nanos} and {@code receiveP99Nanos} the receive alone, one caller at a
 * time. The control is the smallest backlog; the default stops at a million; ten million take some
 * 20 s more to send: {@code -p backlog=1000,10000000}.
 *
 * <p>What would fool it: receives that bring nothing (each must bring one message); a backlog that
 * runs dry (its length is checked after each iteration); a body in the page cache because it was
 * just sent (messages are received in the order they came, so with a long backlog it is the
 * oldest).
 *
 * <p>Run: {@code ./millrace bench jmh BacklogBenchmark}.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(BacklogBenchmark.RECEIVES)
@Warmup(iterations = 3)
@Measurement(iterations = 5)
@Fork(1)
public class BacklogBenchmark {

  static final int RECEIVES = 5_000;
  private static final int BODY_BYTES = 100;
  private static final int BATCH = 10;
  private static final int OUTSTANDING = 64;
  private static final long NANOS_MAX = 60_000_000_000L;

  /** What the receives alone took. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Receives {
    public double receiveP50Nanos;
    public double receiveP99Nanos;
    private final Histogram nanos = new Histogram(NANOS_MAX, 3);

    @Setup(Level.Iteration)
    public void reset() {
      nanos.reset();
      receiveP50Nanos = 0;
      receiveP99Nanos = 0;
    }
  }

  /** The engine, filled once. */
  @State(Scope.Benchmark)
  public static class Waiting {

    /** Messages that wait. */
    @Param({"1000", "1000000"})
    public int backlog;

    /** Where the data goes meanwhile; choose a disk, not a RAM disk. */
    @Param("target")
    public String directory = "";

    private final byte[][] bodies = BenchQueue.bodies(BATCH, BODY_BYTES);

    @SuppressWarnings("NullAway.Init") // JMH calls open() before anything else.
    private BenchQueue queue;

    @Setup(Level.Trial)
    public void open() throws IOException {
      queue = BenchQueue.open(Durability.PROCESS_CRASH, Path.of(directory));
      ArrayDeque<CompletableFuture<Reply>> outstanding = new ArrayDeque<>(OUTSTANDING);
      for (int sent = 0; sent < backlog; sent += BATCH) {
        if (outstanding.size() == OUTSTANDING) {
          BenchQueue.expectAll(Reply.Entry.Sent.class, outstanding.remove().join());
        }
        outstanding.add(queue.sendBatch(bodies, 0, BATCH));
      }
      while (!outstanding.isEmpty()) {
        BenchQueue.expectAll(Reply.Entry.Sent.class, outstanding.remove().join());
      }
    }

    @TearDown(Level.Iteration)
    public void check() {
      if (queue.visible() != backlog) {
        throw new AssertionError(queue.visible() + " wait where " + backlog + " should");
      }
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
      queue.close();
    }
  }

  /** Receive one, delete it, send another. */
  @Benchmark
  public void receive(Waiting waiting, Receives receives) {
    BenchQueue queue = waiting.queue;
    for (int i = 0; i < RECEIVES; i++) {
      long begun = System.nanoTime();
      Reply reply = queue.receive(0).join();
      receives.nanos.recordValue(Math.min(NANOS_MAX, System.nanoTime() - begun));
      ReceivedMessage message =
          BenchQueue.expect(Reply.MessagesReceived.class, reply).messages().get(0);
      BenchQueue.expect(Reply.Done.class, queue.delete(message.receiptHandle()).join());
      BenchQueue.expect(Reply.MessageSent.class, queue.send(waiting.bodies[i % BATCH]).join());
    }
    receives.receiveP50Nanos = receives.nanos.getValueAtPercentile(50);
    receives.receiveP99Nanos = receives.nanos.getValueAtPercentile(99);
  }
}
