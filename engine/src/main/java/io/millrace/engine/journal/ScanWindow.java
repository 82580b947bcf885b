package io.millrace.engine.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * A sliding view of one file for a sequential reader: large reads, one buffer, used again for the
 * next file. One thread at a time.
 */
final class ScanWindow {

  /** Room for the largest frame. */
  static final int LARGEST_FRAME_BYTES = 2 << 20;

  /** Read size for a whole file: runs at memory speed, and what it read is still in the cache. */
  static final int LARGE_READ_BYTES = 1 << 20;

  private static final int PAGE_BYTES = 4096;
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 << 10).asReadOnlyBuffer();

  private final ByteBuffer bytes;
  private final ByteBuffer view;
  private final ByteBuffer zeros = ZEROS.duplicate();
  private final CRC32C crc = new CRC32C();
  private final int readBytes;

  /** The buffer holds the file's bytes from {@code start}, {@code length} of them. */
  private long start;

  private int length;

  /**
   * @param readBytes how much one read takes
   * @param capacityBytes the largest range it can cover, at least {@code readBytes}
   */
  ScanWindow(int readBytes, int capacityBytes) {
    this.readBytes = readBytes;
    this.bytes = ByteBuffer.allocateDirect(capacityBytes).order(ByteOrder.LITTLE_ENDIAN);
    this.view = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Forgets what it holds: another file comes. */
  void reset() {
    start = 0;
    length = 0;
  }

  /** The buffer, for absolute reads at {@link #indexOf}. */
  ByteBuffer bytes() {
    return bytes;
  }

  CRC32C crc() {
    return crc;
  }

  /** Where in the buffer a byte of the file is, after {@link #covers} for it. */
  int indexOf(long offset) {
    return (int) (offset - start);
  }

  /** A view of part of the buffer, from position to limit; one at a time. */
  ByteBuffer view(int from, int to) {
    return view.limit(to).position(from);
  }

  /**
   * Brings a range of the file into the buffer; false if the file ends before the range does, or
   * the range is larger than the buffer.
   */
  boolean covers(StorageFile file, long offset, int count) throws IOException {
    if (offset >= start && offset + count <= start + length) {
      return true;
    }
    if (count > bytes.capacity()) {
      return false;
    }
    int kept = 0;
    if (offset >= start && offset < start + length) {
      bytes.limit(length).position(indexOf(offset));
      kept = bytes.remaining();
      bytes.compact();
    }
    bytes.clear().position(kept).limit(Math.max(readBytes, count));
    start = offset;
    length = kept;
    try {
      length += file.read(bytes, offset + kept);
    } catch (IOException e) {
      // Part of it was read, perhaps; begin again and step around the page that cannot be read.
      length += readAroundBadPages(file, offset, kept, e);
    } finally {
      bytes.clear();
    }
    return length >= count;
  }

  /**
   * Length of a run of zeros at an offset inside the buffer, a multiple of four, as far as one
   * quick comparison tells; 0 if there is none worth skipping.
   */
  int zerosAt(long offset) {
    int from = indexOf(offset);
    int available = Math.min(length - from, ZEROS.capacity()) & ~3;
    if (available < Long.BYTES || bytes.getLong(from) != 0) {
      return 0;
    }
    int mismatch = view(from, from + available).mismatch(zeros.limit(available).position(0));
    return mismatch < 0 ? available : mismatch & ~3;
  }

  /** An unreadable page is damage like any other: it reads as zeros, and what follows is found. */
  private int readAroundBadPages(StorageFile file, long offset, int kept, IOException first)
      throws IOException {
    int from = kept;
    int to = (int) Math.min(bytes.limit(), file.bytes() - offset);
    boolean anyRead = false;
    while (from < to) {
      int until = Math.min(to, from + PAGE_BYTES - (int) ((offset + from) % PAGE_BYTES));
      try {
        file.read(bytes.limit(until).position(from), offset + from);
        anyRead = true;
      } catch (IOException e) {
        first.addSuppressed(e);
        for (int i = from; i < until; i++) {
          bytes.put(i, (byte) 0);
        }
      }
      from = until;
    }
    if (!anyRead) {
      throw first; // Not a bad page but a bad file.
    }
    return Math.max(0, to - kept);
  }
}
