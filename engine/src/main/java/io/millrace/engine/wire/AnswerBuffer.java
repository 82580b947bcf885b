package io.millrace.engine.wire;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;

/**
 * Bytes of an answer under construction: text appended in UTF-8, escaped for JSON or XML where
 * asked. Hot: one a loop, cleared between answers.
 */
final class AnswerBuffer {

  /** Kept between answers at most; a larger answer's array is given back. */
  static final int KEPT_BYTES_MAX = 256 * 1024;

  private static final byte[] HEX = MessageText.encode("0123456789abcdef");
  private static final byte[] REPLACEMENT = {(byte) 0xEF, (byte) 0xBF, (byte) 0xBD};
  private static final int INITIAL_BYTES = 4 * 1024;

  /** Bytes that cannot stand for themselves in a JSON string. */
  private static final boolean[] JSON_SPECIAL = new boolean[128];

  /** Bytes that cannot stand for themselves in XML text. */
  private static final boolean[] XML_SPECIAL = new boolean[128];

  static {
    for (int c = 0; c < 0x20; c++) {
      JSON_SPECIAL[c] = true;
      XML_SPECIAL[c] = c != '\t' && c != '\n';
    }
    JSON_SPECIAL['"'] = true;
    JSON_SPECIAL['\\'] = true;
    for (char c : new char[] {'<', '>', '&', '"'}) {
      XML_SPECIAL[c] = true;
    }
  }

  private byte[] bytes = new byte[INITIAL_BYTES];
  private int length;

  void clear() {
    length = 0;
    if (bytes.length > KEPT_BYTES_MAX) {
      bytes = new byte[INITIAL_BYTES];
    }
  }

  int length() {
    return length;
  }

  /** Forgets what was appended after the first that many bytes. */
  AnswerBuffer truncate(int keptBytes) {
    length = keptBytes;
    return this;
  }

  void writeTo(ByteBuf out) {
    out.writeBytes(bytes, 0, length);
  }

