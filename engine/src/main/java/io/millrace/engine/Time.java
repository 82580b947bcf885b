package io.millrace.engine;

import java.util.function.LongSupplier;

/**
 * The engine's clock: milliseconds since the epoch, read once a turn. It never goes back.
 *
 * <p>Threads: one engine reads one clock from one thread at a time.
 */
@FunctionalInterface
public interface Time {

  /** Now, in ms since the epoch; never less than the answer before. */
  long nowMs();

  /**
   * Time that follows the machine's wall clock without ever jumping: it starts at the later of the
   * wall clock and a given moment, runs by the monotonic clock, and leans towards the wall clock by
   * at most a twentieth of the elapsed time.
   *
   * @param notBeforeMs the latest moment already on record
   */
  static Time system(long notBeforeMs) {
    return new SlewedTime(notBeforeMs, System::currentTimeMillis, System::nanoTime);
  }

  /** The same over given clocks. */
  static Time slewed(long notBeforeMs, LongSupplier wallMs, LongSupplier monotonicNanos) {
    return new SlewedTime(notBeforeMs, wallMs, monotonicNanos);
  }
}
