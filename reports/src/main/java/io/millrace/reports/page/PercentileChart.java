package io.millrace.reports.page;

import io.millrace.reports.page.Chart.Limit;
import io.millrace.reports.page.Chart.Line;
import io.millrace.reports.page.Chart.Pen;
import io.millrace.reports.page.Chart.Table;
import io.millrace.reports.page.Chart.Tick;
import io.millrace.reports.record.Figures;
import io.millrace.reports.record.Kind;
import io.millrace.reports.record.LatencyLog;
import io.millrace.reports.record.LatencySummary;
import io.millrace.reports.record.Percentile;
import io.millrace.reports.record.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;

/**
 * The percentile plot: each distribution of the steady phase as latency over percentile, the tail
 * stretched so that every further nine takes the same room. A line ends where fewer than ten
 * samples lie beyond it.
 */
final class PercentileChart {
  private static final double HEIGHT = 340;
  private static final int POINTS_PER_NINE = 24;
  private static final double LEAST_MS = 0.01;

  /** A distribution that does not carry its median is not drawn. */
  private static final long MEDIAN = 2;

  /** The rows of the table twin. */
  private static final List<Rank> RANKS =
      List.of(
          new Rank("50 %", 2),
          new Rank("75 %", 4),
          new Rank("90 %", 10),
          new Rank("95 %", 20),
          new Rank("99 %", 100),
          new Rank("99.5 %", 200),
          new Rank("99.9 %", 1_000),
          new Rank("99.95 %", 2_000),
          new Rank("99.99 %", 10_000),
          new Rank("99.999 %", 100_000));

  private PercentileChart() {}

  /** A percentile beyond which one sample in {@code oneIn} lies. */
  private record Rank(String label, long oneIn) {}

  /** A distribution and how it is drawn. */
  record Distribution(String name, String style, Histogram nanos) {
    /** Whether one sample in so many leaves ten beyond. */
    boolean carries(long oneIn) {
      return nanos.getTotalCount() >= oneIn * Percentile.SAMPLES_BEYOND_MIN;
    }

    /** How many nines the count carries with ten samples beyond; below 0.3 not even the median. */
    double nines() {
      return Math.log10((double) nanos.getTotalCount() / Percentile.SAMPLES_BEYOND_MIN);
    }

    /** The value in milliseconds that one sample in so many exceeds. */
    double ms(double oneIn) {
      return LatencySummary.toMs(nanos.getValueAtPercentile(100 - 100 / oneIn));
    }
  }

  /**
   * The plot of a run: its latencies beside the control meter.
   *
   * @param latencies raw latencies
   * @param controlHiccup the control meter over the same phase; may be empty
   * @param sloMs the limit
   */
  static Chart chart(LatencyLog latencies, Histogram controlHiccup, double sloMs) {
    return chart(
        "percentiles",
        "Latency by percentile, steady phase",
        Prose.percentilePlot(sloMs),
        Chart.RIGHT,
        List.of(
            new Distribution("publish", "c1", latencies.merged(Kind.PUBLISH, Phase.STEADY)),
            new Distribution(
                "uncorrected", "c1 dashed", latencies.merged(Kind.SERVICE, Phase.STEADY)),
            new Distribution("receive", "c2", latencies.merged(Kind.RECEIVE, Phase.STEADY)),
            new Distribution("end-to-end", "c3", latencies.merged(Kind.END_TO_END, Phase.STEADY)),
            new Distribution("control hiccup", "c4 dashed", controlHiccup)),
        sloMs);
  }

  /**
   * Any plot.
   *
   * @param right the plot's right edge, which leaves room for the names
   * @param distributions what is drawn, as far as it carries its median
   */
  static Chart chart(
      String id,
      String title,
      String description,
      double right,
      List<Distribution> distributions,
      double sloMs) {
    List<Distribution> drawn = distributions.stream().filter(one -> one.carries(MEDIAN)).toList();
    double nines = drawn.stream().mapToDouble(Distribution::nines).max().orElse(1);
    double slowest =
        drawn.stream().mapToDouble(one -> one.ms(Math.pow(10, one.nines()))).max().orElse(sloMs);
    double bottom = HEIGHT - Chart.BELOW;
    Axis x = Axis.linear(nines, Chart.LEFT, right);
    Axis y = Axis.decades(LEAST_MS, Math.max(sloMs, slowest), bottom, Chart.TOP);
    List<Line> lines = Chart.apart(drawn.stream().map(one -> line(one, x, y)).toList(), bottom);
    return new Chart(
        id,
        title,
        description,
        HEIGHT,
        right,
        names(nines).stream().map(name -> new Tick(x.at(name.at()), name.name())).toList(),
        y.decades(),
        "percentile, each further nine as wide as the one before",
        "ms, logarithmic",
        List.of(),
        List.of(new Limit(y.at(sloMs), Figures.limit(sloMs))),
        List.of(),
        lines,
        table(distributions),
        Plot.of(
            new Plot.Scale("percentile", x.from(), x.to(), false, names(nines)),
            Plot.Scale.of("ms", y),
            lines,
            OptionalDouble.of(sloMs)));
  }

  private static Line line(Distribution distribution, Axis x, Axis y) {
    Pen pen = new Pen(x, y);
    int points = (int) Math.ceil(distribution.nines() * POINTS_PER_NINE);
    for (int i = 0; i <= points; i++) {
      double nine = distribution.nines() * i / points;
      pen.to(nine, OptionalDouble.of(distribution.ms(Math.pow(10, nine))));
    }
    return pen.line(distribution.name(), distribution.style());
  }

  /** The percentiles that have a whole number of nines, and the median. */
  private static List<Plot.Name> names(double nines) {
    List<Plot.Name> names = new ArrayList<>();
    names.add(new Plot.Name(0, "0 %"));
    names.add(new Plot.Name(Math.log10(2), "50 %"));
    for (int nine = 1; nine <= nines; nine++) {
      String nined = nine == 1 ? "90" : nine == 2 ? "99" : "99." + "9".repeat(nine - 2);
      names.add(new Plot.Name(nine, nined + " %"));
    }
    return names;
  }

  private static Table table(List<Distribution> distributions) {
    List<String> headers = new ArrayList<>(List.of("percentile"));
    distributions.forEach(one -> headers.add(one.name() + ", ms"));
    List<List<String>> rows = new ArrayList<>();
    for (Rank rank : RANKS) {
      List<String> row = new ArrayList<>(List.of(rank.label()));
      for (Distribution one : distributions) {
        row.add(
            one.carries(rank.oneIn()) ? Figures.ms(one.ms((double) rank.oneIn())) : Figures.NONE);
      }
      rows.add(row);
    }
    return new Table(headers, rows);
  }
}
