package io.millrace.engine.sqs;

import java.nio.charset.StandardCharsets;

/**
 * A user's attribute of a message.
 *
 * @param name at most {@link Limits#ATTRIBUTE_NAME_LENGTH_MAX} bytes
 * @param dataType {@code String}, {@code Number} or {@code Binary}, optionally a dot and a label;
 *     as long as a name at most
 * @param value UTF-8 text, or raw bytes when {@link #isBinary()}; handed over, never written again
 */
public record MessageAttribute(String name, String dataType, byte[] value) {

  public MessageAttribute {
    if (Utf8.length(name) > Limits.ATTRIBUTE_NAME_LENGTH_MAX
        || Utf8.length(dataType) > Limits.ATTRIBUTE_NAME_LENGTH_MAX) {
      throw new IllegalArgumentException("an attribute's name or type is too long");
    }
  }

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
