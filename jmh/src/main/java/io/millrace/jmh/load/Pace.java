package io.millrace.jmh.load;

import io.millrace.chaos.history.Origin;
import io.millrace.chaos.load.Ticker;

/**
 * The schedule on the machine's clock: its origin, how senders wait, and where it ends. The
 * instants never move; only the end is set while it runs, once the warm-up is known to be over.
 */
final class Pace {

  private final Origin origin;
  private final Ticker ticker;

  /** The number of the first message that is not sent; written by the run's thread, read by all. */
  private volatile int end;

  /** A schedule of so many messages that begins now. */
  Pace(int messages) {
    this.origin = Origin.now();
    this.ticker = Ticker.system(origin);
    this.end = messages;
  }

  Origin origin() {
    return origin;
  }

  /** Nanoseconds since the origin. */
  long nowNs() {
    return origin.elapsedNs();
  }

  /** Waits until an instant has come; returns at once if it has. */
  void awaitNs(long instantNs) {
    ticker.awaitNs(instantNs);
  }

  int end() {
    return end;
  }

  /** Lets the schedule end before a message that was not sent yet. */
  void endBefore(int number) {
    end = Math.min(end, number);
  }
}
