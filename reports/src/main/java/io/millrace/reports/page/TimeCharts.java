package io.millrace.reports.page;

import io.millrace.reports.page.Chart.Band;
import io.millrace.reports.page.Chart.Lane;
import io.millrace.reports.page.Chart.Limit;
import io.millrace.reports.page.Chart.Line;
import io.millrace.reports.page.Chart.Mark;
import io.millrace.reports.page.Chart.Pen;
import io.millrace.reports.page.Chart.Table;
import io.millrace.reports.record.Cause;
import io.millrace.reports.record.Figures;
import io.millrace.reports.record.Phase;
import io.millrace.reports.record.PhaseWindow;
import io.millrace.reports.record.RunRecord;
import io.millrace.reports.record.Second;
import io.millrace.reports.record.Stall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.DoubleStream;

/** The charts over time: latency, throughput and backlog, second by second, faults shaded. */
final class TimeCharts {
  private static final double LATENCY_HEIGHT = 340;
  private static final double THROUGHPUT_HEIGHT = 220;
  private static final double BACKLOG_HEIGHT = 170;
  private static final int X_TICKS = 12;
  private static final int Y_TICKS = 4;
  private static final double BAND_LABEL_Y = 11;
  private static final double BAND_LABEL_GAP = 12;
  private static final int BAND_LABEL_ROWS = 3;

  /** About the width of a letter of a label, in pixels. */
  private static final double LETTER = 6.2;

  private static final double LANE_GAP = 12;
  private static final double LEAST_MARK = 1.5;

  private static final double LEAST_LATENCY_MS = 0.1;

  /** A decade for the lanes. */
  private static final double LEAST_LATENCY_ABOVE_LANES_MS = 0.01;

  private static final double MIDDLE = 0.5;
  private static final double MS_PER_SECOND = 1_000;

  private TimeCharts() {}

  static Chart latency(RunRecord record, List<Stall> stalls) {
    List<Second> timeline = record.timeline();
    double bottom = LATENCY_HEIGHT - Chart.BELOW;
    double sloMs = record.plan().sloMs();
    Axis x = timeAxis(timeline);
    double leastMs = stalls.isEmpty() ? LEAST_LATENCY_MS : LEAST_LATENCY_ABOVE_LANES_MS;
    Axis y = Axis.decades(leastMs, slowest(timeline, sloMs), bottom, Chart.TOP);
    List<Lane> lanes = lanes(stalls, x, bottom);
    List<Line> lines =
        Chart.apart(
            List.of(
                line(timeline, x, y, Second::publishMaxMs, "publish max", "c1 faint"),
                line(timeline, x, y, Second::endToEndP99Ms, "end-to-end p99", "c3"),
                line(timeline, x, y, Second::publishP99Ms, "publish p99", "c1"),
                line(timeline, x, y, Second::publishP50Ms, "publish p50", "c1 dashed")),
            lanes.isEmpty() ? bottom : lanes.get(0).y() - LANE_GAP);
    return new Chart(
        "latency-over-time",
        "Latency over time",
        Prose.latencyOverTime(record, stalls),
        LATENCY_HEIGHT,
        Chart.RIGHT,
        x.steps(X_TICKS),
        y.decades(),
        "seconds since the start, by intended send instant",
        "ms, logarithmic",
        bands(record, x),
        List.of(new Limit(y.at(sloMs), Figures.limit(sloMs))),
        lanes,
        lines,
        new Table(
            List.of(
                "second",
                "publish p50, ms",
                "publish p99, ms",
                "publish max, ms",
                "end-to-end p99, ms"),
            timeline.stream()
                .map(
                    second ->
                        List.of(
                            Figures.count(second.second()),
                            Figures.ms(second.publishP50Ms()),
                            Figures.ms(second.publishP99Ms()),
                            Figures.ms(second.publishMaxMs()),
                            Figures.ms(second.endToEndP99Ms())))
                .toList()),
        Plot.of(
            Plot.Scale.of("seconds", x),
            Plot.Scale.of("ms", y),
            lines,
            OptionalDouble.of(sloMs),
            record.windows()));
  }

  static Chart throughput(RunRecord record) {
    List<Second> timeline = record.timeline();
    double bottom = THROUGHPUT_HEIGHT - Chart.BELOW;
    Axis x = timeAxis(timeline);
    Axis y =
        Axis.reaching(
            timeline.stream()
                .mapToDouble(s -> Math.max(s.sent(), Math.max(s.acked(), s.received())))
                .max()
                .orElse(0),
            Y_TICKS,
            bottom,
            Chart.TOP);
    List<Line> lines =
        Chart.apart(
            List.of(
                line(timeline, x, y, whole(Second::received), "received", "c2"),
                line(timeline, x, y, whole(Second::acked), "acknowledged", "c1"),
                line(timeline, x, y, whole(Second::sent), "sent", "c4 dashed")),
            bottom);
    return new Chart(
        "throughput",
        "Throughput over time",
        Prose.throughputOverTime(record),
        THROUGHPUT_HEIGHT,
        Chart.RIGHT,
        x.steps(X_TICKS),
        y.steps(Y_TICKS),
        "seconds since the start",
        "messages a second",
        bands(record, x),
        List.of(),
        List.of(),
        lines,
        new Table(
            List.of("second", "sent", "acknowledged", "received"),
            timeline.stream()
                .map(
                    second ->
                        List.of(
                            Figures.count(second.second()),
                            Figures.count(second.sent()),
                            Figures.count(second.acked()),
                            Figures.count(second.received())))
                .toList()),
        Plot.of(
            Plot.Scale.of("seconds", x),
            Plot.Scale.of("messages a second", y),
            lines,
            OptionalDouble.empty(),
            record.windows()));
  }

