package io.millrace.jmh.micro;

import io.millrace.engine.shard.Durability;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.Reply;
import java.io.IOException;
import java.nio.file.Path;
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
 * What a message's whole life allocates: one send, one receive, one delete, each awaited, of 1 KiB.
 *
 * <p>Measured: {@code gc.alloc.rate.norm}, bytes allocated per cycle by all threads of the JVM, the
 * engine's included. The body sent is made beforehand; the body received is a copy of its own, so a
 * cycle's figure holds one body ({@link #BODY_ARRAY_BYTES}), which {@link MicroCommand} takes off
 * before it compares with the bar. The time is that of three thread hand-overs and is no claim.
 *
 * <p>What would fool it: threads that die within an iteration take their allocations with them
 * (none does); a cycle that received nothing and allocated little (each cycle must receive its
 * message's bytes); the drain of a benchmark counted in (nothing is left to drain).
 *
 * <p>The control: the figures of two iterations; bytes per operation repeat to a few bytes, and
 * where they do not, something other than the cycle allocates.
 *
 * <p>Run: {@code ./millrace bench micro}, or {@code ./millrace bench jmh CycleBenchmark -prof gc}.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(CycleBenchmark.CYCLES)
@Warmup(iterations = 5)
@Measurement(iterations = 5)
@Fork(1)
public class CycleBenchmark {

  static final int CYCLES = 20_000;
  static final int BODY_BYTES = 1024;

  /** A byte array of the body's length, with its header. */
  static final int BODY_ARRAY_BYTES = BODY_BYTES + 16;

  /** How long a receive may wait; it never should. */
  private static final int WAIT_SECONDS = 20;

  /** The engine; its queue is empty after each iteration or the trial fails. */
  @State(Scope.Benchmark)
  public static class Cycling {

    /** Where the data goes meanwhile; choose a disk, not a RAM disk. */
    @Param("target")
    public String directory = "";

    private final byte[] body = BenchQueue.bodies(1, BODY_BYTES)[0];

    @SuppressWarnings("NullAway.Init") // JMH calls open() before anything else.
    private BenchQueue queue;

    @Setup(Level.Trial)
    public void open() throws IOException {
      queue = BenchQueue.open(Durability.PROCESS_CRASH, Path.of(directory));
    }

    @TearDown(Level.Iteration)
    public void check() {
      queue.requireEmpty();
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
      queue.close();
    }
  }

  /** Send, receive, delete. */
  @Benchmark
  public void cycle(Cycling cycling, Moved moved) {
    BenchQueue queue = cycling.queue;
    for (int i = 0; i < CYCLES; i++) {
      BenchQueue.expect(Reply.MessageSent.class, queue.send(cycling.body).join());
      moved.sent++;
      Reply.MessagesReceived received =
          BenchQueue.expect(Reply.MessagesReceived.class, queue.receive(WAIT_SECONDS).join());
      ReceivedMessage message = received.messages().get(0);
      if (message.body().length != BODY_BYTES) {
        throw new AssertionError("a body of " + message.body().length + " bytes");
      }
      moved.received++;
      BenchQueue.expect(Reply.Done.class, queue.delete(message.receiptHandle()).join());
      moved.deleted++;
    }
  }
}
