package io.millrace.jmh.micro;

import io.millrace.engine.shard.Durability;
import io.millrace.engine.sqs.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
 * What a send of 1 KiB to the embedded engine costs beside a raw Chronicle append of as many bytes.
 *
 * <p>Measured: nanoseconds per send at the {@code process-crash} level, one caller with {@value
 * #OUTSTANDING} sends outstanding, from the first submit to the last reply of {@value #SENDS}
 * sends; the baseline appends records of the size the engine's have on disk, from one thread, on a
 * segment prepared in the same way.
 *
 * <p>What would fool it: an engine that replies before it appended (the drain after each iteration
 * receives every message and compares its bytes); a baseline with other bytes to write (checked
 * against the engine's own journal counter); unprepared pages, where either side pays the file
 * system instead (both write to pages made ready and forced beforehand, and nothing is prepared
 * beside them; the engine's checkpoints are its own cost and stay in); a machine that slows down
 * between forks (run them in turns: {@link MicroCommand} does, and judges the ratio of neighbours
 * only).
 *
 * <p>The control: the baseline's own score, whose spread over forks is the noise of the machine.
 *
 * <p>Run: {@code ./millrace bench micro}, or {@code ./millrace bench jmh SendBenchmark}.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(SendBenchmark.SENDS)
@Warmup(iterations = 6)
@Measurement(iterations = 5)
@Fork(1)
public class SendBenchmark {

  static final int SENDS = 30_000;
  static final int OUTSTANDING = 64;
  static final int BODY_BYTES = 1024;

  /** What the engine writes beside the body: the record's frame and the event's own fields. */
  static final int OVERHEAD_BYTES = 124;

  /** Of this, the frame the journal puts around an event, which its counter leaves out. */
  private static final int FRAME_BYTES = 40;

  /** How far the engine's records may differ from the baseline's before the two are no pair. */
  private static final int OVERHEAD_SLACK_BYTES = 16;

  /** What was really written in an iteration. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Written {
    public long acknowledged;
    public long appended;

    @Setup(Level.Iteration)
    public void reset() {
      acknowledged = 0;
      appended = 0;
    }
  }

  /** The engine, its queue drained between iterations. */
  @State(Scope.Benchmark)
  public static class Sending {

    /** Where the data goes meanwhile; choose a disk, not a RAM disk. */
    @Param("target")
    public String directory = "";

    private final byte[][] bodies = BenchQueue.bodies(SENDS, BODY_BYTES);

    @SuppressWarnings("NullAway.Init") // JMH calls open() before anything else.
    private BenchQueue queue;

    private long journalBytesBefore;
    private double recordBytes;

    @Setup(Level.Trial)
    public void open() throws IOException {
      queue = BenchQueue.openPrepared(Durability.PROCESS_CRASH, Path.of(directory));
    }

    @Setup(Level.Iteration)
    public void note() {
      journalBytesBefore = queue.journalBytes();
    }

    @TearDown(Level.Iteration)
    public void drain() {
      recordBytes = FRAME_BYTES + (double) (queue.journalBytes() - journalBytesBefore) / SENDS;
      queue.drain(bodies);
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
      queue.close();
      if (Math.abs(recordBytes - BODY_BYTES - OVERHEAD_BYTES) > OVERHEAD_SLACK_BYTES) {
        throw new AssertionError(
            "the engine writes " + recordBytes + " bytes a send: the baseline is no pair to it");
      }
    }
  }

  /** The bare appender, on a fresh segment for each iteration. */
  @State(Scope.Benchmark)
  public static class Appending {

    /** Where the data goes meanwhile; choose a disk, not a RAM disk. */
    @Param("target")
    public String directory = "";

    @SuppressWarnings("NullAway.Init") // JMH calls open() before anything else.
    private RawChronicle chronicle;

    @Setup(Level.Iteration)
    public void open() throws IOException {
      chronicle = RawChronicle.open(BODY_BYTES + OVERHEAD_BYTES, SENDS, Path.of(directory));
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException {
      long records = chronicle.records();
      chronicle.close();
      if (records != SENDS) {
        throw new AssertionError(records + " records where " + SENDS + " were appended");
      }
    }
  }

  /** Sends through the engine. */
  @Benchmark
  public void engine(Sending sending, Written written) {
    ArrayDeque<CompletableFuture<Reply>> outstanding = new ArrayDeque<>(OUTSTANDING);
    for (byte[] body : sending.bodies) {
      if (outstanding.size() == OUTSTANDING) {
        acknowledge(outstanding, written);
      }
      outstanding.add(sending.queue.send(body));
    }
    while (!outstanding.isEmpty()) {
      acknowledge(outstanding, written);
    }
  }

  /** The baseline: appends through Chronicle alone. */
  @Benchmark
  public void rawAppend(Appending appending, Written written) {
    for (int i = 0; i < SENDS; i++) {
      appending.chronicle.append();
      written.appended++;
    }
  }

  private static void acknowledge(
      ArrayDeque<CompletableFuture<Reply>> outstanding, Written written) {
    BenchQueue.expect(Reply.MessageSent.class, outstanding.remove().join());
    written.acknowledged++;
  }
}
