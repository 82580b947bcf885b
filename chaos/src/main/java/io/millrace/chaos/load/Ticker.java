package io.millrace.chaos.load;

import io.millrace.chaos.history.Origin;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Time since a run's origin, and the only way load threads wait. */
public interface Ticker {

  /** Nanoseconds since the origin. */
  long nowNs();

  /**
   * Waits until an instant, or returns at once if it has passed. Never returns early, except when
   * the thread is interrupted.
   *
   * @param instantNs nanoseconds since the origin
   */
  void awaitNs(long instantNs);

  /** Waits for a while. */
  default void pause(Duration duration) {
    awaitNs(nowNs() + duration.toNanos());
  }

  /**
   * The machine's monotonic clock, waiting by parking alone: with two cores shared by lab and
   * server, a thread that spins for the last microseconds is itself the noise.
   */
  static Ticker system(Origin origin) {
    return new Ticker() {
      @Override
      public long nowNs() {
        return origin.elapsedNs();
      }

      @Override
      public void awaitNs(long instantNs) {
        long leftNs = instantNs - nowNs();
        while (leftNs > 0 && !Thread.currentThread().isInterrupted()) {
          LockSupport.parkNanos(leftNs);
          leftNs = instantNs - nowNs();
        }
      }
    };
  }
}
