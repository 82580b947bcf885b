package io.millrace.chaos.delivery;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.SplittableRandom;

/**
 * Receipt handles of messages that come after their deletion: as long and as opaque as the
 * engine's, never the same twice, and told from those by their first byte and a check at the end,
 * also when nothing is known of them any more.
 *
 * <pre>
 *  0        1            33        41
 *  +--------+------------+---------+
 *  |  0x7C  | random     | check   |
 *  +--------+------------+---------+
 * </pre>
 *
 * <p>They protect nothing: all they can delete is a copy.
 */
final class CopyHandles {

  private static final byte MARK = 0x7C;
  private static final int CHECK_AT = 33;
  private static final int BYTES = 41;
  private static final int LENGTH = 55;
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final SplittableRandom random;

  CopyHandles(SplittableRandom random) {
    this.random = random;
  }

  String next() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).put(MARK);
    while (bytes.position() < CHECK_AT) {
      bytes.putLong(random.nextLong());
    }
    bytes.putLong(check(bytes));
    return ENCODER.encodeToString(bytes.array());
  }

  /** Whether the text is such a handle. */
  static boolean isOne(String text) {
    if (text.length() != LENGTH) {
      return false;
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
      return bytes.get(0) == MARK && bytes.getLong(CHECK_AT) == check(bytes);
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  private static long check(ByteBuffer bytes) {
    long sum = 0x6D696C6C72616365L;
    for (int at = 1; at < CHECK_AT; at += Long.BYTES) {
      sum = Long.rotateLeft((sum ^ bytes.getLong(at)) * 0x9E3779B97F4A7C15L, 29);
    }
    return sum;
  }
}
