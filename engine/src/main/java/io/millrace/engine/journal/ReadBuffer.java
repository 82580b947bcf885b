package io.millrace.engine.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * A reading thread's own buffer for {@link Journal#read}; grows to the largest record it met.
 *
 * <p>Direct, so that a read is one copy and the checksum runs on the bytes in place. One thread at
 * a time. What a read returned is valid until the next read.
 */
public final class ReadBuffer {

  /** What a first read asks for: a 1 KiB message with its frame, in one system call. */
  private static final int INITIAL_BYTES = 2048;

  private final CRC32C crc = new CRC32C();
  private ByteBuffer frame =
      ByteBuffer.allocateDirect(INITIAL_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  CRC32C crc() {
    return crc;
  }

  /** The buffer, cleared. */
  ByteBuffer cleared() {
    return frame.clear();
  }

  /** A buffer of at least this many bytes that begins with what the old one held. */
  ByteBuffer grownTo(int bytes) {
    if (frame.capacity() < bytes) {
      int capacity = Math.min(RecordFrame.FRAME_BYTES_MAX, Integer.highestOneBit(bytes) << 1);
      ByteBuffer grown = ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
      frame.flip();
      grown.put(frame);
      frame = grown;
    }
    return frame;
  }
}
