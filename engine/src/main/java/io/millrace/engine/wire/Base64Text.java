package io.millrace.engine.wire;

import java.util.Base64;

/** Binary values as the wire carries them: standard Base64. */
final class Base64Text {

  private Base64Text() {}

  /**
   * The bytes of a text.
   *
   * @throws Refusal if the text is no Base64
   */
  static byte[] decode(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw Refusal.malformed("A binary value is not valid Base64.");
    }
  }
}
