package io.millrace.engine.journal;

/**
 * Packs a record's place into one long: {@code segment number << 40 | byte offset}.
 *
 * <p>The offset is that of the 4-byte excerpt header before the record's frame, a multiple of four.
 * With it a tail position is exactly the position of the next record, unless a new segment begins.
 */
public final class Position {

  private static final int OFFSET_BITS = 40;
  private static final long OFFSET_MASK = (1L << OFFSET_BITS) - 1;

  /** Largest segment number, so that a position is never negative. */
  static final long SEGMENT_MAX = (1L << (63 - OFFSET_BITS)) - 1;

  private Position() {}

  /** The position at an offset of a segment. */
  public static long of(long segment, long offset) {
    return segment << OFFSET_BITS | offset;
  }

  /** Number of the segment a position lies in. */
  public static long segment(long position) {
    return position >>> OFFSET_BITS;
  }

  /** Byte offset of a position in its segment's file. */
  public static long offset(long position) {
    return position & OFFSET_MASK;
  }

  /** A position as people read it: {@code segment:offset}. */
  public static String text(long position) {
    return segment(position) + ":" + offset(position);
  }
}
