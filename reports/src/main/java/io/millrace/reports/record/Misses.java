package io.millrace.reports.record;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Every message of one latency that was over the limit, each counted once: under the cause that was
 * seen to delay it, or as unexplained.
 *
 * @param kind which latency
 * @param limitMs the limit, in milliseconds, above 0
 * @param count how many messages were measured
 * @param causes misses by cause; a cause that is absent explains none
 * @param unexplained misses that no instrument explains
 */
public record Misses(
    Kind kind, double limitMs, long count, SortedMap<Cause, Long> causes, long unexplained) {

  /** Copies the map; refuses more misses than messages, and less than none. */
  public Misses {
    causes = Collections.unmodifiableSortedMap(new TreeMap<>(causes));
    if (!(limitMs > 0)
        || unexplained < 0
        || causes.values().stream().anyMatch(missed -> missed < 0)
        || sum(causes, unexplained) > count) {
      throw new IllegalArgumentException(
          causes + " and " + unexplained + " unexplained over " + limitMs + " ms of " + count);
    }
  }

  /** All misses, explained or not. */
  public long total() {
    return sum(causes, unexplained);
  }

  /** How many a cause explains. */
  public long of(Cause cause) {
    return causes.getOrDefault(cause, 0L);
  }

  private static long sum(SortedMap<Cause, Long> causes, long unexplained) {
    return unexplained + causes.values().stream().mapToLong(Long::longValue).sum();
  }
}
