package io.millrace.engine;

import java.util.function.LongSupplier;

/**
 * Time by the monotonic clock, leaning towards the wall clock. A wall clock that jumps, forward or
 * back, is followed slowly; so a lease of thirty seconds lasts between 28.5 and 31.5 whatever an
 * administrator does to the date.
 *
 * <p>What the wall clock was off at one comparison is made up for in the time after it, as that
 * passes: time runs a little faster or slower, and takes no step, which could be one back.
 */
final class SlewedTime implements Time {

  /** The largest correction: one part in so many of the time that passed. */
  private static final long SLEW_DIVISOR = 20;

  private static final long NANOS_PER_MS = 1_000_000;

  /** The wall clock is compared this often. */
  private static final long COMPARE_EVERY_NANOS = 100 * NANOS_PER_MS;

  private final LongSupplier wallMs;
  private final LongSupplier monotonicNanos;

  // The last comparison: the monotonic clock and our time at that moment, and how far the wall
  // clock
  // was ahead of our time.
  private long comparedAtNanos;
  private long comparedTimeNanos;
  private long wallAheadNanos;

  SlewedTime(long notBeforeMs, LongSupplier wallMs, LongSupplier monotonicNanos) {
    this.wallMs = wallMs;
    this.monotonicNanos = monotonicNanos;
    this.comparedAtNanos = monotonicNanos.getAsLong();
    long wall = wallMs.getAsLong();
    long start = Math.max(wall, notBeforeMs);
    this.comparedTimeNanos = start * NANOS_PER_MS;
    this.wallAheadNanos = (wall - start) * NANOS_PER_MS;
  }

  @Override
  public long nowMs() {
    long elapsed = monotonicNanos.getAsLong() - comparedAtNanos;
    long leaningMax = elapsed / SLEW_DIVISOR;
    long leaning = Math.max(-leaningMax, Math.min(leaningMax, wallAheadNanos));
    long now = comparedTimeNanos + elapsed + leaning;
    if (elapsed >= COMPARE_EVERY_NANOS) {
      comparedAtNanos += elapsed;
      comparedTimeNanos = now;
      wallAheadNanos = wallMs.getAsLong() * NANOS_PER_MS - now;
    }
    return now / NANOS_PER_MS;
  }
}
