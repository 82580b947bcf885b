package io.millrace.chaos.sim;

/**
 * Simulated time. The monotonic clock moves only when it is told to; each reading of an instant
 * moves it by a microsecond, so that no two instants of a history are the same. The wall clock is
 * as far ahead of it as its steps have put it.
 */
final class SimClock {

  /** The wall clock at the origin, in ms since the epoch: a morning in January 2027. */
  static final long ORIGIN_MS = 1_800_000_000_000L;

  private static final long TICK_NS = 1_000;
  private static final long NS_PER_MS = 1_000_000;

  private long nowNs;
  private long wallAheadMs;

  /** A new instant, in ns since the origin. */
  long tick() {
    nowNs += TICK_NS;
    return nowNs;
  }

  /** The last instant, in ns since the origin. */
  long nowNs() {
    return nowNs;
  }

  /** Lets time pass. */
  void pass(long ms) {
    nowNs += ms * NS_PER_MS;
  }

  /** Sets the wall clock forward, or back. */
  void step(long ms) {
    wallAheadMs += ms;
  }

  /** The wall clock, in ms since the epoch. */
  long wallMs() {
    return ORIGIN_MS + nowNs / NS_PER_MS + wallAheadMs;
  }
}
