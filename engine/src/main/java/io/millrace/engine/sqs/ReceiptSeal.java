package io.millrace.engine.sqs;

import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

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
  private static final String ALGORITHM = "HmacSHA256";
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder DECODER = Base64.getUrlDecoder();

  private final int keyId;
  private final Mac mac;
  private final byte[] scratch = new byte[SEALED_BYTES];
  private final ByteBuffer fields = ByteBuffer.wrap(scratch);

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
    mac.update(scratch, 0, TAG_AT);
    System.arraycopy(mac.doFinal(), 0, scratch, TAG_AT, TAG_BYTES);
    return ENCODER.encodeToString(scratch);
  }

  /** The handle a text stands for; empty when this key did not seal it. */
  public Optional<ReceiptHandle> open(String text) {
    if (text.length() != TEXT_LENGTH) {
      return Optional.empty();
    }
    byte[] sealed;
    try {
      sealed = DECODER.decode(text);
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(sealed);
    if (sealed.length != SEALED_BYTES || in.get() != VERSION || in.getInt() != keyId) {
      return Optional.empty();
    }
    mac.update(sealed, 0, TAG_AT);
    byte[] tag = mac.doFinal();
    boolean genuine =
        constantTimeEquals(tag, sealed) && text.equals(ENCODER.encodeToString(sealed));
    return genuine
        ? Optional.of(new ReceiptHandle(in.getInt(), in.getLong(), in.getInt(), in.getInt()))
        : Optional.empty();
  }

  private static boolean constantTimeEquals(byte[] mac, byte[] sealed) {
    byte[] expected = new byte[TAG_BYTES];
    byte[] given = new byte[TAG_BYTES];
    System.arraycopy(mac, 0, expected, 0, TAG_BYTES);
    System.arraycopy(sealed, TAG_AT, given, 0, TAG_BYTES);
    return MessageDigest.isEqual(expected, given);
  }
}
