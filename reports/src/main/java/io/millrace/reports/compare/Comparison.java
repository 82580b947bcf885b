package io.millrace.reports.compare;

import io.millrace.reports.record.Figures;
import io.millrace.reports.record.Kind;
import io.millrace.reports.record.LatencyLog;
import io.millrace.reports.record.Percentile;
import io.millrace.reports.record.Phase;
import io.millrace.reports.record.RunRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * One side against another, figure by figure, as ratios of b to a.
 *
 * <p>Runs are compared in pairs, in the order in which they were started, since neighbours share
 * the machine's mood: best are runs that took turns. Latencies are those of the steady phase.
 * Figures of a harness are compared as samples.
 *
 * @param a what is compared with
 * @param b what is compared
 * @param method how the intervals were made
 * @param threshold the share by which a figure must differ to be called different, such as 0.05
 * @param rows figure by figure
 */
public record Comparison(Side a, Side b, String method, double threshold, List<Row> rows) {
  /** Less is noise on a machine that is shared. */
  public static final double THRESHOLD = 0.05;

  /** The seed of every draw, so that a comparison can be repeated. */
  public static final long SEED = 20_260_101;

  private static final List<Percentile> PERCENTILES =
      List.of(Percentile.P50, Percentile.P99, Percentile.P999);
  private static final int SAMPLES_MIN = 3;

  /** Copies the rows. */
  public Comparison {
    rows = List.copyOf(rows);
  }

  /** What can be said of a figure; the whole interval must say it. */
  public enum Outcome {
    /** Beyond the threshold, the good way. */
    BETTER,
    /** Beyond the threshold, the bad way. */
    WORSE,
    /** Beyond the threshold, and nobody said which way is good. */
    DIFFERENT,
    /** Within the threshold. */
    ALIKE,
    /** The interval reaches from within the threshold to beyond it, or there is none. */
    UNCLEAR
  }

  /**
   * One figure.
   *
   * @param name what was measured, with its unit
   * @param better which way it is better
   * @param steady whether a difference may stop a merge
   * @param percentile of which latency percentile it is; empty if of none
   * @param a the median over the first side's runs or samples
   * @param b that of the second
   * @param ratio b to a: the median over the pairs, or of medians where there are no pairs
   * @param interval the 95 % interval of the ratio; empty where there is too little to draw from
   * @param outcome what can be said
   */
  public record Row(
      String name,
      Better better,
      boolean steady,
      Optional<Percentile> percentile,
      double a,
      double b,
      double ratio,
      Optional<Interval> interval,
      Outcome outcome) {

    /** The interval in words. */
    String range() {
      return interval
          .map(each -> Comparison.ratio(each.low()) + " to " + Comparison.ratio(each.high()))
          .orElse(Figures.NONE);
    }
  }

  /** Two sides that cannot be compared. */
  public static final class IncomparableException extends Exception {
    private static final long serialVersionUID = 1;

    IncomparableException(String message) {
      super(message);
    }
  }

  /**
   * Compares.
   *
   * @param threshold as in the record, 0 or more
   * @throws IncomparableException if one side is runs and the other records of a harness, if they
   *     hold different numbers of runs, or have no figure in common
   */
  public static Comparison of(Side a, Side b, double threshold) throws IncomparableException {
    Bootstrap bootstrap = new Bootstrap(SEED);
    Comparison comparison;
    if (a instanceof Side.Runs first && b instanceof Side.Runs second) {
      comparison = ofRuns(first, second, threshold, bootstrap);
    } else if (a instanceof Side.Benches first && b instanceof Side.Benches second) {
      comparison = ofBenches(first, second, threshold, bootstrap);
    } else {
      throw new IncomparableException("a run cannot be compared with the record of a harness");
    }
    if (comparison.rows().isEmpty()) {
      throw new IncomparableException(
          a.name() + " and " + b.name() + " have no figure in common that both can carry");
    }
    return comparison;
  }

