package io.millrace.engine.shard;

/**
 * How fast a queue empties: the fall of what it holds, smoothed so that the last half minute weighs
 * most. Threads: the shard's.
 */
final class DrainRate {

  private static final double SMOOTHED_OVER_MS = 30_000;
  private static final double MS_PER_1000_SECONDS = 1e6;

  private long lastHeld;
  private long lastAtMs;
  private double per1000Seconds;

  /**
   * Takes note of what the queue holds now.
   *
   * @return messages it empties by in 1,000 seconds; 0 when it grows or stands still
   */
  long per1000Seconds(long held, long nowMs) {
    if (lastAtMs == 0) {
      lastHeld = held;
      lastAtMs = nowMs;
    }
    long elapsedMs = nowMs - lastAtMs;
    if (elapsedMs > 0) {
      double now = (lastHeld - held) * MS_PER_1000_SECONDS / elapsedMs;
      per1000Seconds += (now - per1000Seconds) * -Math.expm1(-elapsedMs / SMOOTHED_OVER_MS);
      lastHeld = held;
      lastAtMs = nowMs;
    }
    return Math.max(0, Math.round(per1000Seconds));
  }
}
