package io.millrace.reports.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * One chart, laid out in pixels and ready for its template.
 *
 * @param id unique on the page; names the title and the description for assistive technology
 * @param title what is shown
 * @param description what a sighted reader takes from it, with its figures
 * @param height of the drawing; the width is always {@link #WIDTH}
 * @param right right edge of the plot; the names of the lines stand beyond it
 * @param x ticks of the horizontal axis
 * @param y ticks of the vertical axis
 * @param xLabel what the horizontal axis counts
 * @param yLabel what the vertical axis counts
 * @param bands shaded stretches of the horizontal axis
 * @param limits horizontal lines to stay under
 * @param lanes what delayed messages, a row for each cause at the foot of the plot
 * @param lines the data
 * @param twin the same data as a table
 * @param plot the same data as values, for exploring
 */
public record Chart(
    String id,
    String title,
    String description,
    double height,
    double right,
    List<Tick> x,
    List<Tick> y,
    String xLabel,
    String yLabel,
    List<Band> bands,
    List<Limit> limits,
    List<Lane> lanes,
    List<Line> lines,
    Table twin,
    Plot plot) {
  /** Width of every drawing. */
  public static final double WIDTH = 860;

  /** Left edge of the plot. */
  public static final double LEFT = 60;

  /** Right edge of most plots, which leaves room for names of 17 letters. */
  public static final double RIGHT = 744;

  /** Top edge of the plot. */
  public static final double TOP = 44;

  /** Room below the plot for the horizontal axis. */
  public static final double BELOW = 42;

  private static final double NAME_GAP = 14;

  /** From a line's end to its name's baseline, so that both stand level. */
  private static final double NAME_DROP = 4;

  /**
   * A labelled value of an axis.
   *
   * @param px where it is
   * @param label what it says
   */
  public record Tick(double px, String label) {}

  /**
   * A shaded stretch.
   *
   * @param style CSS class: the label of a {@link io.millrace.reports.record.Phase}
   * @param x left edge
   * @param width at least 1
   * @param label what it is
   * @param labelY baseline of the label
   */
  public record Band(String style, double x, double width, String label, double labelY) {}

  /**
   * A horizontal line to stay under.
   *
   * @param y where
   * @param label what it is
   */
  public record Limit(double y, String label) {}

  /**
   * What one cause did, as a row of marks.
   *
   * @param style CSS class: the label of a {@link io.millrace.reports.record.Cause}
   * @param name what it is
   * @param y top edge of the marks
   * @param marks in their order
   */
  public record Lane(String style, String name, double y, List<Mark> marks) {}

  /**
   * A stretch of the horizontal axis.
   *
   * @param x left edge
   * @param width at least 1.5
   */
  public record Mark(double x, double width) {}

  /**
   * A line of data.
   *
   * @param name what it is
   * @param style CSS classes of its colour and stroke
   * @param path SVG path data; absent values leave gaps, no values at all an empty text
   * @param nameY baseline of the name at its right
   * @param points the same in values; an absent one is empty
   */
  public record Line(String name, String style, String path, double nameY, List<Point> points) {
    /** Copies the points. */
    public Line {
      points = List.copyOf(points);
    }
  }

  /**
   * A point of a line.
   *
   * @param x its value on the horizontal axis
   * @param y its value on the vertical axis; empty for a gap
   */
  public record Point(double x, OptionalDouble y) {}

  /**
   * The same data as text.
   *
   * @param headers one for each column
   * @param rows as many cells each
   */
  public record Table(List<String> headers, List<List<String>> rows) {}

  /** The bottom edge of the plot. */
  public double bottom() {
    return height - BELOW;
  }

  /** A pixel position, to a tenth. */
  public static String px(double position) {
    return String.format(Locale.ROOT, "%.1f", position);
  }

  /** Draws one line point by point. */
  static final class Pen {
    private final Axis xAxis;
    private final Axis yAxis;
    private final StringBuilder path = new StringBuilder();
    private final List<Point> points = new ArrayList<>();
    private boolean down;
    private double lastY = TOP;

    /** A pen above its first point. */
    Pen(Axis xAxis, Axis yAxis) {
      this.xAxis = xAxis;
      this.yAxis = yAxis;
    }

    /** Draws to a point, or leaves a gap where there is none. */
    void to(double x, OptionalDouble y) {
      points.add(new Point(x, y));
      if (y.isEmpty()) {
        down = false;
        return;
      }
      lastY = yAxis.at(y.getAsDouble());
      path.append(down ? "L" : "M").append(px(xAxis.at(x))).append(' ').append(px(lastY));
      if (!down) {
        // A point without neighbours would be invisible; a stroke of no length shows its round
        // ends.
        path.append("h0");
      }
      down = true;
    }

    /** The line, its name beside its last point. */
    Line line(String name, String style) {
      return new Line(name, style, path.toString(), lastY + NAME_DROP, points);
    }
  }

  /** Moves the names of lines apart so that none covers another, and leaves out empty lines. */
  static List<Line> apart(List<Line> lines, double bottom) {
    List<Line> drawn =
        new ArrayList<>(lines.stream().filter(line -> !line.path().isEmpty()).toList());
    drawn.sort(Comparator.comparingDouble(Line::nameY));
    double free = TOP;
    for (int i = 0; i < drawn.size(); i++) {
      Line line = drawn.get(i);
      double lowest = bottom - NAME_GAP * (drawn.size() - 1 - i);
      double y = Math.max(free, Math.min(line.nameY(), lowest));
      drawn.set(i, new Line(line.name(), line.style(), line.path(), y, line.points()));
      free = y + NAME_GAP;
    }
    return drawn;
  }
}
