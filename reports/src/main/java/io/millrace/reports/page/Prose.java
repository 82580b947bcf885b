package io.millrace.reports.page;

import io.millrace.reports.record.Cause;
import io.millrace.reports.record.Crash;
import io.millrace.reports.record.Environment;
import io.millrace.reports.record.Fault;
import io.millrace.reports.record.Figures;
import io.millrace.reports.record.Invariant;
import io.millrace.reports.record.Kind;
import io.millrace.reports.record.LatencySummary;
import io.millrace.reports.record.LatencyVerdict;
import io.millrace.reports.record.LoadCurve;
import io.millrace.reports.record.Misses;
import io.millrace.reports.record.Percentile;
import io.millrace.reports.record.Phase;
import io.millrace.reports.record.PhaseWindow;
import io.millrace.reports.record.Plan;
import io.millrace.reports.record.RunRecord;
import io.millrace.reports.record.Second;
import io.millrace.reports.record.Stall;
import io.millrace.reports.record.Verdict;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The sentences of the page, made from the record. A claim never says more than its verdict. */
public final class Prose {
  private static final DateTimeFormatter INSTANT =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final int COMMIT_LETTERS = 12;

  private Prose() {}

  /** The claim, in one sentence. */
  public static String claim(RunRecord record) {
    Plan plan = record.plan();
    String load =
        Figures.count(plan.rate()) + " messages a second of " + Figures.bytes(plan.messageBytes());
    String across = across(record);
    String limit = Figures.limit(plan.sloMs());
    return switch (record.verdict().verdict()) {
      case INVALID -> "A guarantee was broken" + across + ", so nothing is claimed about latency.";
      case UNKNOWN ->
          "Whether every guarantee holds" + across + " is not known; the run did not show it.";
      case VALID ->
          switch (record.latencyVerdict().outcome()) {
            case PASS ->
                "Every guarantee held"
                    + across
                    + ", and "
                    + judged(record.latencyVerdict())
                    + " stayed under "
                    + limit
                    + " at "
                    + load
                    + ".";
            case FAIL ->
                "Every guarantee held"
                    + across
                    + ", but at "
                    + load
                    + " latency did not stay under "
                    + limit
                    + ".";
            case INCONCLUSIVE_PLATFORM ->
                "Every guarantee held"
                    + across
                    + "; this machine was too noisy to say whether latency stays under "
                    + limit
                    + " at "
                    + load
                    + ".";
            case INCONCLUSIVE_SAMPLES ->
                "Every guarantee held"
                    + across
                    + "; the run was too short to say whether latency stays under "
                    + limit
                    + ".";
          };
    };
  }

  private static String across(RunRecord record) {
    boolean killed = record.crash().isPresent();
    if (forced(record).isEmpty()) {
      return killed ? " across a kill\u00a0-9" : "";
    }
    return killed ? " under forced faults and a kill\u00a0-9" : " under forced faults";
  }

  /** What was set out to do, and how it is measured. */
  public static String whatWasDone(RunRecord record) {
    Plan plan = record.plan();
    return "One server process at the "
        + plan.durability()
        + " level, with a fresh data directory, on loopback. "
        + counted(plan.producers(), "producer")
        + " sent "
        + (record.counts().sent() < plan.messages()
            ? Figures.count(record.counts().sent()) + " of "
            : "")
        + Figures.count(plan.messages())
        + " messages of "
        + Figures.bytes(plan.messageBytes())
        + " in "
        + Figures.count(plan.seconds())
        + "\u00a0s, "
        + Figures.count(plan.rate())
        + " a second, each at its instant of an absolute schedule that is never moved; "
        + counted(plan.consumers(), "consumer")
        + " received and deleted them under a visibility timeout of "
        + Figures.count(plan.visibilityTimeoutSeconds())
        + "\u00a0s. "
        + forced(record)
        + record.crash().map(Prose::killed).orElse("")
        + "Then the queue was drained and the history of every operation was checked. From start to"
        + " verdict it took "
        + Figures.seconds(record.durationMs())
        + "\u00a0s.";
  }

  /** Which messages belong to which phase. */
  public static String phases(RunRecord record) {
    if (record.windows().isEmpty()) {
      return "The whole run is the steady phase.";
    }
    return "A message belongs to the phase of its intended send instant: steady before the first"
        + " fault, then "
        + record.windows().stream().map(Prose::fromTo).collect(Collectors.joining(", "))
        + ". What comes after the first fault is never called steady: while no fault is in force it"
        + " is the aftermath. Nothing is dropped.";
  }

