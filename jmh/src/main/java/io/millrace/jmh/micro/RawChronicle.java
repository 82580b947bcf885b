package io.millrace.jmh.micro;

import io.millrace.jmh.run.Scratch;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.core.Jvm;
import net.openhft.chronicle.core.io.Closeable;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.Wire;

/**
 * A Chronicle queue and its appender, nothing around them, on a segment prepared as the engine
 * prepares its own: one block, so one map; the smallest index; every page ahead of the writer
 * zeroed by positional writes of 4 KiB.
 */
final class RawChronicle implements AutoCloseable {

  private static final int PAGE_BYTES = 4096;
  private static final long BLOCK_BYTES = 128L << 20;
  private static final int INDEX_COUNT = 8;
  private static final int INDEX_SPACING = 1 << 26;

  private final Scratch scratch;
  private final SingleChronicleQueue queue;
  private final ExcerptAppender appender;
  private final Bytes<?> record;

  private RawChronicle(
      Scratch scratch, SingleChronicleQueue queue, ExcerptAppender appender, Bytes<?> record) {
    this.scratch = scratch;
    this.queue = queue;
    this.appender = appender;
    this.record = record;
  }

  /**
   * Opens a fresh queue with room for so much on prepared pages.
   *
   * @param recordBytes size of each record
   * @param records that will be appended, all within one segment
   * @param directory where to make a scratch directory; made if it is missing
   */
  static RawChronicle open(int recordBytes, int records, Path directory) throws IOException {
    long needed = (long) records * (recordBytes + Integer.BYTES + 3);
    if (needed > BLOCK_BYTES - (4L << 20)) {
      throw new IllegalArgumentException(records + " records are more than one segment");
    }
    Jvm.disablePerfHandler();
    Scratch scratch = Scratch.in(directory);
    SingleChronicleQueue queue =
        SingleChronicleQueueBuilder.single(scratch.path().resolve("queue").toFile())
            .rollCycle(RollCycles.FAST_HOURLY)
            .timeProvider(() -> 0)
            .blockSize(BLOCK_BYTES)
            .indexCount(INDEX_COUNT)
            .indexSpacing(INDEX_SPACING)
            .build();
    ExcerptAppender appender = queue.createAppender();
    Bytes<?> record = Bytes.allocateDirect(recordBytes);
    for (int i = 0; i < recordBytes; i++) {
      record.writeByte((byte) ('a' + i % 26));
    }
    RawChronicle raw = new RawChronicle(scratch, queue, appender, record);
    raw.append();
    prepare(appender, needed);
    return raw;
  }

  /** Appends the record. */
  void append() {
    record.readPosition(0);
    appender.writeBytes(record);
  }

  /** Records in the queue, the one written while it was opened not counted. */
  long records() {
    return queue.entryCount() - 1;
  }

  private static void prepare(ExcerptAppender appender, long bytes) throws IOException {
    Wire wire = appender.wire();
    File file = appender.currentFile();
    if (wire == null || file == null) {
      throw new IllegalStateException("Chronicle's appender has no segment");
    }
    long firstFree = (wire.bytes().writePosition() / PAGE_BYTES + 1) * PAGE_BYTES;
    try (FileChannel channel = FileChannel.open(file.toPath(), StandardOpenOption.WRITE)) {
      ByteBuffer zeros = ByteBuffer.allocateDirect(PAGE_BYTES);
      for (long at = firstFree; at < firstFree + bytes; at += PAGE_BYTES) {
        zeros.clear();
        channel.write(zeros, at);
      }
      channel.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    Closeable.closeQuietly(appender, queue);
    record.releaseLast();
    scratch.close();
  }
}
