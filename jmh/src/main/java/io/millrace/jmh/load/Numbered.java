package io.millrace.jmh.load;

import java.util.HexFormat;

/**
 * Bodies that carry their message's number: sixteen hexadecimal digits, then letters up to the
 * size.
 */
final class Numbered {

  /** The smallest body: the number alone. */
  static final int BYTES_MIN = 16;

  private static final HexFormat HEX = HexFormat.of();
  private static final String LETTERS = "The quick brown fox jumps over the lazy dog. ";

  private Numbered() {}

  /** The body of a message. */
  static String body(long number, int bytes) {
    StringBuilder body = new StringBuilder(bytes).append(HEX.toHexDigits(number));
    while (body.length() < bytes) {
      body.append(LETTERS, 0, Math.min(LETTERS.length(), bytes - body.length()));
    }
    return body.toString();
  }

  /** The number's digits. */
  static String digits(long number) {
    return HEX.toHexDigits(number);
  }

  /**
   * The number a body carries.
   *
   * @throws IllegalArgumentException if it carries none
   */
  static long numberOf(String body) {
    return HexFormat.fromHexDigitsToLong(body, 0, BYTES_MIN);
  }
}
