package io.millrace.reports.record;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * Every latency of a run, kept as a histogram for each (kind, phase, second) by intended instant,
 * so that summaries, the timeline and the raw {@code .hlog} are three views of the same counts.
 * Filled after the run, when the phases are known.
 *
 * <p>Nothing is dropped: a sample of 0 ns counts, one above an hour throws. About 50 KB a second of
 * run. One thread.
 */
public final class LatencyLog {
  private static final long ONE_HOUR_NANOS = 3_600_000_000_000L;
  private static final int SIGNIFICANT_DIGITS = 3;
  private static final int MS_PER_SECOND = 1_000;

  private final List<PhaseWindow> windows;
  private final Map<Kind, Map<Phase, NavigableMap<Integer, Histogram>>> seconds =
      new EnumMap<>(Kind.class);

  /**
   * An empty log.
   *
   * @param windows the stretches of the run that are not steady; what lies in none is
   */
  public LatencyLog(List<PhaseWindow> windows) {
    this.windows = List.copyOf(windows);
    for (Kind kind : Kind.values()) {
      Map<Phase, NavigableMap<Integer, Histogram>> phases = new EnumMap<>(Phase.class);
      for (Phase phase : Phase.values()) {
        phases.put(phase, new TreeMap<>());
      }
      seconds.put(kind, phases);
    }
  }

  /**
   * An empty histogram of nanoseconds that starts small and grows: three significant digits, so a
   * value is kept to within 0.1 %, and nothing below a microsecond is told apart.
   */
  public static Histogram newHistogram() {
    Histogram histogram = new Histogram(MS_PER_SECOND, 2L * MS_PER_SECOND, SIGNIFICANT_DIGITS);
    histogram.setAutoResize(true);
    return histogram;
  }

  /**
   * Records one latency.
   *
   * @param kind which latency
   * @param intendedMs the message's intended send instant, milliseconds since the run's start
   * @param nanos the latency, 0 to one hour
   */
  public void record(Kind kind, long intendedMs, long nanos) {
    if (intendedMs < 0 || nanos < 0 || nanos > ONE_HOUR_NANOS) {
      throw new IllegalArgumentException(kind + " of " + nanos + " ns at " + intendedMs + " ms");
    }
    phases(kind, phaseOf(intendedMs))
        .computeIfAbsent((int) (intendedMs / MS_PER_SECOND), second -> newHistogram())
        .recordValue(nanos);
  }

  /** The phase of a message by its intended send instant. */
  public Phase phaseOf(long intendedMs) {
    for (PhaseWindow window : windows) {
      if (intendedMs >= window.fromMs() && intendedMs < window.toMs()) {
        return window.phase();
      }
    }
    return Phase.STEADY;
  }

  /** All samples of one kind in one phase. */
  public Histogram merged(Kind kind, Phase phase) {
    Histogram merged = newHistogram();
    phases(kind, phase).values().forEach(merged::add);
    return merged;
  }

  /** All samples of one kind. */
  public Histogram merged(Kind kind) {
    Histogram merged = newHistogram();
    for (Phase phase : Phase.values()) {
      merged.add(merged(kind, phase));
    }
    return merged;
  }

  /** The summaries of each phase and of all. */
  public PhaseLatencies summaries() {
    return new PhaseLatencies(
        summary(Phase.STEADY),
        summary(Phase.DUPLICATES),
        summary(Phase.REORDERING),
        summary(Phase.LOST_RESPONSES),
        summary(Phase.OUTAGE),
        summary(Phase.CATCH_UP),
        summary(Phase.AFTERMATH),
        new Latencies(
            LatencySummary.from(merged(Kind.PUBLISH)),
            LatencySummary.from(merged(Kind.RECEIVE)),
            LatencySummary.from(merged(Kind.END_TO_END)),
            LatencySummary.from(merged(Kind.SERVICE))));
  }

  /**
   * The steady phase measured against a limit, for {@link LatencyVerdict#judge}.
   *
   * @param misses what is known of that phase's misses; none where nothing is
   */
  public List<LatencyVerdict.Measured> steady(double sloMs, List<Misses> misses) {
    List<LatencyVerdict.Measured> measured = new ArrayList<>();
    for (Kind kind : Kind.JUDGED) {
      measured.add(
          LatencyVerdict.Measured.from(kind, merged(kind, Phase.STEADY), sloMs)
              .explainedBy(misses));
    }
    return measured;
  }

  /**
   * How many seconds a point of the timeline may look back so that its p99 has ten samples beyond
   * it at a rate, with a tenth to spare for jitter: 2 at 1,000/s, 3 at 500/s, 1 from 1,100/s.
   */
  public static int windowSeconds(int rate) {
    long needed = Percentile.P99.samplesNeeded() * 11 / 10;
    return (int) Math.max(1, (needed + rate - 1) / rate);
  }