  /** The lines printed. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("a           " + a.name());
    lines.add("b           " + b.name());
    lines.add("interval    95 %, " + method);
    lines.add("threshold   " + Figures.percent(threshold * 100));
    int width = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
    lines.add(line(width, "", "a", "b", "b / a", "interval", ""));
    for (Row row : rows) {
      lines.add(
          line(
              width,
              row.name(),
              Figures.ms(row.a()),
              Figures.ms(row.b()),
              ratio(row.ratio()),
              row.range(),
              row.outcome().name()));
    }
    return lines;
  }

  /** A ratio as printed. */
  static String ratio(double ratio) {
    return String.format(Locale.ROOT, "%.3f", ratio);
  }

  private static String line(
      int width, String name, String a, String b, String ratio, String range, String outcome) {
    return String.format(
            Locale.ROOT,
            "%-" + Math.max(1, width) + "s %12s %12s %8s  %-16s %s",
            name,
            a,
            b,
            ratio,
            range,
            outcome)
        .stripTrailing();
  }

  private static Comparison ofRuns(Side.Runs a, Side.Runs b, double threshold, Bootstrap bootstrap)
      throws IncomparableException {
    int pairs = a.runs().size();
    if (b.runs().size() != pairs) {
      throw new IncomparableException(
          a.name()
              + " holds "
              + pairs
              + " and "
              + b.name()
              + " holds "
              + b.runs().size()
              + " runs; pairs take as many of either");
    }
    boolean byPairs = pairs >= Bootstrap.PAIRS_MIN;
    List<Row> rows = new ArrayList<>();
    for (Kind kind : Kind.JUDGED) {
      List<Histogram> wholeA = whole(a, kind);
      List<Histogram> wholeB = whole(b, kind);
      List<Percentile> carried =
          PERCENTILES.stream()
              .filter(
                  percentile ->
                      IntStream.range(0, pairs)
                          .allMatch(
                              i ->
                                  percentile.isPrintable(wholeA.get(i).getTotalCount())
                                      && percentile.isPrintable(wholeB.get(i).getTotalCount())))
              .toList();
      List<Interval> drawn =
          byPairs || carried.isEmpty()
              ? List.of()
              : bootstrap.ofSeconds(seconds(a, kind), seconds(b, kind), carried);
      for (int p = 0; p < carried.size(); p++) {
        Percentile percentile = carried.get(p);
        ToDoubleFunction<Histogram> figure = nanos -> Bootstrap.ms(nanos, percentile);
        double[] ratios =
            IntStream.range(0, pairs)
                .mapToDouble(
                    i -> figure.applyAsDouble(wholeB.get(i)) / figure.applyAsDouble(wholeA.get(i)))
                .toArray();
        Interval interval = byPairs ? bootstrap.ofPairs(ratios) : drawn.get(p);
        rows.add(
            row(
                kind.words() + " " + percentile.label() + ", ms",
                Better.LOWER,
                true,
                Optional.of(percentile),
                wholeA.stream().mapToDouble(figure).toArray(),
                wholeB.stream().mapToDouble(figure).toArray(),
                Bootstrap.median(ratios),
                Optional.of(interval),
                threshold));
      }
    }
    recovery(a, b, bootstrap, threshold).ifPresent(rows::add);
    return new Comparison(
        a,
        b,
        byPairs
            ? "by bootstrap over " + pairs + " pairs of runs"
            : "by bootstrap over the seconds of "
                + (pairs == 1 ? "one pair" : pairs + " pairs")
                + " of runs; what changes from run to run takes "
                + Bootstrap.PAIRS_MIN
                + " pairs to see",
        threshold,
        rows);
  }

