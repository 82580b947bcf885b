package io.millrace.engine.sqs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Turns receipt handles into opaque text and back, and tells a genuine one from a forgery: the
 * fields, then the first 16 bytes of their HMAC-SHA256, in URL-safe Base64.
 *
 * <pre>
 *  0        1          5               9                 17              21                25       41
 *  +--------+----------+---------------+-----------------+---------------+-----------------+--------+
 *  |version | key id   | queue number  | message number  | start number  | receive number  | tag    |
 *  |  u8 =1 |  u32     |  u32          |  u64            |  u32          |  u32            | 16 B   |
 *  +--------+----------+---------------+-----------------+---------------+-----------------+--------+
 * </pre>
 *
 * <p>Big-endian. Not safe for use by several threads at once: each thread has its own, over the
 * same key.
 */
public final class ReceiptSeal {

  /** Bytes of the key. */
  public static final int KEY_BYTES = 32;

  private static final byte VERSION = 1;
  private static final int TAG_AT = 25;
  private static final int TAG_BYTES = 16;
  private static final int SEALED_BYTES = TAG_AT + TAG_BYTES;
  private static final int TEXT_LENGTH = 55;
  private static final int HMAC_BYTES = 32;
  private static final String ALGORITHM = "HmacSHA256";
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

  private final int keyId;
  private final Mac mac;

  // Reused: a handle is sealed at every receive and opened at every delete.
  private final byte[] sealed = new byte[SEALED_BYTES];
  private final ByteBuffer fields = ByteBuffer.wrap(sealed);
  private final byte[] hmac = new byte[HMAC_BYTES];
  private final byte[] characters = new byte[TEXT_LENGTH];
  private final byte[] canonical = new byte[TEXT_LENGTH];

  /**
   * A seal under one key.
   *
   * @param keyId carried in the clear by every handle
   * @param key {@link #KEY_BYTES} secret bytes
   */
  public ReceiptSeal(int keyId, byte[] key) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("a receipt key has " + KEY_BYTES + " bytes");
    }
    this.keyId = keyId;
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new AssertionError("every Java platform has " + ALGORITHM, e);
    }
  }

  /** The opaque text of a handle. */
  public String seal(ReceiptHandle handle) {
    fields
        .clear()
        .put(VERSION)
        .putInt(keyId)
        .putInt(handle.queueNumber())
        .putLong(handle.messageNumber())
        .putInt(handle.startNumber())
        .putInt(handle.receiveNumber());
    computeHmac();
    System.arraycopy(hmac, 0, sealed, TAG_AT, TAG_BYTES);
    ENCODER.encode(sealed, characters);
    return new String(characters, StandardCharsets.ISO_8859_1);
  }

  /** The handle a text stands for; null when this key did not seal it. */
  public @Nullable ReceiptHandle open(String text) {
    if (!decode(text)) {
      return null;
    }
    fields.clear();
    if (fields.get() != VERSION || fields.getInt() != keyId) {
      return null;
    }
    computeHmac();
    return isGenuine()
        ? new ReceiptHandle(fields.getInt(), fields.getLong(), fields.getInt(), fields.getInt())
        : null;
  }

  /** Decodes into {@link #sealed}; false when the text is not what {@link #seal} would write. */
  private boolean decode(String text) {
    if (text.length() != TEXT_LENGTH) {
      return false;
    }
    for (int i = 0; i < TEXT_LENGTH; i++) {
      char character = text.charAt(i);
      if (character > 0x7F) {
        return false;
      }
      characters[i] = (byte) character;
    }
    try {
      DECODER.decode(characters, sealed);
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
    // The last character has spare bits: only one of its spellings is the handle's.
    ENCODER.encode(sealed, canonical);
    return Arrays.equals(characters, canonical);
  }

  /** The HMAC of the fields in {@link #sealed}, into {@link #hmac}. */
  private void computeHmac() {
    mac.update(sealed, 0, TAG_AT);
    try {
      mac.doFinal(hmac, 0);
    } catch (ShortBufferException e) {
      throw new AssertionError(ALGORITHM + " has " + HMAC_BYTES + " bytes", e);
    }
  }

  /** Whether the tag is the HMAC's, in the same time wherever they differ. */
  private boolean isGenuine() {
    int difference = 0;
    for (int i = 0; i < TAG_BYTES; i++) {
      difference |= hmac[i] ^ sealed[TAG_AT + i];
    }
    return difference == 0;
  }
}
