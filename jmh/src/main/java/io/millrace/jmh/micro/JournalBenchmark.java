package io.millrace.jmh.micro;

import io.millrace.engine.journal.ChronicleJournal;
import io.millrace.engine.journal.FileStorage;
import io.millrace.engine.journal.Journal;
import io.millrace.engine.journal.JournalConfig;
import io.millrace.engine.journal.Space;
import io.millrace.jmh.run.Scratch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
 * The journal alone, below the shard: what an append costs beside Chronicle's own, and what a force
 * costs that several appends share, beside the force of a plain file.
 *
 * <p>Measured: nanoseconds an append of {@value #RECORD_BYTES} bytes ({@code append}, {@code
 * rawAppend}); nanoseconds a record when {@code group} records are appended and forced together
 * ({@code groupCommit}, {@code plainGroupCommit}). The control of the force is {@code group}
 * itself: a force that is not shared costs {@code group} times as much a record.
 *
 * <p>What would fool it: a file system that lies about forces (the plain file would be as fast);
 * pages not made ready (the raw appender's are; the journal makes its own ready beside the writer,
 * and that stays in); too few records to fill a segment, which here is so on purpose: a roll is
 * another mechanism.
 *
 * <p>Run: {@code ./millrace bench jmh JournalBenchmark -prof gc}.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5)
@Measurement(iterations = 5)
@Fork(1)
public class JournalBenchmark {

  static final int RECORD_BYTES = 1_148;
  static final int APPENDS = 20_000;
  static final int FORCED = 512;

  /** A fresh journal for each iteration. */
  @State(Scope.Benchmark)
  public static class Journaling {

    /** Where the data goes meanwhile; choose a disk, not a RAM disk. */
    @Param("target")
    public String directory = "";

    private final ByteBuffer record = ByteBuffer.allocateDirect(RECORD_BYTES);

    @SuppressWarnings("NullAway.Init") // JMH calls open() before anything else.
    private ExecutorService background;

    @SuppressWarnings("NullAway.Init")
    private Scratch scratch;

    @SuppressWarnings("NullAway.Init")
    private Journal journal;

    @Setup(Level.Iteration)
    public void open() throws IOException {
      background = Executors.newSingleThreadExecutor();
      scratch = Scratch.in(Path.of(directory));
      journal =
          ChronicleJournal.open(
              scratch.path().resolve("journal"),
              JournalConfig.powerLoss(),
              new FileStorage(),
              background);
      append();
      journal.force();
    }

    private long append() {
      record.clear();
      return journal.append(record, Space.NORMAL);
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException {
      journal.close();
      background.shutdown();
      scratch.close();
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
      chronicle = RawChronicle.open(RECORD_BYTES, APPENDS, Path.of(directory));
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException {
      chronicle.close();
    }
  }

  /** A plain file whose blocks are written and forced beforehand. */
  @State(Scope.Benchmark)
  public static class Plain {

    /** Where the data goes meanwhile; choose a disk, not a RAM disk. */
    @Param("target")
    public String directory = "";

    private final ByteBuffer record = ByteBuffer.allocateDirect(RECORD_BYTES);

    @SuppressWarnings("NullAway.Init") // JMH calls open() before anything else.
    private Scratch scratch;

    @SuppressWarnings("NullAway.Init")
    private FileChannel file;

    @Setup(Level.Iteration)
    public void open() throws IOException {
      scratch = Scratch.in(Path.of(directory));
      file =
          FileChannel.open(
              scratch.path().resolve("plain"),
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.WRITE);
      for (int i = 0; i < FORCED; i++) {
        write();
      }
      file.force(true);
      file.position(0);
    }

    private void write() throws IOException {
      record.clear();
      while (record.hasRemaining()) {
        file.write(record);
      }
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException {
      file.close();
      scratch.close();
    }
  }

  /** How many records share a force. */
  @State(Scope.Benchmark)
  public static class Sharing {
    @Param({"1", "8", "64"})
    public int group;
  }

  /** Appends through the journal. */
  @Benchmark
  @OperationsPerInvocation(APPENDS)
  public long append(Journaling journaling) {
    long position = 0;
    for (int i = 0; i < APPENDS; i++) {
      position = journaling.append();
    }
    return position;
  }

  /** The baseline: appends through Chronicle alone. */
  @Benchmark
  @OperationsPerInvocation(APPENDS)
  public void rawAppend(Appending appending) {
    for (int i = 0; i < APPENDS; i++) {
      appending.chronicle.append();
    }
  }

  /** Appends that share forces. */
  @Benchmark
  @OperationsPerInvocation(FORCED)
  public void groupCommit(Journaling journaling, Sharing sharing) {
    for (int i = 0; i < FORCED; i += sharing.group) {
      long position = 0;
      for (int j = 0; j < sharing.group; j++) {
        position = journaling.append();
      }
      if (journaling.journal.force() <= position) {
        throw new AssertionError("forced, and not durable");
      }
    }
  }

  /** The baseline: writes to a plain file that share forces. */
  @Benchmark
  @OperationsPerInvocation(FORCED)
  public void plainGroupCommit(Plain plain, Sharing sharing) throws IOException {
    for (int i = 0; i < FORCED; i += sharing.group) {
      for (int j = 0; j < sharing.group; j++) {
        plain.write();
      }
      plain.file.force(false);
    }
  }
}
