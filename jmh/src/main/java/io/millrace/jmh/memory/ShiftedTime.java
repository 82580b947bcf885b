package io.millrace.jmh.memory;

import io.millrace.engine.Time;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The machine's monotonic clock, and leaps forward on demand: a quarter of an hour passes in a
 * call.
 */
final class ShiftedTime implements Time {

  private final long startMs;
  private final long startNanos = System.nanoTime();

  /** Written by the soak's thread, read by the engine's. */
  private final AtomicLong leaptMs = new AtomicLong();

  /**
   * @param startMs the first answer, in ms since the epoch
   */
  ShiftedTime(long startMs) {
    this.startMs = startMs;
  }

  @Override
  public long nowMs() {
    return startMs + leaptMs.get() + (System.nanoTime() - startNanos) / 1_000_000;
  }

  /** Lets so much time pass at once. */
  void leap(long ms) {
    leaptMs.addAndGet(ms);
  }

  /** How much time passed in leaps. */
  long leaptMs() {
    return leaptMs.get();
  }
}
