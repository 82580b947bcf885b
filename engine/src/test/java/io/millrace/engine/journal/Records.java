package io.millrace.engine.journal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes records from a seed, appends and collects them. */
final class Records {

  private final Random random;

  Records(long seed) {
    this.random = new Random(seed);
  }

  /** Appends records of random size and content. */
  List<Written> append(Journal journal, int count, int bytesMax) {
    List<Written> written = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      written.add(append(journal, random(random, 1 + random.nextInt(bytesMax))));
    }
    return written;
  }

  static Written append(Journal journal, byte[] body) {
    return new Written(journal.append(ByteBuffer.wrap(body), Space.NORMAL), body);
  }

  static byte[] random(Random random, int bytes) {
    byte[] body = new byte[bytes];
    random.nextBytes(body);
    return body;
  }

  static List<Written> replay(Journal journal) {
    return replay(journal, 0);
  }

  static List<Written> replay(Journal journal, long fromPosition) {
    List<Written> found = new ArrayList<>();
    journal.replay(fromPosition, into(found));
    return found;
  }

  static RecordVisitor into(List<Written> found) {
    return (position, frameBytes, body) -> found.add(new Written(position, bytes(body)));
  }

  static byte[] bytes(ByteBuffer body) {
    byte[] bytes = new byte[body.remaining()];
    body.get(bytes);
    return bytes;
  }
}
