package io.millrace.chaos.sim;

import io.millrace.engine.journal.Position;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * Where each message stands in the journal, by its attempt, read from the body at the end of each
 * record that carries one. So a fault can be aimed at a message.
 */
final class MessagePlaces {

  private static final byte[] ATTEMPT_KEY = "\"attempt\":\"".getBytes(StandardCharsets.US_ASCII);
  private static final int ATTEMPT_DIGITS = 16;

  /** The kind of a record that carries a message forward, and where it stands in the record. */
  private static final byte CARRIED = 10;

  private final TreeMap<Long, Long> byAttempt = new TreeMap<>();
  private final Map<Long, Long> attemptAt = new HashMap<>();

  /**
   * A record was appended.
   *
   * @param carriedFrom told where the message stood until now if it was carried forward
   */
  void appended(ByteBuffer record, long position, LongConsumer carriedFrom) {
    int at = attemptAt(record);
    if (at < 0) {
      return;
    }
    byte[] digits = new byte[ATTEMPT_DIGITS];
    record.get(at, digits);
    long attempt = HexFormat.fromHexDigitsToLong(new String(digits, StandardCharsets.US_ASCII));
    Long before = byAttempt.put(attempt, position);
    if (before != null) {
      attemptAt.remove(before);
      if (record.get(record.position()) == CARRIED) {
        carriedFrom.accept(before);
      }
    }
    attemptAt.put(position, attempt);
  }

  /** A record was written again elsewhere. */
  void moved(long oldPosition, long newPosition) {
    Long attempt = attemptAt.remove(oldPosition);
    if (attempt != null) {
      attemptAt.put(newPosition, attempt);
      byAttempt.put(attempt, newPosition);
    }
  }

  /** A segment is gone. */
  void dropped(long segment) {
    attemptAt.entrySet().removeIf(entry -> Position.segment(entry.getKey()) == segment);
    byAttempt.values().removeIf(position -> Position.segment(position) == segment);
  }

  /** Everything from a position on is gone. */
  void cutAt(long tailPosition) {
    attemptAt.keySet().removeIf(position -> position >= tailPosition);
    byAttempt.values().removeIf(position -> position >= tailPosition);
  }

  /** Attempts with a known place, and the place. */
  SortedMap<Long, Long> all() {
    return Collections.unmodifiableSortedMap(byAttempt);
  }

  /** Where the digits of the attempt begin, or -1 if the record carries no message. */
  private static int attemptAt(ByteBuffer record) {
    for (int at = record.position(); at < record.limit() - 64; at++) {
      if (record.get(at) == ATTEMPT_KEY[0] && startsAt(record, at)) {
        return at + ATTEMPT_KEY.length;
      }
    }
    return -1;
  }

  private static boolean startsAt(ByteBuffer record, int at) {
    for (int i = 0; i < ATTEMPT_KEY.length; i++) {
      if (record.get(at + i) != ATTEMPT_KEY[i]) {
        return false;
      }
    }
    return true;
  }
}
