package io.millrace.engine.journal;

import java.nio.ByteBuffer;

/** Learns where the records of a failed segment went. */
@FunctionalInterface
public interface TailVisitor {

  /**
   * Takes one moved record.
   *
   * @param oldPosition where it was; nothing is there any more
   * @param newPosition where it is now
   * @param body its bytes, little-endian, from position to limit; valid during the call only
   */
  void moved(long oldPosition, long newPosition, ByteBuffer body);
}
