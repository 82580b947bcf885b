package io.millrace.engine;

import java.util.function.LongSupplier;

/**
 * Time by the monotonic clock, leaning towards the wall clock. A wall clock that jumps, forward or
 * back, is followed slowly; so a lease of thirty seconds lasts between 28.5 and 31.5 whatever an
 * administrator does to the date.
 */
final class SlewedTime implements Time {

  /** The largest correction: one part in so many of the time that passed. */
  private static final long SLEW_DIVISOR = 20;

  private static final long NANOS_PER_MS = 1_000_000;

  /** The wall clock is compared this often. */
  private static final long COMPARE_EVERY_NANOS = 100 * NANOS_PER_MS;

  private final LongSupplier wallMs;
  private final LongSupplier monotonicNanos;
  private long anchorNanos;
  private long anchorTimeNanos;

  SlewedTime(long notBeforeMs, LongSupplier wallMs, LongSupplier monotonicNanos) {
    this.wallMs = wallMs;
    this.monotonicNanos = monotonicNanos;
    this.anchorNanos = monotonicNanos.getAsLong();
    this.anchorTimeNanos = Math.max(wallMs.getAsLong(), notBeforeMs) * NANOS_PER_MS;
  }

  @Override
  public long nowMs() {
    long elapsed = monotonicNanos.getAsLong() - anchorNanos;
    if (elapsed >= COMPARE_EVERY_NANOS) {
      lean(elapsed);
      elapsed = 0;
    }
    return (anchorTimeNanos + elapsed) / NANOS_PER_MS;
  }

  private void lean(long elapsed) {
    long now = anchorTimeNanos + elapsed;
    long off = wallMs.getAsLong() * NANOS_PER_MS - now;
    long correctionMax = elapsed / SLEW_DIVISOR;
    anchorTimeNanos = now + Math.max(-correctionMax, Math.min(correctionMax, off));
    anchorNanos += elapsed;
  }
}