  /**
   * The timeline, one entry a second from 0 to the longest array's end.
   *
   * @param windowSeconds how far back a p99 may look, see {@link #windowSeconds(int)}
   * @param sent sends intended in each second
   * @param acked acknowledgements in each second
   * @param received deliveries in each second
   * @param backlog acknowledged and not deleted at each second's end
   */
  public List<Second> timeline(
      int windowSeconds, long[] sent, long[] acked, long[] received, long[] backlog) {
    int length =
        Math.max(Math.max(sent.length, acked.length), Math.max(received.length, backlog.length));
    List<Second> timeline = new ArrayList<>(length);
    for (int second = 0; second < length; second++) {
      Histogram publish = between(Kind.PUBLISH, second, second);
      timeline.add(
          new Second(
              second,
              at(sent, second),
              at(acked, second),
              at(received, second),
              at(backlog, second),
              LatencySummary.valueMs(publish, Percentile.P50),
              p99Ms(Kind.PUBLISH, second, windowSeconds),
              publish.getTotalCount() == 0
                  ? OptionalDouble.empty()
                  : OptionalDouble.of(LatencySummary.toMs(publish.getMaxValue())),
              p99Ms(Kind.END_TO_END, second, windowSeconds)));
    }
    return timeline;
  }

  /**
   * Writes the raw histograms, tagged {@code kind.phase} as {@link #tag} does.
   *
   * @param file the {@code .hlog} to create
   * @param startEpochMs the run's start, milliseconds since the epoch
   * @throws IOException if it cannot be written
   */
  public void write(Path file, long startEpochMs) throws IOException {
    try (HistogramLog log = HistogramLog.create(file, startEpochMs)) {
      for (Kind kind : Kind.values()) {
        for (Phase phase : Phase.values()) {
          for (Map.Entry<Integer, Histogram> entry : phases(kind, phase).entrySet()) {
            long from = startEpochMs + (long) entry.getKey() * MS_PER_SECOND;
            log.append(tag(kind, phase), from, from + MS_PER_SECOND, entry.getValue());
          }
        }
      }
    }
  }

  /**
   * Reads raw histograms as {@link #write} left them; every view of the log read is that of the log
   * written.
   *
   * @param windows the stretches of the run that are not steady
   * @param startEpochMs the run's start, milliseconds since the epoch
   * @throws IOException if it cannot be read, or holds what is no latency of a phase
   */
  public static LatencyLog read(Path file, List<PhaseWindow> windows, long startEpochMs)
      throws IOException {
    LatencyLog log = new LatencyLog(windows);
    for (HistogramLog.Interval interval : HistogramLog.read(file)) {
      int second =
          (int) Math.round((double) (interval.fromEpochMs() - startEpochMs) / MS_PER_SECOND);
      log.line(interval.tag())
          .computeIfAbsent(second, unseen -> newHistogram())
          .add(interval.histogram());
    }
    return log;
  }

  private NavigableMap<Integer, Histogram> line(String tag) throws IOException {
    for (Kind kind : Kind.values()) {
      for (Phase phase : Phase.values()) {
        if (tag(kind, phase).equals(tag)) {
          return phases(kind, phase);
        }
      }
    }
    throw new IOException("a line of " + tag + ", which is no latency of a phase");
  }

  /** The samples of one kind in one phase, a histogram for each second that has any. */
  public List<Histogram> bySecond(Kind kind, Phase phase) {
    return phases(kind, phase).values().stream().map(Histogram::copy).toList();
  }

  /** The tag of a kind in a phase, such as {@code endToEnd.steady}. */
  public static String tag(Kind kind, Phase phase) {
    return kind.label() + "." + phase.label();
  }

  private Latencies summary(Phase phase) {
    return new Latencies(
        LatencySummary.from(merged(Kind.PUBLISH, phase)),
        LatencySummary.from(merged(Kind.RECEIVE, phase)),
        LatencySummary.from(merged(Kind.END_TO_END, phase)),
        LatencySummary.from(merged(Kind.SERVICE, phase)));
  }

  /** The p99 over the shortest stretch of seconds up to this one that carries it. */
  private OptionalDouble p99Ms(Kind kind, int second, int windowSeconds) {
    OptionalDouble p99 = OptionalDouble.empty();
    if (between(kind, second, second).getTotalCount() == 0) {
      return p99;
    }
    for (int back = 0; back < windowSeconds && back <= second && p99.isEmpty(); back++) {
      p99 = LatencySummary.valueMs(between(kind, second - back, second), Percentile.P99);
    }
    return p99;
  }

  private Histogram between(Kind kind, int fromSecond, int toSecond) {
    return between(kind, EnumSet.allOf(Phase.class), fromSecond, toSecond);
  }

  /**
   * The samples of one kind in some phases, of messages intended in a stretch of seconds.
   *
   * @param firstSecond the first, since the run's start
   * @param lastSecond the last, at least the first
   */
  public Histogram between(Kind kind, Set<Phase> ofPhases, int firstSecond, int lastSecond) {
    Histogram merged = newHistogram();
    for (Phase phase : ofPhases) {
      phases(kind, phase).subMap(firstSecond, true, lastSecond, true).values().forEach(merged::add);
    }
    return merged;
  }

  private NavigableMap<Integer, Histogram> phases(Kind kind, Phase phase) {
    return requireNonNull(requireNonNull(seconds.get(kind)).get(phase));
  }

  private static long at(long[] values, int index) {
    return index < values.length ? values[index] : 0;
  }
}
