package io.millrace.reports.page;

import io.millrace.reports.record.PhaseWindow;
import java.util.List;
import java.util.OptionalDouble;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a chart draws, as values: {@code explore.js} reads it to draw the chart anew, for reading
 * values and for looking closer.
 *
 * @param x the horizontal axis
 * @param y the vertical axis
 * @param lines the data
 * @param limit what to stay under, in values of the vertical axis; empty for none
 * @param bands shaded stretches, in values of the horizontal axis
 */
public record Plot(Scale x, Scale y, List<Series> lines, OptionalDouble limit, List<Shade> bands) {
  private static final JsonMapper MAPPER = new JsonMapper();

  /** Copies the lists. */
  public Plot {
    lines = List.copyOf(lines);
    bands = List.copyOf(bands);
  }

  /**
   * An axis.
   *
   * @param label what it counts
   * @param from its least value
   * @param to its greatest
   * @param logarithmic whether equal distances are equal ratios
   * @param names values that have names of their own, such as percentiles; empty where a value is
   *     its own name
   */
  public record Scale(String label, double from, double to, boolean logarithmic, List<Name> names) {
    /** An axis on which a value is its own name. */
    static Scale of(String label, Axis axis) {
      return new Scale(label, axis.from(), axis.to(), axis.logarithmic(), List.of());
    }
  }

  /**
   * A value with a name.
   *
   * @param at the value
   * @param name its name
   */
  public record Name(double at, String name) {}

  /**
   * A line.
   *
   * @param name what it is
   * @param style CSS classes of its colour and stroke
   * @param x where its points are
   * @param y their values; an absent one is a gap
   */
  public record Series(String name, String style, List<Double> x, List<OptionalDouble> y) {}

  /**
   * A shaded stretch.
   *
   * @param style the label of its phase
   * @param from where it begins
   * @param to where it ends
   */
  public record Shade(String style, double from, double to) {}

  static Plot of(Scale x, Scale y, List<Chart.Line> lines, OptionalDouble limit) {
    return of(x, y, lines, limit, List.of());
  }

  /** A plot over time in seconds, with the stretches of phases shaded. */
  static Plot of(
      Scale x, Scale y, List<Chart.Line> lines, OptionalDouble limit, List<PhaseWindow> windows) {
    return new Plot(
        x,
        y,
        lines.stream()
            .map(
                line ->
                    new Series(
                        line.name(),
                        line.style(),
                        line.points().stream().map(Chart.Point::x).toList(),
                        line.points().stream().map(Chart.Point::y).toList()))
            .toList(),
        limit,
        windows.stream()
            .map(
                window ->
                    new Shade(window.phase().label(), window.fromMs() / 1e3, window.toMs() / 1e3))
            .toList());
  }

  /** The plot as JSON that may stand in a page as it is: it holds nothing that is markup. */
  public String json() {
    return MAPPER
        .writeValueAsString(this)
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026");
  }
}
