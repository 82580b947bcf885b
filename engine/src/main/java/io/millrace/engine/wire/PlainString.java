package io.millrace.engine.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Tells the bytes of text that are the same in a JSON string from those that are not. Hot: eight
 * bytes a step.
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
  private static final long SPACES = ONES * ' ';

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

  /**
   * Index of the first byte that a JSON string cannot hold as it is: a quote, a backslash or a
   * control character; {@code utf8.length} when there is none.
   *
   * @param from index to start from, at most {@code utf8.length}
   */
  static int firstToEscape(byte[] utf8, int from) {
    int at = from;
    for (; at <= utf8.length - Long.BYTES; at += Long.BYTES) {
      long word = (long) EIGHT_BYTES.get(utf8, at);
      long stops = zeroBytes(word ^ QUOTES) | zeroBytes(word ^ BACKSLASHES) | controls(word);
      if (stops != 0) {
        return at + Long.numberOfTrailingZeros(stops) / Byte.SIZE;
      }
    }
    while (at < utf8.length && !isToEscape(utf8[at])) {
      at++;
    }
    return at;
  }

  private static boolean isToEscape(byte b) {
    return b == '"' || b == '\\' || (b >= 0 && b < ' ');
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

  /** The top bit of each byte below a space; falsely above the lowest, as there. */
  private static long controls(long word) {
    return (word - SPACES) & ~word & TOPS;
  }
}
