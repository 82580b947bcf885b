package io.millrace.chaos.history;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * 128 bits that stand for a text of the server's choosing: a message id or a receipt handle. A UUID
 * stands for itself, any other text for the first half of its SHA-256, so two different texts never
 * share one in practice.
 *
 * @param high the first eight bytes
 * @param low the last eight bytes
 */
public record Fingerprint(long high, long low) {

  /**
   * Stands for "there was none", for example the message id of a send that was never acknowledged.
   */
  public static final Fingerprint NONE = new Fingerprint(0, 0);

  private static final int UUID_LENGTH = 36;

  /** The fingerprint of a text. */
  public static Fingerprint of(String text) {
    if (text.length() == UUID_LENGTH && text.charAt(8) == '-' && text.charAt(23) == '-') {
      try {
        UUID uuid = UUID.fromString(text);
        return new Fingerprint(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
      } catch (IllegalArgumentException notUuid) {
        return digest(text);
      }
    }
    return digest(text);
  }

  private static Fingerprint digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      ByteBuffer bytes = ByteBuffer.wrap(hash);
      return new Fingerprint(bytes.getLong(), bytes.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** In the form of a UUID; for a message id that is one, the id itself. */
  @Override
  public String toString() {
    return new UUID(high, low).toString();
  }
}
