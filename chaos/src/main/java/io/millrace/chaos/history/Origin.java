package io.millrace.chaos.history;

/**
 * The instant a run counts from.
 *
 * @param nanoTime {@link System#nanoTime()} at that instant; on Linux the machine's CLOCK_MONOTONIC
 * @param wallClockMs the wall clock at that instant, in ms since 1970; for people, never compared
 *     with
 */
public record Origin(long nanoTime, long wallClockMs) {

  /** Now. */
  public static Origin now() {
    return new Origin(System.nanoTime(), System.currentTimeMillis());
  }

  /** Nanoseconds from the origin to now. */
  public long elapsedNs() {
    return System.nanoTime() - nanoTime;
  }
}
