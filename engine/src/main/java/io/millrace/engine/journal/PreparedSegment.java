package io.millrace.engine.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A segment file with disk space made ready ahead of the writer.
 *
 * <p>Ready means: blocks reserved, then zeroed by positional writes, of one page each where forces
 * are waited for. Larger writes, or zeroing through the map, leave large folios in the page cache,
 * and one dirty byte then writes a whole folio at each force; unwritten blocks add a conversion.
 * Both cost a force twice to thrice its time.
 *
 * <p>Threads: {@link #prepareTo} under the preparer's lock; {@link #preparedTo} by anyone.
 */
final class PreparedSegment implements AutoCloseable {

  private static final int PAGE_BYTES = JournalConfig.PAGE_BYTES;

  /** How much is zeroed before a waiting appender hears of it. */
  private static final long PUBLISH_BYTES = 256L << 10;

  private final long number;
  private final StorageFile file;
  private final ByteBuffer zeros;

  /** Written under the preparer's lock, read by the appender too. */
  private volatile long preparedTo;

  private PreparedSegment(long number, StorageFile file, int zeroedBytes) {
    this.number = number;
    this.file = file;
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
    PreparedSegment segment = new PreparedSegment(number, storage.create(path), zeroedBytes);
    try {
      segment.prepareTo(bytes);
      return segment;
    } catch (IOException e) {
      try {
        segment.close();
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

  StorageFile file() {
    return file;
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
    file.reserve(from, to - from);
    for (long at = from; at < to; ) {
      int piece = (int) Math.min(zeros.capacity(), to - at);
      file.write(zeros.clear().limit(piece), at);
      at += piece;
      if (at - preparedTo >= PUBLISH_BYTES) {
        preparedTo = at;
      }
    }
    preparedTo = to;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