  /** The work tree a run was built from: a short hash, and whether there was more than it says. */
  public static String commit(String hash, boolean dirty) {
    return hash.substring(0, Math.min(COMMIT_LETTERS, hash.length()))
        + (dirty ? " with uncommitted changes" : "");
  }

  /** A machine in a line. */
  public static String machine(Environment environment) {
    return Figures.count(environment.cpus())
        + " \u00d7 "
        + environment.cpuModel()
        + ", "
        + Figures.bytes(environment.memoryBytes())
        + ", "
        + environment.fileSystem();
  }

  /** An instant to the second, in UTC. */
  public static String instant(Instant instant) {
    return INSTANT.format(instant);
  }

  static String latencyOverTime(RunRecord record, List<Stall> stalls) {
    OptionalDouble slowest =
        record.timeline().stream().flatMapToDouble(s -> s.publishMaxMs().stream()).max();
    return "Publish latency p50, p99 and maximum and end-to-end p99 for each second of "
        + Figures.count(record.timeline().size())
        + ", against the limit of "
        + Figures.limit(record.plan().sloMs())
        + ". The slowest publish of the run took "
        + Figures.ms(slowest)
        + "\u00a0ms. A p99 reaches back as far as it must for ten samples to lie beyond it, at most "
        + counted(record.timelineWindowSeconds(), "second")
        + ". "
        + shaded(record)
        + marked(stalls);
  }

  static String throughputOverTime(RunRecord record) {
    return "Messages sent, acknowledged and received in each second: "
        + Figures.count(record.counts().sent())
        + " sent, "
        + Figures.count(record.counts().acked())
        + " acknowledged and "
        + Figures.count(record.counts().received())
        + " received in all. "
        + shaded(record);
  }

  static String backlogOverTime(RunRecord record) {
    long most = record.timeline().stream().mapToLong(Second::backlog).max().orElse(0);
    return "Messages acknowledged and not yet deleted at the end of each second; at most "
        + Figures.count(most)
        + ". "
        + shaded(record);
  }

  static String percentilePlot(double sloMs) {
    return "Publish, receive and end-to-end latency of the steady phase by percentile, beside the"
        + " delay of an idle process on the same machine (control hiccup), against the limit of "
        + Figures.limit(sloMs)
        + ". Uncorrected is publish from the actual send instant, which hides the wait that a late send"
        + " adds. A line ends where fewer than ten samples lie beyond it.";
  }

  static String loadPercentiles(double sloMs) {
    return "Publish latency (solid), uncorrected (dashed), and end-to-end latency (thin) of each service"
        + " by percentile, its valid legs at this rate together, beside the delay of an idle process on"
        + " the same machine (control hiccup), against the limit of "
        + Figures.limit(sloMs)
        + ". A line ends where fewer than ten samples lie beyond it.";
  }

  /** The latency verdict as a badge; a run that broke a guarantee claims nothing. */
  public static String latencyBadge(RunRecord record) {
    String words = record.latencyVerdict().outcome().words();
    return record.verdict().verdict() == Verdict.INVALID ? words + ", not claimed" : words;
  }

  /** The CSS class of the latency verdict's badge. */
  public static String latencyBadgeStyle(RunRecord record) {
    return record.verdict().verdict() == Verdict.INVALID
        ? style(Verdict.UNKNOWN)
        : style(record.latencyVerdict().outcome());
  }

  private static String shaded(RunRecord record) {
    List<PhaseWindow> windows = record.windows();
    if (windows.isEmpty()) {
      return "";
    }
    return "Shaded: "
        + windows.stream()
            .filter(window -> window.phase() != Phase.AFTERMATH)
            .map(Prose::fromTo)
            .collect(Collectors.joining(", "))
        + ".";
  }

  private static String marked(List<Stall> stalls) {
    if (stalls.isEmpty()) {
      return "";
    }
    SortedMap<Cause, Long> counts = new TreeMap<>();
    stalls.forEach(stall -> counts.merge(stall.cause(), 1L, Long::sum));
    return " Marked at the foot: "
        + counts.entrySet().stream()
            .map(each -> each.getKey().words() + " " + Figures.count(each.getValue()))
            .collect(Collectors.joining(", "))
        + ".";
  }

  static String loadCurves(Kind kind, List<LoadCurve> curves) {
    return "The p99.9 (solid) and the median (dashed) of "
        + kind.words()
        + " latency at growing offered rates, on logarithmic axes, against the limit of "
        + Figures.limit(curves.get(0).limitMs())
        + ". "
        + curves.stream().map(Prose::sustained).collect(Collectors.joining(" "))
        + " A point that is not valid is in the table and not in the drawing.";
  }

