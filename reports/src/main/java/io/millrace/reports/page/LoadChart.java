package io.millrace.reports.page;

import io.millrace.reports.page.Chart.Limit;
import io.millrace.reports.page.Chart.Line;
import io.millrace.reports.page.Chart.Pen;
import io.millrace.reports.page.Chart.Table;
import io.millrace.reports.record.Figures;
import io.millrace.reports.record.Kind;
import io.millrace.reports.record.LoadCurve;
import io.millrace.reports.record.Percentile;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/**
 * Latency against throughput, a chart for each latency that has a curve: p99.9 and median over the
 * offered rate. An invalid point is left out, since its latency is not that of its rate.
 */
final class LoadChart {
  private static final double HEIGHT = 340;

  /** Leaves room for a name and its percentile. */
  static final double RIGHT = 640;

  private static final int NAME_LETTERS = 28;
  private static final double LEAST_MS = 0.1;
  private static final List<String> COLOURS = List.of("c1", "c3", "c2", "c4");

  private LoadChart() {}

  static List<Chart> charts(List<LoadCurve> curves) {
    SortedMap<Kind, List<LoadCurve>> byKind = new TreeMap<>();
    curves.forEach(
        curve -> byKind.computeIfAbsent(curve.kind(), kind -> new ArrayList<>()).add(curve));
    return byKind.entrySet().stream().map(each -> chart(each.getKey(), each.getValue())).toList();
  }

  private static Chart chart(Kind kind, List<LoadCurve> curves) {
    double bottom = HEIGHT - Chart.BELOW;
    double limitMs = curves.get(0).limitMs();
    Axis x =
        Axis.ratios(
            rates(curves).min().orElseThrow(),
            rates(curves).max().orElseThrow(),
            Chart.LEFT,
            RIGHT);
    double slowestMs =
        curves.stream()
            .flatMap(curve -> curve.points().stream())
            .filter(LoadCurve.Point::valid)
            .flatMapToDouble(point -> point.latencyMs().p999().stream())
            .max()
            .orElse(limitMs);
    Axis y = Axis.decades(LEAST_MS, Math.max(limitMs, slowestMs), bottom, Chart.TOP);
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < curves.size(); i++) {
      String colour = COLOURS.get(i % COLOURS.size());
      lines.add(line(curves.get(i), Percentile.P999, x, y, colour));
      lines.add(line(curves.get(i), Percentile.P50, x, y, colour + " dashed"));
    }
    return new Chart(
        "load-" + kind.label(),
        "Latency and throughput: " + kind.words(),
        Prose.loadCurves(kind, curves),
        HEIGHT,
        RIGHT,
        x.ratioSteps(),
        y.decades(),
        "messages a second offered, logarithmic",
        "ms, logarithmic",
        List.of(),
        List.of(new Limit(y.at(limitMs), Figures.limit(limitMs))),
        List.of(),
        Chart.apart(lines, bottom),
        table(curves),
        Plot.of(
            Plot.Scale.of("offered, a second", x),
            Plot.Scale.of("ms", y),
            lines,
            OptionalDouble.of(limitMs)));
  }

  private static DoubleStream rates(List<LoadCurve> curves) {
    return curves.stream()
        .flatMap(curve -> curve.points().stream())
        .mapToDouble(LoadCurve.Point::offeredPerSecond);
  }

  private static Line line(LoadCurve curve, Percentile percentile, Axis x, Axis y, String style) {
    Pen pen = new Pen(x, y);
    for (LoadCurve.Point point : curve.points()) {
      pen.to(
          point.offeredPerSecond(),
          point.valid() ? point.latencyMs().at(percentile) : OptionalDouble.empty());
    }
    return pen.line(shortName(curve) + " " + percentile.label(), style);
  }

  /** The chart says which latency it is, and its right margin has room for so many letters. */
  private static String shortName(LoadCurve curve) {
    String kind = ", " + curve.kind().words();
    String name =
        curve.name().endsWith(kind)
            ? curve.name().substring(0, curve.name().length() - kind.length())
            : curve.name();
    return name.length() <= NAME_LETTERS ? name : name.substring(0, NAME_LETTERS - 1) + "…";
  }

  private static Table table(List<LoadCurve> curves) {
    List<List<String>> rows = new ArrayList<>();
    for (LoadCurve curve : curves) {
      for (LoadCurve.Point point : curve.points()) {
        rows.add(
            List.of(
                curve.name(),
                Figures.rate(point.offeredPerSecond()),
                Figures.ms(point.latencyMs().p50()),
                Figures.ms(point.latencyMs().p999()),
                point.valid() ? point.verdict().words() : "INVALID"));
      }
    }
    return new Table(
        List.of("loaded", "offered, a second", "p50, ms", "p99.9, ms", "verdict"), rows);
  }
}
