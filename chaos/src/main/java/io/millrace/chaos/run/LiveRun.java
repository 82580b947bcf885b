package io.millrace.chaos.run;

import io.millrace.chaos.history.Origin;
import io.millrace.chaos.load.Ledger;
import io.millrace.chaos.load.LiveFigures;
import io.millrace.chaos.load.Schedule;
import io.millrace.chaos.load.Ticker;
import io.millrace.reports.record.Counts;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;

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

  /**
   * What was seen in the last second.
   *
   * @param intendedPerSecond orders that were due
   * @param achievedPerSecond sends that were acknowledged
   * @param publishNs publish latencies from the intended instant
   */
  record LastSecond(double intendedPerSecond, double achievedPerSecond, Histogram publishNs) {

    /** A percentile of the publish latency in ms; empty if nothing was acknowledged. */
    OptionalDouble publishMs(double percentile) {
      return publishNs.getTotalCount() == 0
          ? OptionalDouble.empty()
          : OptionalDouble.of(publishNs.getValueAtPercentile(percentile) / NS_PER_MS);
    }
  }

  /**
   * What the check of the history found.
   *
   * @param duplicates extra deliveries of any cause
   * @param inversionRatio of pairs of messages, how many came in the other order, 0 to 1
   */
  record Found(Counts counts, long duplicates, double inversionRatio) {}

  private static final double NS_PER_MS = 1e6;
  private static final int DIGITS = 2;

  // Each written by one thread, read by others; plain volatile publication is enough.
  private volatile LivePhase phase = LivePhase.WARM_UP;
  private volatile Load load;
  private volatile LastSecond lastSecond = new LastSecond(0, 0, new Histogram(DIGITS));
  private volatile Map<String, String> verdicts = Map.of();
  private volatile Optional<Found> found = Optional.empty();
  private volatile Optional<URI> serverAdmin = Optional.empty();
  private volatile LongSupplier hiccupNs = () -> 0;
  private volatile LongSupplier historyNs = () -> 0;
  private volatile long judgedNs;

  /** Publish latencies of the whole run, warm-up included; guarded by itself. */
  private final Histogram published = new Histogram(DIGITS);

  private final LiveFaults faults = new LiveFaults();

  LiveRun(Load load) {
    this.load = load;
  }

  /** A run whose load is still to be made. */
  static LiveRun idle() {
    Origin origin = Origin.now();
    return new LiveRun(
        new Load(
            new Schedule(Long.MAX_VALUE / 2, 1, 1),
            Ticker.system(origin),
            new LiveFigures(),
            new Ledger(Duration.ZERO)));
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

  /** The last whole second, or what was seen before the first. */
  LastSecond lastSecond() {
    return lastSecond;
  }

  void setLastSecond(LastSecond value) {
    lastSecond = value;
    synchronized (published) {
      published.add(value.publishNs());
    }
  }

  /** A copy of all publish latencies so far, in ns. */
  Histogram published() {
    synchronized (published) {
      return published.copy();
    }
  }

  /** The worst stall of this process in the last second, in ns. */
  long hiccupNs() {
    return hiccupNs.getAsLong();
  }

  void setHiccup(LongSupplier nanos) {
    hiccupNs = nanos;
  }

  /**
   * How far the check is behind the history, in ns of the run: from the newest entry it has judged
   * to the newest written. It judges once the run is over, so this grows until then, and is 0 from
   * its end on.
   */
  long checkLagNs() {
    long judged = judgedNs; // first, so that an entry that comes between counts as not yet judged
    return Math.max(0, historyNs.getAsLong() - judged);
  }

  /** Takes up the history the check will judge: gives the return of its newest entry. */
  void setHistory(LongSupplier newestNs) {
    historyNs = newestNs;
  }

  /** The check has judged every entry up to this return. */
  void setJudged(long returnedNs) {
    judgedNs = returnedNs;
  }

  /** The admin port of the server under test, while there is one. */
  Optional<URI> serverAdmin() {
    return serverAdmin;
  }

  void setServerAdmin(URI admin) {
    serverAdmin = Optional.of(admin);
  }

  void serverGone() {
    serverAdmin = Optional.empty();
  }

  /** What the check of the history found; empty before it. */
  Optional<Found> found() {
    return found;
  }

  void setFound(Found value) {
    found = Optional.of(value);
  }

  /** What is forced. */
  LiveFaults faults() {
    return faults;
  }

  /** The verdict on each invariant by its name; empty before the check. */
  Map<String, String> verdicts() {
    return verdicts;
  }

  void setVerdicts(Map<String, String> value) {
    verdicts = Map.copyOf(value);
  }
}
