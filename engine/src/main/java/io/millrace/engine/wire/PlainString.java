package io.millrace.engine.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds the end of a JSON string whose bytes are its text: ASCII without escapes. Hot: eight bytes
 * a step.
 */
final class PlainString {

  /** The string has an escape or a character beyond ASCII, or does not end. */
  static final int NOT_PLAIN = -1;

  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long TOPS = ONES << 7;
  private static final long QUOTES = ONES * '"';
  private static final long BACKSLASHES = ONES * '\\';

  private PlainString() {}

  /**
   * Index of the closing quote, or {@link #NOT_PLAIN}. Whether control characters stand before it,
   * which JSON forbids, is left to the parser.
   *
   * @param from index of the first byte after the opening quote
   * @param to index after the last byte of the input
   */
  static int end(byte[] json, int from, int to) {
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      long word = (long) EIGHT_BYTES.get(json, at);
      long stops = zeroBytes(word ^ QUOTES) | zeroBytes(word ^ BACKSLASHES) | (word & TOPS);
      if (stops != 0) {
        return quoteAt(json, at + Long.numberOfTrailingZeros(stops) / Byte.SIZE);
      }
    }
    for (; at < to; at++) {
      if (json[at] == '"' || json[at] == '\\' || json[at] < 0) {
        return quoteAt(json, at);
      }
    }
    return NOT_PLAIN;
  }

  private static int quoteAt(byte[] json, int at) {
    return json[at] == '"' ? at : NOT_PLAIN;
  }

  /**
   * The top bit of each byte that is zero. Above the lowest such byte others may be marked falsely,
   * by its borrow (H. S. Warren, "Hacker's Delight", "Find First 0-Byte").
   */
  private static long zeroBytes(long word) {
    return (word - ONES) & ~word & TOPS;
  }
}
