package io.millrace.engine.journal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The journal's own records in a segment: how it opens, and how the log was closed.
 *
 * <pre>
 *   body of a control frame, little-endian
 *   0        4            8                16               24
 *   +--------+------------+----------------+----------------+------------------...
 *   |  kind  | generation |    segment     | previous tail  |  zeros, first copy
 *   |  u32   |    u32     |      u64       |      u64       |  of an opening only
 *   +--------+------------+----------------+----------------+------------------...
 * </pre>
 *
 * <p>An opening says where the log before this segment ends, whatever the reason for the new
 * segment: a roll, a new start, or a failed segment. What lies between that position and the
 * opening is void: records of a crash that nobody was promised, or copies that a failed force left
 * behind. It is written twice, a page apart, so that one lost page cannot bring the void back.
 *
 * @param kind what it says
 * @param generation the directory the segment was made in
 * @param segment the segment it stands in, so that a file under a wrong name is noticed
 * @param previousTail where the log before it ends
 */
record SegmentMark(Kind kind, int generation, long segment, long previousTail) {

  enum Kind {
    /** First record of a segment. */
    OPENING(1),
    /** Last record of a log that was closed in peace. */
    CLOSING(2);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    private static Kind of(int code) {
      return switch (code) {
        case 1 -> OPENING;
        case 2 -> CLOSING;
        default -> throw new JournalFailedException("unknown control record " + code, null);
      };
    }
  }

  private static final int KIND_OFFSET = 0;
  private static final int GENERATION_OFFSET = 4;
  private static final int SEGMENT_OFFSET = 8;
  private static final int PREVIOUS_TAIL_OFFSET = 16;
  private static final int BODY_BYTES = 24;

  /** Pads the first copy of an opening so that the second lies on another page. */
  private static final int PAGE_BYTES = 4096;

  /** The largest mark's body. */
  static final int BODY_BYTES_MAX = PAGE_BYTES;

  /** The body, padded to a page where another copy follows. */
  ByteBuffer body(boolean padded) {
    ByteBuffer body =
        ByteBuffer.allocate(padded ? PAGE_BYTES : BODY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    body.putInt(KIND_OFFSET, kind.code);
    body.putInt(GENERATION_OFFSET, generation);
    body.putLong(SEGMENT_OFFSET, segment);
    body.putLong(PREVIOUS_TAIL_OFFSET, previousTail);
    return body;
  }

  /** Reads the body of an intact control frame. */
  static SegmentMark of(ByteBuffer body) {
    int at = body.position();
    return new SegmentMark(
        Kind.of(body.getInt(at + KIND_OFFSET)),
        body.getInt(at + GENERATION_OFFSET),
        body.getLong(at + SEGMENT_OFFSET),
        body.getLong(at + PREVIOUS_TAIL_OFFSET));
  }
}
