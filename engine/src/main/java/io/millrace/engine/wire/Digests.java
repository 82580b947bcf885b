package io.millrace.engine.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.engine.sqs.MessageAttribute;
import io.millrace.engine.sqs.OutgoingMessage;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.List;

/**
 * The MD5 digests by which SDKs check what arrived (SQS Developer Guide, "Calculating the MD5
 * message digest for message attributes"). Of attributes, sorted by name, each adds:
 *
 * <pre>
 *  +----------+------+----------+-----------+-----------+----------+-------+
 *  | u32      | name | u32      | data type | transport | u32      | value |
 *  | length   |      | length   |           | u8        | length   |       |
 *  +----------+------+----------+-----------+-----------+----------+-------+
 *    big-endian, texts in UTF-8; transport 1: String and Number, 2: Binary
 * </pre>
 *
 * <p>Hot. Each event loop has its own; a result is good until the next one.
 */
final class Digests {

  private static final byte TEXT = 1;
  private static final byte BINARY = 2;

  private final MessageDigest md5;
  private final byte[] digest = new byte[16];
  private final byte[] word = new byte[4];

  Digests() {
    try {
      md5 = MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has MD5", e);
    }
  }

  byte[] ofBody(byte[] body) {
    md5.update(body);
    return finished();
  }

  /** The digest of a body, which comes with it unless it was sent past the wire. */
  byte[] ofBody(byte[] body, byte[] known) {
    return known.length == OutgoingMessage.MD5_BYTES ? known : ofBody(body);
  }

  /** The digest of one or more attributes. */
  byte[] of(List<MessageAttribute> attributes) {
    List<MessageAttribute> sorted =
        attributes.size() == 1
            ? attributes
            : attributes.stream().sorted(Comparator.comparing(MessageAttribute::name)).toList();
    for (MessageAttribute attribute : sorted) {
      part(attribute.name().getBytes(UTF_8));
      part(attribute.dataType().getBytes(UTF_8));
      md5.update(attribute.isBinary() ? BINARY : TEXT);
      part(attribute.value());
    }
    return finished();
  }

  /** The digest of the system attributes of a send, of which there is but one kind. */
  byte[] ofTraceHeader(String value) {
    return of(List.of(new MessageAttribute("AWSTraceHeader", "String", value.getBytes(UTF_8))));
  }

  private void part(byte[] bytes) {
    word[0] = (byte) (bytes.length >>> 24);
    word[1] = (byte) (bytes.length >>> 16);
    word[2] = (byte) (bytes.length >>> 8);
    word[3] = (byte) bytes.length;
    md5.update(word);
    md5.update(bytes);
  }

  private byte[] finished() {
    try {
      md5.digest(digest, 0, digest.length);
      return digest;
    } catch (DigestException e) {
      throw new AssertionError("an MD5 digest has 16 bytes", e);
    }
  }
}