  /** How long a killed server took to answer again: one figure a run. */
  private static Optional<Row> recovery(
      Side.Runs a, Side.Runs b, Bootstrap bootstrap, double threshold) {
    double[] inA = a.runs().stream().mapToDouble(run -> recoveredInMs(run.record())).toArray();
    double[] inB = b.runs().stream().mapToDouble(run -> recoveredInMs(run.record())).toArray();
    double[] ratios = IntStream.range(0, inA.length).mapToDouble(i -> inB[i] / inA[i]).toArray();
    for (double ratio : ratios) {
      if (!(ratio > 0) || Double.isInfinite(ratio)) {
        return Optional.empty();
      }
    }
    Optional<Interval> interval =
        ratios.length >= Bootstrap.PAIRS_MIN
            ? Optional.of(bootstrap.ofPairs(ratios))
            : Optional.empty();
    return Optional.of(
        row(
            "back after kill -9, ms",
            Better.LOWER,
            true,
            Optional.empty(),
            inA,
            inB,
            Bootstrap.median(ratios.clone()),
            interval,
            threshold));
  }

  private static double recoveredInMs(RunRecord record) {
    return record.crash().stream()
        .flatMapToLong(crash -> crash.recoveredInMs().stream())
        .mapToDouble(ms -> ms)
        .findFirst()
        .orElse(0);
  }

  private static Comparison ofBenches(
      Side.Benches a, Side.Benches b, double threshold, Bootstrap bootstrap) {
    Map<String, Side.Series> inA = new LinkedHashMap<>();
    a.series().forEach(series -> inA.put(series.name(), series));
    List<Row> rows = new ArrayList<>();
    for (Side.Series second : b.series()) {
      Side.Series first = inA.get(second.name());
      if (first == null || Bootstrap.median(first.array()) <= 0 || anyBelowZero(first, second)) {
        continue;
      }
      boolean enough =
          first.values().size() >= SAMPLES_MIN && second.values().size() >= SAMPLES_MIN;
      rows.add(
          row(
              second.name(),
              second.better(),
              second.steady(),
              Optional.empty(),
              first.array(),
              second.array(),
              Bootstrap.median(second.array()) / Bootstrap.median(first.array()),
              enough
                  ? Optional.of(bootstrap.ofSamples(first.array(), second.array()))
                  : Optional.empty(),
              threshold));
    }
    return new Comparison(a, b, "by bootstrap over the samples of either side", threshold, rows);
  }

  private static boolean anyBelowZero(Side.Series first, Side.Series second) {
    return first.values().stream().anyMatch(value -> value <= 0)
        || second.values().stream().anyMatch(value -> value < 0);
  }

  private static Row row(
      String name,
      Better better,
      boolean steady,
      Optional<Percentile> percentile,
      double[] a,
      double[] b,
      double ratio,
      Optional<Interval> interval,
      double threshold) {
    return new Row(
        name,
        better,
        steady,
        percentile,
        Bootstrap.median(a),
        Bootstrap.median(b),
        ratio,
        interval,
        interval.map(each -> judge(each, better, threshold)).orElse(Outcome.UNCLEAR));
  }

  private static Outcome judge(Interval interval, Better better, double threshold) {
    boolean above = interval.low() > 1 + threshold;
    boolean below = interval.high() < 1 / (1 + threshold);
    if (!above && !below) {
      return interval.low() >= 1 / (1 + threshold) && interval.high() <= 1 + threshold
          ? Outcome.ALIKE
          : Outcome.UNCLEAR;
    }
    return switch (better) {
      case LOWER -> above ? Outcome.WORSE : Outcome.BETTER;
      case HIGHER -> above ? Outcome.BETTER : Outcome.WORSE;
      case UNKNOWN -> Outcome.DIFFERENT;
    };
  }

  private static List<Histogram> whole(Side.Runs side, Kind kind) {
    return side.runs().stream().map(run -> run.latencies().merged(kind, Phase.STEADY)).toList();
  }

  private static List<List<Histogram>> seconds(Side.Runs side, Kind kind) {
    return side.runs().stream()
        .map(Side.Run::latencies)
        .map((LatencyLog latencies) -> latencies.bySecond(kind, Phase.STEADY))
        .toList();
  }
}
