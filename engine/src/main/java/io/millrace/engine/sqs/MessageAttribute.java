package io.millrace.engine.sqs;

import java.nio.charset.StandardCharsets;

/**
 * A user's attribute of a message.
 *
 * @param name 1 to 256 characters
 * @param dataType {@code String}, {@code Number} or {@code Binary}, optionally a dot and a label
 * @param value UTF-8 text, or raw bytes when {@link #isBinary()}; handed over, never written again
 */
public record MessageAttribute(String name, String dataType, byte[] value) {

  /** Whether the value travels as BinaryValue rather than StringValue. */
  public boolean isBinary() {
    return dataType.startsWith("Binary");
  }

  /** The value as text; only for attributes that are not binary. */
  public String text() {
    return new String(value, StandardCharsets.UTF_8);
  }

  /** What the attribute adds to the size of its message: name, type and value, in bytes. */
  public int sizeBytes() {
    return Utf8.length(name) + Utf8.length(dataType) + value.length;
  }
}