  /** What the search for the highest rate found. */
  public static String sustained(LoadCurve curve) {
    return curve.sustainedPerSecond().isPresent()
        ? curve.name()
            + " was confirmed to keep it up to "
            + Figures.rate(curve.sustainedPerSecond().getAsDouble())
            + " messages a second."
        : "For " + curve.name() + " no rate was confirmed to keep it.";
  }

  /** What the attribution of misses comes to. */
  public static String misses(Misses misses) {
    return Figures.count(misses.total())
        + " of "
        + Figures.count(misses.count())
        + (misses.kind() == Kind.END_TO_END ? " messages had an " : " messages had a ")
        + misses.kind().words()
        + " latency over "
        + Figures.limit(misses.limitMs())
        + "; "
        + Figures.count(misses.unexplained())
        + (misses.unexplained() == 1 ? " is" : " are")
        + " unexplained.";
  }

  /** The highest percentile up to the claimed one that there are samples for, with its name. */
  public static String highest(LatencySummary summary) {
    return Percentile.highestPrintable(summary.count(), LatencyVerdict.CLAIMED)
        .map(percentile -> percentile.label() + " " + Figures.ms(summary.at(percentile)))
        .orElse(Figures.NONE);
  }

  /** The slowest sample, or that there was none. */
  public static String slowest(LatencySummary summary) {
    return summary.count() == 0 ? Figures.NONE : Figures.ms(summary.max());
  }

  /** A stretch, by name and in seconds since the start. */
  public static String fromTo(PhaseWindow window) {
    return window.phase().words()
        + " from "
        + Figures.seconds(window.fromMs())
        + " to "
        + Figures.seconds(window.toMs())
        + "\u00a0s";
  }

  private static String forced(RunRecord record) {
    List<String> phases =
        record.windows().stream()
            .map(PhaseWindow::phase)
            .filter(
                phase ->
                    phase == Phase.DUPLICATES
                        || phase == Phase.REORDERING
                        || phase == Phase.LOST_RESPONSES)
            .map(Phase::words)
            .toList();
    return phases.isEmpty()
        ? ""
        : "In windows of their own the server was made to misbehave within what SQS allows: "
            + String.join(", then ", phases)
            + ". ";
  }

  /** The verdict on one invariant; what was not exercised and need not be has none. */
  public static String verdict(Invariant invariant) {
    return invariant.bears() ? invariant.verdict().name() : "not exercised";
  }

  /** The CSS class of one invariant's verdict. */
  public static String style(Invariant invariant) {
    return invariant.bears() ? style(invariant.verdict()) : "note";
  }

  /** Instants of a fault, in seconds since the start. */
  public static String firstAndLast(Fault fault) {
    return fault.firstAtMs().isEmpty()
        ? Figures.NONE
        : Figures.seconds(fault.firstAtMs().getAsLong())
            + " to "
            + Figures.seconds(fault.lastAtMs().orElseThrow());
  }

  private static String killed(Crash crash) {
    return "After "
        + Figures.seconds(crash.killedAtMs())
        + "\u00a0s the server was killed with kill\u00a0-9 and started again on the same data"
        + (crash.recoveredInMs().isPresent()
            ? "; it answered " + Figures.ms(crash.recoveredInMs()) + "\u00a0ms after the kill. "
            : "; it did not answer again. ");
  }

  /** What a verdict is of: one percentile of all three, or whatever each could carry. */
  static String judged(LatencyVerdict verdict) {
    List<String> percentiles =
        verdict.checks().stream().map(LatencyVerdict.Check::percentile).distinct().toList();
    return percentiles.size() == 1
        ? percentiles.get(0) + " of publish, receive and end-to-end"
        : "the highest percentile each of publish, receive and end-to-end can carry ("
            + String.join(", ", percentiles)
            + ")";
  }

  private static String counted(long count, String noun) {
    return Figures.count(count) + " " + noun + (count == 1 ? "" : "s");
  }

  /** The CSS class of a verdict. */
  public static String style(Verdict verdict) {
    return switch (verdict) {
      case VALID -> "good";
      case INVALID -> "bad";
      case UNKNOWN -> "open";
    };
  }

  /** The CSS class of a latency verdict. */
  public static String style(LatencyVerdict.Outcome outcome) {
    return switch (outcome) {
      case PASS -> "good";
      case FAIL -> "bad";
      case INCONCLUSIVE_PLATFORM, INCONCLUSIVE_SAMPLES -> "open";
    };
  }
}
