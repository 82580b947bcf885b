package io.millrace.engine.journal;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The codec of one record on disk, little-endian. In the file it follows Chronicle's 4-byte excerpt
 * header, at a multiple of four.
 *
 * <pre>
 *   0        4        8        12  13  14      16               24               40
 *   +--------+--------+--------+---+---+-------+----------------+----------------+--------...
 *   | magic  | crc32c | length |ver|flg| zero  |  durable mark  |     key id     |  body
 *   |  u32   |  u32   |  u32   |u8 |u8 | u16   |      u64       |    16 bytes    |
 *   +--------+--------+--------+---+---+-------+----------------+----------------+--------...
 *                     |<------------------------- covered by the checksum -------------->|
 *                              length counts from magic to the end of the body
 * </pre>
 *
 * <p>The checksum covers everything but itself and the magic, which is compared bit by bit: one
 * call over one range. The durable mark is the journal's durable position when the record was
 * written; recovery needs it to tell damage from a tail that was never promised. The key id is zero
 * while bodies are not encrypted.
 */
final class RecordFrame {

  static final int MAGIC = 0x31524C4D; // "MLR1" in file order
  static final byte VERSION = 1;

  static final int MAGIC_OFFSET = 0;
  static final int CRC_OFFSET = 4;
  static final int LENGTH_OFFSET = 8;
  static final int VERSION_OFFSET = 12;
  static final int FLAGS_OFFSET = 13;
  static final int ZERO_OFFSET = 14;
  static final int DURABLE_MARK_OFFSET = 16;
  static final int KEY_ID_OFFSET = 24;
  static final int HEADER_BYTES = 40;

  /** Flag: the journal's own record, never handed to a visitor. */
  static final byte CONTROL = 1;

  /** Chronicle's header before each frame. */
  static final int EXCERPT_HEADER_BYTES = 4;

  static final int FRAME_BYTES_MAX = HEADER_BYTES + Journal.RECORD_BYTES_MAX;

  private RecordFrame() {}

  /** Bytes a frame takes in the file: aligned to four, Chronicle's header apart. */
  static int paddedBytes(int frameBytes) {
    return frameBytes + 3 & ~3;
  }

  /** Writes a frame at an offset of a little-endian buffer; leaves both buffers' positions. */
  static void encode(
      ByteBuffer into, int at, byte flags, long durableMark, ByteBuffer body, CRC32C crc) {
    int bodyBytes = body.remaining();
    int frameBytes = HEADER_BYTES + bodyBytes;
    into.putInt(at + MAGIC_OFFSET, MAGIC);
    into.putInt(at + LENGTH_OFFSET, frameBytes);
    into.put(at + VERSION_OFFSET, VERSION);
    into.put(at + FLAGS_OFFSET, flags);
    into.putShort(at + ZERO_OFFSET, (short) 0);
    into.putLong(at + DURABLE_MARK_OFFSET, durableMark);
    into.putLong(at + KEY_ID_OFFSET, 0);
    into.putLong(at + KEY_ID_OFFSET + Long.BYTES, 0);
    into.put(at + HEADER_BYTES, body, body.position(), bodyBytes);
    for (int pad = frameBytes; pad < paddedBytes(frameBytes); pad++) {
      into.put(at + pad, (byte) 0);
    }
    into.putInt(at + CRC_OFFSET, checksum(into, at, frameBytes, crc));
  }

  /** Gives a frame that is written again its new durable mark. */
  static void remark(ByteBuffer buffer, int at, int frameBytes, long durableMark, CRC32C crc) {
    buffer.putLong(at + DURABLE_MARK_OFFSET, durableMark);
    buffer.putInt(at + CRC_OFFSET, checksum(buffer, at, frameBytes, crc));
  }

  /** The length a header states, or 0 if no frame can begin there; needs {@link #HEADER_BYTES}. */
  static int statedBytes(ByteBuffer buffer, int at) {
    if (buffer.getInt(at + MAGIC_OFFSET) != MAGIC) {
      return 0;
    }
    int frameBytes = buffer.getInt(at + LENGTH_OFFSET);
    return frameBytes >= HEADER_BYTES && frameBytes <= FRAME_BYTES_MAX ? frameBytes : 0;
  }

  /** Whether the bytes of a frame are what was written; needs the whole frame in the buffer. */
  static boolean isIntact(ByteBuffer buffer, int at, int frameBytes, CRC32C crc) {
    return buffer.getInt(at + CRC_OFFSET) == checksum(buffer, at, frameBytes, crc);
  }

  /**
   * Refuses an intact frame of another layout: it is no damage, and skipping it would lose it.
   *
   * @throws JournalFailedException if a later Millrace wrote it
   */
  static void requireKnownVersion(ByteBuffer buffer, int at, Path file) {
    byte version = buffer.get(at + VERSION_OFFSET);
    if (version != VERSION) {
      throw new JournalFailedException(
          file + ": record layout " + version + " is unknown; written by a later version?", null);
    }
  }

  static boolean isControl(ByteBuffer buffer, int at) {
    return (buffer.get(at + FLAGS_OFFSET) & CONTROL) != 0;
  }

  static long durableMark(ByteBuffer buffer, int at) {
    return buffer.getLong(at + DURABLE_MARK_OFFSET);
  }

  private static int checksum(ByteBuffer buffer, int at, int frameBytes, CRC32C crc) {
    int position = buffer.position();
    int limit = buffer.limit();
    crc.reset();
    crc.update(buffer.limit(at + frameBytes).position(at + LENGTH_OFFSET));
    buffer.limit(limit).position(position);
    return (int) crc.getValue();
  }
}
