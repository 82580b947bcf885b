package io.millrace.engine.journal;

import java.nio.ByteBuffer;

/** Takes records one by one, in the order of their positions. */
@FunctionalInterface
public interface RecordVisitor {

  /**
   * Takes one record.
   *
   * @param position where it lies
   * @param frameBytes what it costs on disk, header included, padding apart
   * @param body the verified body, little-endian, from position (seldom 0) to limit; valid during
   *     the call only
   */
  void record(long position, int frameBytes, ByteBuffer body);
}
