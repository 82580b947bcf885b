package io.millrace.engine.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * Open files for reading single records, the most recently used few.
 *
 * <p>Any thread: the lock is held to look a file up, never while reading. A file may be closed
 * under a reader by eviction or a drop; the reader then looks it up again.
 */
final class ReadChannels implements AutoCloseable {

  private static final int OPEN_MAX = 32;
  private static final int ATTEMPTS = 8;

  private final Storage storage;
  private final SegmentCatalog catalog;

  // Parallel arrays, scanned: no boxing on the way to a record.
  private final long[] numbers = new long[OPEN_MAX];
  private final long[] lastUse = new long[OPEN_MAX];
  private final @Nullable StorageFile[] files = new @Nullable StorageFile[OPEN_MAX];
  private long uses;

  ReadChannels(Storage storage, SegmentCatalog catalog) {
    this.storage = storage;
    this.catalog = catalog;
  }

  /**
   * Reads and verifies one record; hot: allocates nothing once buffer and file are warm.
   *
   * @param tail where the log ends; nothing behind it is worth reading
   */
  ByteBuffer read(long position, long tail, ReadBuffer into) {
    int held = into.indexOf(position + RecordFrame.EXCERPT_HEADER_BYTES);
    if (held >= 0) {
      int frameBytes = RecordFrame.statedBytes(into.bytes(), held);
      if (frameBytes > 0
          && frameBytes <= into.heldFrom(held)
          && isMessage(into, held, frameBytes)) {
        return into.body(held, frameBytes);
      }
    }
    return readFile(position, into.isNext(position) ? aheadBytes(position, tail) : 0, into);
  }

  private static int aheadBytes(long position, long tail) {
    boolean tailIsNear =
        Position.segment(tail) == Position.segment(position)
            && tail - position < ReadBuffer.AHEAD_BYTES;
    return tailIsNear ? (int) (tail - position) : ReadBuffer.AHEAD_BYTES;
  }

  private static boolean isMessage(ReadBuffer into, int at, int frameBytes) {
    ByteBuffer bytes = into.bytes();
    return RecordFrame.isIntact(bytes, at, frameBytes, into.crc())
        && !RecordFrame.isControl(bytes, at);
  }

  private ByteBuffer readFile(long position, int aheadBytes, ReadBuffer into) {
    int bytes = Math.max(ReadBuffer.SINGLE_BYTES, aheadBytes);
    for (int attempt = 1; ; attempt++) {
      StorageFile file = file(position);
      try {
        return read(file, position, bytes, into);
      } catch (ClosedChannelException e) {
        forget(file);
        if (attempt == ATTEMPTS) {
          throw new DamagedRecordException(position, name(file), "file closed", e);
        }
      } catch (IOException e) {
        if (bytes == ReadBuffer.SINGLE_BYTES) {
          throw new DamagedRecordException(position, name(file), "cannot be read", e);
        }
        bytes = ReadBuffer.SINGLE_BYTES; // the bad place may lie behind the record
      }
    }
  }

  private static ByteBuffer read(StorageFile file, long position, int bytes, ReadBuffer into)
      throws IOException {
    long from = position + RecordFrame.EXCERPT_HEADER_BYTES;
    long offset = Position.offset(from);
    ByteBuffer frame = into.forget(from);
    int read = file.read(frame.limit(bytes), offset);
    if (read < RecordFrame.HEADER_BYTES) {
      throw new DamagedRecordException(position, name(file), "the file ends before it", null);
    }
    int frameBytes = RecordFrame.statedBytes(frame, 0);
    if (frameBytes == 0) {
      throw new DamagedRecordException(position, name(file), "no record begins here", null);
    }
    into.holds(read);
    if (frameBytes > read) {
      frame = into.grownTo(frameBytes);
      read += file.read(frame.limit(frameBytes).position(read), offset + read);
      if (read < frameBytes) {
        throw new DamagedRecordException(position, name(file), "the file ends inside it", null);
      }
      into.holds(read);
    }
    if (!RecordFrame.isIntact(frame.clear(), 0, frameBytes, into.crc())) {
      throw new DamagedRecordException(position, name(file), "checksum differs", null);
    }
    if (RecordFrame.isControl(frame, 0)) {
      throw new DamagedRecordException(position, name(file), "a control record", null);
    }
    return into.body(0, frameBytes);
  }

  private synchronized StorageFile file(long position) {
    long number = Position.segment(position);
    uses++;
    int oldest = 0;
    for (int i = 0; i < OPEN_MAX; i++) {
      StorageFile file = files[i];
      if (file != null && numbers[i] == number) {
        lastUse[i] = uses;
        return file;
      }
      if (lastUse[i] < lastUse[oldest]) {
        oldest = i;
      }
    }
    SegmentCatalog.Entry entry = catalog.find(number);
    if (entry == null) {
      throw new DamagedRecordException(position, "no file", "no such segment", null);
    }
    try {
      StorageFile file = storage.open(entry.path);
      closeSlot(oldest);
      files[oldest] = file;
      numbers[oldest] = number;
      lastUse[oldest] = uses;
      return file;
    } catch (IOException e) {
      throw new DamagedRecordException(position, entry.path.toString(), "cannot be opened", e);
    }
  }

  private synchronized void forget(StorageFile file) {
    for (int i = 0; i < OPEN_MAX; i++) {
      if (files[i] == file) {
        files[i] = null;
        lastUse[i] = 0;
      }
    }
  }

  /** Closes a segment's file: it is about to be deleted. */
  synchronized void drop(long number) throws IOException {
    for (int i = 0; i < OPEN_MAX; i++) {
      if (files[i] != null && numbers[i] == number) {
        closeSlot(i);
      }
    }
  }

  @Override
  public synchronized void close() throws IOException {
    for (int i = 0; i < OPEN_MAX; i++) {
      closeSlot(i);
    }
  }

  private void closeSlot(int slot) throws IOException {
    StorageFile file = files[slot];
    files[slot] = null;
    lastUse[slot] = 0;
    if (file != null) {
      file.close();
    }
  }

  private static String name(StorageFile file) {
    return file.path().toString();
  }
}
