package io.millrace.engine.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A segment file with disk space made ready ahead of the writer.
 *
 * <p>Ready means: blocks reserved, then zeroed by positional writes, of one page each where forces
 * are waited for. Larger writes, or zeroing through the map, leave large folios in the page cache,
 * and one dirty byte then writes a whole folio at each force; unwritten blocks add a conversion.
 * Both cost a force twice to thrice its time.
 *
 * <p>It is open twice, once for each of its forces: Linux tells a failed write-back once to each
 * open file description (errseq_t, since 4.13), so through a shared one a force of zeros could take
 * the error that the force of records is to report, and bytes the device lost would count as
 * durable.
 *
 * <p>Threads: {@link #prepareTo} under the preparer's lock; {@link #preparedTo} and {@link #path}
 * by anyone; {@link #forceZeros} by preparation; the rest by whoever forces records.
 */
final class PreparedSegment implements AutoCloseable {

  private static final int PAGE_BYTES = JournalConfig.PAGE_BYTES;

  /** How much is zeroed before a waiting appender hears of it. */
  private static final long PUBLISH_BYTES = 256L << 10;

  private final long number;

  /** Written with zeros, and forced for them. */
  private final StorageFile ahead;

  /** Forced for the records. */
  private final StorageFile behind;

  private final ByteBuffer zeros;

  /** Written under the preparer's lock, read by the appender too. */
  private volatile long preparedTo;

  private PreparedSegment(long number, StorageFile ahead, StorageFile behind, int zeroedBytes) {
    this.number = number;
    this.ahead = ahead;
    this.behind = behind;
    this.zeros = ByteBuffer.allocateDirect(zeroedBytes);
  }

  /**
   * Makes the file, with its first bytes prepared.
   *
   * @param zeroedBytes the largest piece to write at once, a multiple of a page
   * @throws NoSpaceException if there is no room; then no file is left
   */
  static PreparedSegment create(
      Storage storage, Path path, long number, long bytes, int zeroedBytes) throws IOException {
    StorageFile ahead = storage.create(path);
    @Nullable StorageFile behind = null;
    try {
      behind = storage.open(path);
      PreparedSegment segment = new PreparedSegment(number, ahead, behind, zeroedBytes);
      segment.prepareTo(bytes);
      return segment;
    } catch (IOException e) {
      try {
        closeBoth(ahead, behind);
        storage.delete(path);
      } catch (IOException inCleanup) {
        e.addSuppressed(inCleanup);
      }
      throw e;
    }
  }

  long number() {
    return number;
  }

  Path path() {
    return ahead.path();
  }

  /** Every byte below this offset has its place on disk and is zero until it is written. */
  long preparedTo() {
    return preparedTo;
  }

  /**
   * Prepares up to an offset, rounded up to a page.
   *
   * @throws NoSpaceException if there is no room; what was prepared before stays so
   */
  void prepareTo(long offset) throws IOException {
    long from = preparedTo;
    long to = (offset + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    if (to <= from) {
      return;
    }
    ahead.reserve(from, to - from);
    for (long at = from; at < to; ) {
      int piece = (int) Math.min(zeros.capacity(), to - at);
      ahead.write(zeros.clear().limit(piece), at);
      at += piece;
      if (at - preparedTo >= PUBLISH_BYTES) {
        preparedTo = at;
      }
    }
    preparedTo = to;
  }

  /**
   * Makes the zeros durable, and the file's length with them.
   *
   * @throws IOException if the device failed; {@link #forceRecords} then fails too, once
   */
  void forceZeros() throws IOException {
    ahead.force();
  }

  /**
   * Makes every byte written so far durable.
   *
   * @throws IOException if the device failed since the last call, whoever else was told
   */
  void forceRecords() throws IOException {
    behind.force();
  }

  /** Cuts off what is prepared beyond an offset, durably. */
  void endAt(long offset) throws IOException {
    behind.truncate(offset);
    behind.force();
  }

  @Override
  public void close() throws IOException {
    closeBoth(ahead, behind);
  }

  private static void closeBoth(StorageFile ahead, @Nullable StorageFile behind)
      throws IOException {
    try (ahead;
        behind) {
      // Each is closed even if the other's close fails.
    }
  }
}
