package io.millrace.engine.journal;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A cursor over the frames of one segment file, by large sequential reads.
 *
 * <p>It believes frames (magic, length, checksum) and nothing else: Chronicle's excerpt headers are
 * used only to step over Chronicle's own tables, and its index and write position not at all. After
 * {@link Step#FRAME} the accessors describe the frame; after {@link Step#BAD} the cursor stands at
 * the first byte that is no frame, and {@link #resynchronise} looks for the next one.
 *
 * <p>One thread at a time.
 */
final class SegmentScanner {

  /** What a step found. */
  enum Step {
    /** An intact frame. */
    FRAME,
    /** No intact frame begins here, and the segment's end is not known to be here either. */
    BAD,
    /** The end of what this segment holds. */
    END
  }

  // Excerpt headers of Chronicle: two flag bits over a 30-bit length.
  private static final int NOT_COMPLETE = 0x8000_0000;
  private static final int META_DATA = 0x4000_0000;
  private static final int LENGTH_MASK = 0x3fff_ffff;
  private static final int END_OF_DATA = NOT_COMPLETE | META_DATA;

  /**
   * Chronicle's header and its two index tables end before this offset and none follows later (see
   * {@link ChronicleWriter}), so that a damaged header further on cannot make us skip records.
   */
  static final long TABLES_END = 4096;

  /** No limit is known: the file or Chronicle's end mark ends the segment. */
  static final long UNKNOWN_END = Long.MAX_VALUE;

  private final ScanWindow window;
  private final StorageFile file;
  private final long segment;
  private final long limit;

  private long next;
  private long offset;
  private int frameAt;
  private int frameBytes;
  private boolean zerosOnly;

  /**
   * A cursor at an offset of a file.
   *
   * @param window used by this cursor alone from now on
   * @param fromOffset an excerpt header's offset
   * @param limitOffset where the segment's records are known to end, or {@link #UNKNOWN_END}
   */
  SegmentScanner(
      ScanWindow window, StorageFile file, long segment, long fromOffset, long limitOffset) {
    this.window = window;
    this.file = file;
    this.segment = segment;
    this.limit = limitOffset;
    this.next = fromOffset;
    this.offset = fromOffset;
    window.reset();
  }

  /** Goes to the next frame, the next bad place, or the end. */
  Step next() throws IOException {
    while (next < limit) {
      offset = next;
      if (frameStandsAt(offset)) {
        next = offset + RecordFrame.EXCERPT_HEADER_BYTES + RecordFrame.paddedBytes(frameBytes);
        return Step.FRAME;
      }
      if (!window.covers(file, offset, RecordFrame.EXCERPT_HEADER_BYTES)) {
        // The file ends. That is a place where bytes are missing only if more were known to follow.
        return limit == UNKNOWN_END ? Step.END : Step.BAD;
      }
      int header = window.bytes().getInt(window.indexOf(offset));
      if (header == END_OF_DATA) {
        return limit == UNKNOWN_END ? Step.END : Step.BAD;
      }
      if (offset >= TABLES_END || (header & (NOT_COMPLETE | META_DATA)) != META_DATA) {
        return Step.BAD;
      }
      next =
          offset + RecordFrame.EXCERPT_HEADER_BYTES + RecordFrame.paddedBytes(header & LENGTH_MASK);
    }
    return Step.END;
  }

  /**
   * After {@link Step#BAD}: finds the next intact frame by its magic and checksum.
   *
   * @return FRAME, or END if none follows before the limit
   */
  Step resynchronise() throws IOException {
    long at = offset;
    zerosOnly = true;
    while (at < limit && window.covers(file, at, RecordFrame.EXCERPT_HEADER_BYTES)) {
      int zeros = window.zerosAt(at);
      if (zeros > 0) {
        at += zeros;
        continue;
      }
      zerosOnly &= window.bytes().getInt(window.indexOf(at)) == 0;
      if (frameStandsAt(at)) {
        offset = at;
        next = at + RecordFrame.EXCERPT_HEADER_BYTES + RecordFrame.paddedBytes(frameBytes);
        return Step.FRAME;
      }
      at += Integer.BYTES;
    }
    // Up to the known end, though the file may end before: what should have been there is missing.
    offset = limit == UNKNOWN_END ? at : limit;
    next = limit;
    return Step.END;
  }

  /** After {@link #resynchronise}: whether it passed nothing but zeros. */
  boolean passedOnlyZeros() {
    return zerosOnly;
  }

  /** Position of the frame, or of the bad place. */
  long position() {
    return Position.of(segment, offset);
  }

  /** Position behind the frame. */
  long end() {
    return Position.of(segment, next);
  }

  int frameBytes() {
    return frameBytes;
  }

  boolean isControl() {
    return RecordFrame.isControl(window.bytes(), frameAt);
  }

  long durableMark() {
    return RecordFrame.durableMark(window.bytes(), frameAt);
  }

  /** The frame's body; valid until the next step. */
  ByteBuffer body() {
    return window.view(frameAt + RecordFrame.HEADER_BYTES, frameAt + frameBytes);
  }

  private boolean frameStandsAt(long excerptOffset) throws IOException {
    long frameOffset = excerptOffset + RecordFrame.EXCERPT_HEADER_BYTES;
    if (!window.covers(file, frameOffset, RecordFrame.HEADER_BYTES)) {
      return false;
    }
    int stated = RecordFrame.statedBytes(window.bytes(), window.indexOf(frameOffset));
    if (stated == 0 || !window.covers(file, frameOffset, stated)) {
      return false;
    }
    int at = window.indexOf(frameOffset);
    if (!RecordFrame.isIntact(window.bytes(), at, stated, window.crc())) {
      return false;
    }
    RecordFrame.requireKnownVersion(window.bytes(), at, file.path());
    frameAt = at;
    frameBytes = stated;
    return true;
  }
}
