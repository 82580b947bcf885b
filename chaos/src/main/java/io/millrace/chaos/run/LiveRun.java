package io.millrace.chaos.run;

import io.millrace.chaos.load.Ledger;
import io.millrace.chaos.load.LiveFigures;
import io.millrace.chaos.load.Schedule;
import io.millrace.chaos.load.Ticker;
import java.util.OptionalDouble;

/**
 * A run as it can be watched: written by the thread that conducts it and the one that shows
 * progress, read by scrapes too.
 */
final class LiveRun {

  /**
   * The load that is on.
   *
   * @param schedule when its orders are due
   * @param ticker its clock
   * @param figures its counts
   * @param ledger what is still to come
   */
  record Load(Schedule schedule, Ticker ticker, LiveFigures figures, Ledger ledger) {

    /** Orders due by now. */
    long due() {
      return schedule.dueBy(ticker.nowNs());
    }

    /** Orders due and not yet received and deleted, as far as the clients know. */
    long backlog() {
      long notSent = due() - figures.sends().ok() - figures.sends().unknown();
      return Math.max(0, notSent) + ledger.outstanding(ticker.nowNs());
    }
  }

  /** Nothing measured in the last second. */
  private static final double NONE = Double.NaN;

  // Each written by one thread, read by others; plain volatile publication is enough.
  private volatile LivePhase phase = LivePhase.WARM_UP;
  private volatile Load load;
  private volatile double publishP99Ms = NONE;

  LiveRun(Load load) {
    this.load = load;
  }

  LivePhase phase() {
    return phase;
  }

  void enter(LivePhase next) {
    phase = next;
  }

  Load load() {
    return load;
  }

  void setLoad(Load next) {
    load = next;
  }

  /**
   * The p99 of publish latency over the last second, in ms; empty if nothing was acknowledged in
   * it.
   */
  OptionalDouble publishP99Ms() {
    double value = publishP99Ms;
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  void setPublishP99Ms(OptionalDouble value) {
    publishP99Ms = value.orElse(NONE);
  }
}
