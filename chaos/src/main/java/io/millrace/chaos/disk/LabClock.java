package io.millrace.chaos.disk;

import io.millrace.chaos.history.Origin;
import io.millrace.engine.Time;
import java.time.Duration;

/**
 * The lab's time, which engine and history share: real time that can be moved forward, so that
 * leases end without anybody waiting. Any thread.
 */
final class LabClock implements Time {

  private static final long NANOS_PER_MS = 1_000_000;

  /** Replaced by {@link #skip}, which one thread calls; any reads. */
  private volatile Origin origin;

  private LabClock(Origin origin) {
    this.origin = origin;
  }

  /** A clock at its origin. */
  static LabClock started() {
    return new LabClock(Origin.now());
  }

  /** A clock with the wall clock of another that stands at an instant now. */
  LabClock at(long elapsedNs) {
    return new LabClock(new Origin(System.nanoTime() - elapsedNs, origin.wallClockMs()));
  }

  /** What the instants count from; only its wall clock means anything once time was skipped. */
  Origin origin() {
    return origin;
  }

  /** Nanoseconds since the origin. */
  long elapsedNs() {
    return origin.elapsedNs();
  }

  @Override
  public long nowMs() {
    return origin.wallClockMs() + elapsedNs() / NANOS_PER_MS;
  }

  /** Moves time forward. */
  void skip(Duration duration) {
    Origin before = origin;
    origin = new Origin(before.nanoTime() - duration.toNanos(), before.wallClockMs());
  }
}
