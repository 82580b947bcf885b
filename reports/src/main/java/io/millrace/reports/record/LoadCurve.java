package io.millrace.reports.record;

import java.util.List;
import java.util.OptionalDouble;

/**
 * Latency against throughput: one series of runs at growing offered rates, otherwise alike.
 *
 * @param name what was loaded, with its durability, such as {@code millrace, power-loss}; names the
 *     line in the chart, so unique among the curves of one record
 * @param kind which latency
 * @param limitMs the limit each point is judged by, in milliseconds, above 0
 * @param points in the order of their offered rate; at least one
 * @param sustainedPerSecond the highest offered rate that was confirmed to keep the limit, messages
 *     a second; empty where none was, or none was searched for
 */
public record LoadCurve(
    String name, Kind kind, double limitMs, List<Point> points, OptionalDouble sustainedPerSecond) {

  /**
   * One rate.
   *
   * @param offeredPerSecond intended sends a second, above 0
   * @param achievedPerSecond acknowledged sends a second, 0 or more
   * @param latencyMs the latency of all its messages
   * @param verdict whether the limit was kept
   * @param invalid why the point may not be read as a latency at that rate, such as a rate that was
   *     not reached; empty where it may
   */
  public record Point(
      double offeredPerSecond,
      double achievedPerSecond,
      LatencySummary latencyMs,
      LatencyVerdict.Outcome verdict,
      String invalid) {

    /** Refuses a rate that is none. */
    public Point {
      if (!(offeredPerSecond > 0) || !(achievedPerSecond >= 0)) {
        throw new IllegalArgumentException(
            achievedPerSecond + " a second achieved of " + offeredPerSecond + " offered");
      }
    }

    /** Whether it may be read as a latency at its rate. */
    public boolean valid() {
      return invalid.isEmpty();
    }
  }

  /** Copies the points; refuses none, and points out of order. */
  public LoadCurve {
    points = List.copyOf(points);
    if (!(limitMs > 0) || points.isEmpty()) {
      throw new IllegalArgumentException(name + ": " + points + " against " + limitMs + " ms");
    }
    for (int i = 1; i < points.size(); i++) {
      if (points.get(i).offeredPerSecond() < points.get(i - 1).offeredPerSecond()) {
        throw new IllegalArgumentException(name + ": offered rates out of order");
      }
    }
  }
}
