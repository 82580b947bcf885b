package io.millrace.engine.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * A reading thread's own buffer for {@link Journal#read}; grows to the largest record it met.
 *
 * <p>It knows which place of the log its bytes come from. Messages are mostly received in the order
 * they were sent, so after a record that followed the one before, more is read than was asked for,
 * and the records behind it cost no system call. What is appended is never changed where it lies,
 * so old bytes are right or, where nothing was written yet when they were read, no intact record.
 *
 * <p>Direct, so that a read is one copy and the checksum runs on the bytes in place. One thread at
 * a time. What a read returned is valid until the next read.
 */
public final class ReadBuffer {

  /** What a read out of order asks for: a 1 KiB message with its frame, in one system call. */
  static final int SINGLE_BYTES = 2 << 10;

  /** What a read in order asks for: a batch of ten such messages. */
  static final int AHEAD_BYTES = 16 << 10;

  /** Between two messages lie the records of what was received and deleted meanwhile. */
  private static final int GAP_BYTES_MAX = 4 << 10;

  private final CRC32C crc = new CRC32C();
  private ByteBuffer bytes = ByteBuffer.allocateDirect(AHEAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  /** Position of the first byte, and how many are held from there on. */
  private long heldFrom;

  private int held;

  /** Position behind the record that was read last. */
  private long lastEnd = Journal.NO_POSITION;

  CRC32C crc() {
    return crc;
  }

  /** Where in the buffer a position lies that at least a header is held of; otherwise negative. */
  int indexOf(long position) {
    long index = position - heldFrom;
    return index >= 0 && index + RecordFrame.HEADER_BYTES <= held ? (int) index : -1;
  }

  /** How many bytes are held from an index on. */
  int heldFrom(int index) {
    return held - index;
  }

  /** Whether a position follows the record that was read last. */
  boolean isNext(long position) {
    long gap = position - lastEnd;
    return lastEnd != Journal.NO_POSITION && gap >= 0 && gap <= GAP_BYTES_MAX;
  }

  /** The buffer, to be filled from a position on; it holds nothing until told. */
  ByteBuffer forget(long position) {
    heldFrom = position;
    held = 0;
    return bytes.clear();
  }

  /** Tells how many bytes are held now. */
  void holds(int count) {
    held = count;
  }

  /** All that is held. */
  ByteBuffer bytes() {
    return bytes.clear();
  }

  /** The body of the frame at an index, which is the record that was read last. */
  ByteBuffer body(int index, int frameBytes) {
    lastEnd = heldFrom + index + frameBytes;
    return bytes.limit(index + frameBytes).position(index + RecordFrame.HEADER_BYTES);
  }

  /** A buffer of at least this many bytes that begins with what the old one held. */
  ByteBuffer grownTo(int wanted) {
    if (bytes.capacity() < wanted) {
      int capacity = Math.min(RecordFrame.FRAME_BYTES_MAX, Integer.highestOneBit(wanted) << 1);
      ByteBuffer grown = ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
      grown.put(bytes.position(0).limit(held));
      bytes = grown;
    }
    return bytes;
  }
}
