package io.millrace.chaos.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;

/**
 * The MD5 digests that SQS answers with, in hex. Of attributes: by name, for each the length and
 * the bytes of its name and of its type, one byte that says text, and the length and the bytes of
 * its value; lengths are four bytes, big-endian (source: Amazon SQS developer guide, "Calculating
 * the MD5 message digest for message attributes").
 */
public final class Digests {

  private static final byte TEXT = 1;

  private Digests() {}

  /** The digest of a body. */
  public static String ofBody(String body) {
    return HexFormat.of().formatHex(md5().digest(body.getBytes(StandardCharsets.UTF_8)));
  }

  /** The digest of attributes; empty if there are none. */
  public static String ofAttributes(SortedMap<String, Attribute> attributes) {
    if (attributes.isEmpty()) {
      return "";
    }
    MessageDigest md5 = md5();
    for (Map.Entry<String, Attribute> entry : attributes.entrySet()) {
      add(md5, entry.getKey());
      add(md5, entry.getValue().type());
      md5.update(TEXT);
      add(md5, entry.getValue().value());
    }
    return HexFormat.of().formatHex(md5.digest());
  }

  private static void add(MessageDigest md5, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    md5.update(ByteBuffer.allocate(4).putInt(bytes.length).flip());
    md5.update(bytes);
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has MD5", e);
    }
  }
}