  /** Room for that many more bytes, so that the next answer of the kind grows the array once. */
  void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
    }
  }

  /** Appends bytes as they are. */
  AnswerBuffer raw(byte[] ready) {
    reserve(ready.length);
    System.arraycopy(ready, 0, bytes, length, ready.length);
    length += ready.length;
    return this;
  }

  /** Appends ASCII text as it is. */
  AnswerBuffer ascii(String text) {
    int count = text.length();
    reserve(count);
    byte[] to = bytes;
    int at = length;
    for (int i = 0; i < count; i++) {
      to[at + i] = (byte) text.charAt(i);
    }
    length = at + count;
    return this;
  }

  AnswerBuffer number(long value) {
    return ascii(Long.toString(value));
  }

  /** Appends bytes as lower-case hexadecimal digits. */
  AnswerBuffer hex(byte[] digest) {
    reserve(2 * digest.length);
    for (byte b : digest) {
      bytes[length++] = HEX[(b >> 4) & 0xF];
      bytes[length++] = HEX[b & 0xF];
    }
    return this;
  }

  AnswerBuffer uuid(UUID id) {
    return uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }

  /** Appends 128 bits in the form of a UUID: 8-4-4-4-12 hexadecimal digits. */
  AnswerBuffer uuid(long high, long low) {
    reserve(36);
    hexDigits(high, 64, 32);
    bytes[length++] = '-';
    hexDigits(high, 32, 16);
    bytes[length++] = '-';
    hexDigits(high, 16, 0);
    bytes[length++] = '-';
    hexDigits(low, 64, 48);
    bytes[length++] = '-';
    hexDigits(low, 48, 0);
    return this;
  }

  private void hexDigits(long value, int fromBit, int toBit) {
    for (int shift = fromBit - 4; shift >= toBit; shift -= 4) {
      bytes[length++] = HEX[(int) (value >>> shift) & 0xF];
    }
  }

  AnswerBuffer base64(byte[] value) {
    return raw(Base64.getEncoder().encode(value));
  }

  // JSON strings, with their quotes.

  AnswerBuffer json(byte[] utf8) {
    reserve(utf8.length + 2);
    bytes[length++] = '"';
    int run = 0;
    int special = PlainString.firstToEscape(utf8, 0);
    while (special < utf8.length) {
      copy(utf8, run, special);
      jsonEscape(utf8[special]);
      run = special + 1;
      special = PlainString.firstToEscape(utf8, run);
    }
    copy(utf8, run, utf8.length);
    reserve(1);
    bytes[length++] = '"';
    return this;
  }

  AnswerBuffer json(String text) {
    reserve(text.length() + 2);
    bytes[length++] = '"';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        i = wide(text, i);
      } else if (JSON_SPECIAL[c]) {
        jsonEscape((byte) c);
      } else {
        one((byte) c);
      }
    }
    one((byte) '"');
    return this;
  }

  private void jsonEscape(byte b) {
    reserve(6);
    bytes[length++] = '\\';
    switch (b) {
      case '\n' -> bytes[length++] = 'n';
      case '\r' -> bytes[length++] = 'r';
      case '\t' -> bytes[length++] = 't';
      case '"', '\\' -> bytes[length++] = b;
      default -> ascii("u00").one(HEX[b >> 4]).one(HEX[b & 0xF]);
    }
  }

  // XML text.

  AnswerBuffer xml(byte[] utf8) {
    reserve(utf8.length);
    int run = 0;
    for (int i = 0; i < utf8.length; i++) {
      byte b = utf8[i];
      if (b >= 0 && XML_SPECIAL[b]) {
        copy(utf8, run, i);
        xmlEscape(b);
        run = i + 1;
      }
    }
    copy(utf8, run, utf8.length);
    return this;
  }

  AnswerBuffer xml(String text) {
    reserve(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        i = wide(text, i);
      } else if (XML_SPECIAL[c]) {
        xmlEscape((byte) c);
      } else {
        one((byte) c);
      }
    }
    return this;
  }

  /**
   * A carriage return would be read back as a line feed; other controls have no form in XML 1.0 at
   * all.
   */
  private void xmlEscape(byte b) {
    switch (b) {
      case '<' -> ascii("&lt;");
      case '>' -> ascii("&gt;");
      case '&' -> ascii("&amp;");
      case '"' -> ascii("&quot;");
      case '\r' -> ascii("&#xD;");
      default -> raw(REPLACEMENT);
    }
  }

  /** Appends the non-ASCII character at i; returns the index of its last char. */
  private int wide(String text, int i) {
    int point = text.codePointAt(i);
    reserve(4);
    if (point < 0x800) {
      bytes[length++] = (byte) (0xC0 | (point >> 6));
      bytes[length++] = (byte) (0x80 | (point & 0x3F));
    } else if (point >= 0x10000) {
      bytes[length++] = (byte) (0xF0 | (point >> 18));
      bytes[length++] = (byte) (0x80 | ((point >> 12) & 0x3F));
      bytes[length++] = (byte) (0x80 | ((point >> 6) & 0x3F));
      bytes[length++] = (byte) (0x80 | (point & 0x3F));
      return i + 1;
    } else if (Character.isSurrogate((char) point) || point >= 0xFFFE) {
      raw(REPLACEMENT);
    } else {
      bytes[length++] = (byte) (0xE0 | (point >> 12));
      bytes[length++] = (byte) (0x80 | ((point >> 6) & 0x3F));
      bytes[length++] = (byte) (0x80 | (point & 0x3F));
    }
    return i;
  }

  private void copy(byte[] from, int start, int end) {
    reserve(end - start);
    System.arraycopy(from, start, bytes, length, end - start);
    length += end - start;
  }

  private AnswerBuffer one(byte b) {
    reserve(1);
    bytes[length++] = b;
    return this;
  }
}
