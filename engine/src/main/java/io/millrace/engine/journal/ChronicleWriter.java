package io.millrace.engine.journal;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import net.openhft.chronicle.core.Jvm;
import net.openhft.chronicle.core.io.Closeable;
import net.openhft.chronicle.core.time.TimeProvider;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.RollCycles;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueStore;
import net.openhft.chronicle.wire.Wire;

/**
 * Chronicle Queue in a directory that this process has just made: one generation of the journal.
 *
 * <p>Looks odd, is on purpose:
 *
 * <ul>
 *   <li>Hours are segment numbers. Chronicle rolls by its clock; ours reads {@code segment number}
 *       hours after the epoch, so a new segment begins when we say so and the wall clock has no
 *       say.
 *   <li>The index tables are as small as they can be (8 entries) and take one entry in 2^26
 *       records. Nobody reads Chronicle's index here. With these numbers its header and both tables
 *       lie in the file's first page, so an append dirties that page and its own, and no table ever
 *       appears between records.
 *   <li>A segment is one block, so one map, and nothing is mapped anew while appending.
 * </ul>
 *
 * <p>Threads: one appender; {@link #createStore} by the preparer, beside it.
 */
final class ChronicleWriter implements AutoCloseable {

  private static final long HOUR_MS = 3_600_000;
  private static final int HOURS_A_DAY = 24;

  private static final int INDEX_COUNT = 8;

  /** With eight entries the largest spacing that keeps Chronicle's sequence at 32 bits. */
  private static final int INDEX_SPACING = 1 << 26;

  /** Chronicle takes records up to a quarter of a block. */
  private static final long BLOCK_BYTES_MIN = 8L << 20;

  /** Chronicle waits this long for a lock or a header that, in a fresh directory, nobody holds. */
  private static final long TIMEOUT_MS = 500;

  private final SingleChronicleQueue queue;
  private final ExcerptAppender appender;
  private final SegmentClock clock;

  /** Stores held open until the appender has rolled into them, by segment number; guarded by it. */
  private final Map<Long, SingleChronicleQueueStore> stores = new HashMap<>();

  private ChronicleWriter(
      SingleChronicleQueue queue, ExcerptAppender appender, SegmentClock clock) {
    this.queue = queue;
    this.appender = appender;
    this.clock = clock;
  }

  /**
   * Opens Chronicle in an empty directory. The first call of a process loads its classes: half a
   * second.
   *
   * @throws JournalFailedException if Chronicle does not work in this JVM
   */
  static ChronicleWriter open(Path directory, long segmentBytes) {
    Jvm.disablePerfHandler(); // "Took n us to grow file" is no news to our user.
    SegmentClock clock = new SegmentClock();
    SingleChronicleQueue queue =
        SingleChronicleQueueBuilder.single(directory.toFile())
            .rollCycle(RollCycles.FAST_HOURLY)
            .timeProvider(clock)
            .blockSize(Math.max(segmentBytes, BLOCK_BYTES_MIN))
            .indexCount(INDEX_COUNT)
            .indexSpacing(INDEX_SPACING)
            .timeoutMS(TIMEOUT_MS)
            .build();
    try {
      // Chronicle falls back to a read-only queue on any trouble; only this call tells.
      ExcerptAppender appender = queue.createAppender();
      appender.singleThreadedCheckDisabled(true);
      return new ChronicleWriter(queue, appender, clock);
    } catch (RuntimeException e) {
      queue.close();
      throw new JournalFailedException(directory + ": Chronicle made no appender", e);
    }
  }

  /** The name Chronicle gives a segment's file. */
  static String fileName(long segment) {
    LocalDate day = LocalDate.ofEpochDay(segment / HOURS_A_DAY);
    return String.format(
        Locale.ROOT,
        "%04d%02d%02d-%02dF.cq4",
        day.getYear(),
        day.getMonthValue(),
        day.getDayOfMonth(),
        segment % HOURS_A_DAY);
  }

  /** The segment a file name stands for, or -1 if it is not a segment's. */
  static long segmentOf(String fileName) {
    if (!fileName.matches("\\d{8}-\\d{2}F\\.cq4")) {
      return -1;
    }
    LocalDate day =
        LocalDate.of(
            Integer.parseInt(fileName.substring(0, 4)),
            Integer.parseInt(fileName.substring(4, 6)),
            Integer.parseInt(fileName.substring(6, 8)));
    return day.toEpochDay() * HOURS_A_DAY + Integer.parseInt(fileName.substring(9, 11));
  }

  /** Writes Chronicle's header and tables into a segment's prepared file and maps it. */
  void createStore(long segment) {
    SingleChronicleQueueStore store = queue.storeForCycle((int) segment, 0, true, null);
    if (store == null) {
      throw new IllegalStateException("Chronicle made no store for segment " + segment);
    }
    synchronized (stores) {
      stores.put(segment, store);
    }
  }

  /** Makes a segment with a store the one that {@link #write} goes to. */
  void turnTo(long segment) {
    clock.segment = segment;
  }

  /**
   * Appends one excerpt.
   *
   * @param memory holds the frame
   * @param at where in it the frame begins
   * @param bytes a multiple of four
   * @return offset of the excerpt's header in the segment's file
   */
  long write(FrameMemory memory, int at, int bytes) {
    appender.writeBytes(memory.part(at, bytes));
    Wire wire = appender.wire();
    if (wire == null) {
      throw new IllegalStateException("Chronicle's appender has no segment");
    }
    return wire.bytes().writePosition() - bytes - RecordFrame.EXCERPT_HEADER_BYTES;
  }

  /** Lets go of the stores before a segment: the appender has left them. */
  void releaseStoresBefore(long segment) {
    synchronized (stores) {
      stores
          .entrySet()
          .removeIf(
              entry -> {
                if (entry.getKey() < segment) {
                  Closeable.closeQuietly(entry.getValue());
                  return true;
                }
                return false;
              });
    }
  }

  @Override
  public void close() {
    releaseStoresBefore(Long.MAX_VALUE);
    Closeable.closeQuietly(appender, queue);
  }

  /** A clock that reads the number of the segment in hours. */
  private static final class SegmentClock implements TimeProvider {

    /** Appender writes; Chronicle reads on the appender's and the preparer's thread. */
    private volatile long segment;

    @Override
    public long currentTimeMillis() {
      return segment * HOUR_MS;
    }

    @Override
    public long currentTimeMicros() {
      return segment * HOUR_MS * 1_000;
    }

    @Override
    public long currentTimeNanos() {
      return segment * HOUR_MS * 1_000_000;
    }
  }
}
