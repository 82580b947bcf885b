package io.millrace.reports.page;

import io.millrace.reports.record.Figures;
import java.util.ArrayList;
import java.util.List;

/**
 * One axis of a chart: values on one side, pixels on the other.
 *
 * @param from value at {@code fromPx}
 * @param to value at {@code toPx}, above {@code from}
 * @param fromPx where the axis begins
 * @param toPx where it ends; below {@code fromPx} for an axis that grows upwards
 * @param logarithmic whether equal distances are equal ratios; {@code from} is above 0 then
 */
record Axis(double from, double to, double fromPx, double toPx, boolean logarithmic) {
  private static final double[] NICE_STEPS = {1, 2, 5, 10};

  /** Guards against a step or a decade lost to rounding. */
  private static final double HAIR = 1e-9;

  /** A linear axis from 0. */
  static Axis linear(double to, double fromPx, double toPx) {
    return new Axis(0, to, fromPx, toPx, false);
  }

  /** A linear axis from 0 to the first multiple of a nice step that reaches a value. */
  static Axis reaching(double reach, int wantedTicks, double fromPx, double toPx) {
    double step = niceStep(reach, wantedTicks);
    return linear(Math.max(step, Math.ceil(reach / step - HAIR) * step), fromPx, toPx);
  }

  /** A logarithmic axis over whole decades that hold two values, both above 0. */
  static Axis decades(double least, double most, double fromPx, double toPx) {
    double low = Math.floor(Math.log10(least) + HAIR);
    double high = Math.max(low + 1, Math.ceil(Math.log10(most) - HAIR));
    return new Axis(Math.pow(10, low), Math.pow(10, high), fromPx, toPx, true);
  }

  /** A logarithmic axis from the nice value below the one to that above the other, both above 0. */
  static Axis ratios(double least, double most, double fromPx, double toPx) {
    double from = niceBelow(least);
    double to = Math.max(niceBelow(most), from);
    while (to < most * (1 - HAIR) || to <= from) {
      to = niceAbove(to);
    }
    return new Axis(from, to, fromPx, toPx, true);
  }

  /** The pixel of a value; a value outside is moved to the nearer end. */
  double at(double value) {
    double inside = Math.min(to, Math.max(from, value));
    double share =
        logarithmic ? Math.log(inside / from) / Math.log(to / from) : (inside - from) / (to - from);
    return fromPx + share * (toPx - fromPx);
  }

  /** Ticks at multiples of a nice step, about as many as wanted. */
  List<Chart.Tick> steps(int wantedTicks) {
    double step = niceStep(to, wantedTicks);
    List<Chart.Tick> ticks = new ArrayList<>();
    for (int i = 0; i * step <= to + HAIR; i++) {
      ticks.add(new Chart.Tick(at(i * step), Figures.plain(i * step)));
    }
    return ticks;
  }

  /** Ticks at each power of ten. */
  List<Chart.Tick> decades() {
    List<Chart.Tick> ticks = new ArrayList<>();
    for (double value = from; value <= to * (1 + HAIR); value *= 10) {
      ticks.add(new Chart.Tick(at(value), Figures.plain(value)));
    }
    return ticks;
  }

  /** Ticks at 1, 2 and 5 times each power of ten, of an axis made by {@link #ratios}. */
  List<Chart.Tick> ratioSteps() {
    List<Chart.Tick> ticks = new ArrayList<>();
    for (double value = from; value <= to * (1 + HAIR); value = niceAbove(value)) {
      ticks.add(new Chart.Tick(at(value), Figures.plain(value)));
    }
    return ticks;
  }

  private static double niceBelow(double value) {
    double power = Math.pow(10, Math.floor(Math.log10(value) + HAIR));
    double nice = power;
    for (double step : NICE_STEPS) {
      if (step * power <= value * (1 + HAIR)) {
        nice = step * power;
      }
    }
    return nice;
  }

  /** The next of 1, 2 and 5 times a power of ten above one of them. */
  private static double niceAbove(double nice) {
    double power = Math.pow(10, Math.floor(Math.log10(nice) + HAIR));
    for (double step : NICE_STEPS) {
      if (step * power > nice * (1 + HAIR)) {
        return step * power;
      }
    }
    throw new AssertionError("no step above " + nice);
  }

  /** 1, 2 or 5 times a power of ten, at least 1: axes count messages and seconds. */
  private static double niceStep(double reach, int wantedTicks) {
    double rough = Math.max(1, reach / wantedTicks);
    double power = Math.pow(10, Math.floor(Math.log10(rough) + HAIR));
    for (double nice : NICE_STEPS) {
      if (rough <= nice * power + HAIR) {
        return nice * power;
      }
    }
    throw new AssertionError("no step for " + rough);
  }
}