  static Chart backlog(RunRecord record) {
    List<Second> timeline = record.timeline();
    double bottom = BACKLOG_HEIGHT - Chart.BELOW;
    Axis x = timeAxis(timeline);
    Axis y =
        Axis.reaching(
            timeline.stream().mapToDouble(Second::backlog).max().orElse(0),
            Y_TICKS,
            bottom,
            Chart.TOP);
    List<Line> lines =
        Chart.apart(List.of(line(timeline, x, y, whole(Second::backlog), "backlog", "c3")), bottom);
    return new Chart(
        "backlog",
        "Backlog over time",
        Prose.backlogOverTime(record),
        BACKLOG_HEIGHT,
        Chart.RIGHT,
        x.steps(X_TICKS),
        y.steps(Y_TICKS),
        "seconds since the start",
        "messages acknowledged, not deleted",
        bands(record, x),
        List.of(),
        List.of(),
        lines,
        new Table(
            List.of("second", "acknowledged, not deleted"),
            timeline.stream()
                .map(
                    second ->
                        List.of(Figures.count(second.second()), Figures.count(second.backlog())))
                .toList()),
        Plot.of(
            Plot.Scale.of("seconds", x),
            Plot.Scale.of("messages", y),
            lines,
            OptionalDouble.empty(),
            record.windows()));
  }

  private static double slowest(List<Second> timeline, double sloMs) {
    return DoubleStream.concat(
            DoubleStream.of(sloMs),
            timeline.stream()
                .flatMapToDouble(
                    second ->
                        DoubleStream.concat(
                            second.publishMaxMs().stream(), second.endToEndP99Ms().stream())))
        .max()
        .orElse(sloMs);
  }

  private static Axis timeAxis(List<Second> timeline) {
    return Axis.linear(Math.max(1, timeline.size()), Chart.LEFT, Chart.RIGHT);
  }

  /** A value belongs to its whole second, so its point stands in the middle. */
  private static Line line(
      List<Second> timeline,
      Axis x,
      Axis y,
      Function<Second, OptionalDouble> value,
      String name,
      String style) {
    Pen pen = new Pen(x, y);
    for (Second second : timeline) {
      pen.to(second.second() + MIDDLE, value.apply(second));
    }
    return pen.line(name, style);
  }

  private static Function<Second, OptionalDouble> whole(ToLongFunction<Second> count) {
    return second -> OptionalDouble.of((double) count.applyAsLong(second));
  }

  /** A row for each cause at the foot of the plot, where latencies seldom are. */
  private static List<Lane> lanes(List<Stall> stalls, Axis x, double bottom) {
    SortedMap<Cause, List<Mark>> marks = new TreeMap<>();
    for (Stall stall : stalls) {
      double from = x.at(stall.fromMs() / MS_PER_SECOND);
      double to = x.at(stall.toMs() / MS_PER_SECOND);
      marks
          .computeIfAbsent(stall.cause(), cause -> new ArrayList<>())
          .add(new Mark(from, Math.max(LEAST_MARK, to - from)));
    }
    List<Lane> lanes = new ArrayList<>();
    double y = bottom - LANE_GAP * marks.size();
    for (Map.Entry<Cause, List<Mark>> each : marks.entrySet()) {
      lanes.add(new Lane(each.getKey().label(), each.getKey().words(), y, each.getValue()));
      y += LANE_GAP;
    }
    return lanes;
  }

  /**
   * The labels stand above the plot, in rows, since a band can be narrower than its name: each in
   * the first row in which it covers no other. What is neither steady nor under a fault is left
   * blank.
   */
  private static List<Band> bands(RunRecord record, Axis x) {
    List<Band> bands = new ArrayList<>();
    double[] freeFrom = new double[BAND_LABEL_ROWS];
    for (PhaseWindow window : record.windows()) {
      if (window.phase() == Phase.AFTERMATH) {
        continue;
      }
      double from = x.at(window.fromMs() / MS_PER_SECOND);
      double to = x.at(window.toMs() / MS_PER_SECOND);
      int row = 0;
      while (row < BAND_LABEL_ROWS - 1 && from < freeFrom[row]) {
        row++;
      }
      freeFrom[row] = from + LETTER * (window.phase().words().length() + 1);
      bands.add(
          new Band(
              window.phase().label(),
              from,
              Math.max(1, to - from),
              window.phase().words(),
              BAND_LABEL_Y + BAND_LABEL_GAP * row));
    }
    return bands;
  }
}
