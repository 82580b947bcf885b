package io.millrace.engine.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.openhft.chronicle.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/** Memory where frames are encoded, as the JDK and as Chronicle see it. Appender thread only. */
final class FrameMemory {

  private final ByteBuffer buffer;

  /**
   * Made at first use: it loads Chronicle's classes, and opening a journal must not wait for them.
   */
  private @Nullable Bytes<ByteBuffer> view;

  FrameMemory(int bytes) {
    this.buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The memory, little-endian. */
  ByteBuffer buffer() {
    return buffer;
  }

  /** Part of the memory, for Chronicle to copy; one part at a time. */
  Bytes<ByteBuffer> part(int at, int bytes) {
    Bytes<ByteBuffer> all = view;
    if (all == null) {
      all = Bytes.wrapForRead(buffer);
      all.singleThreadedCheckDisabled(true);
      view = all;
    }
    all.readPositionRemaining(at, bytes);
    return all;
  }
}
