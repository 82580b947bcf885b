package io.millrace.jmh.run;

import java.util.Locale;

/**
 * What was asked of a figure, beside what it came to.
 *
 * @param name what is measured, with its unit
 * @param atLeast whether the figure must be at least the bar (a rate), or at most (a cost)
 * @param bar the bar
 * @param measured the figure
 * @param outcome of the comparison
 */
public record Bar(String name, boolean atLeast, double bar, double measured, Outcome outcome) {

  /** How a figure stands to its bar. */
  public enum Outcome {
    PASS,
    FAIL,
    /** The machine was too noisy to tell. */
    INCONCLUSIVE
  }

  /** A figure that must be at most the bar. */
  public static Bar atMost(String name, double bar, double measured) {
    return new Bar(name, false, bar, measured, measured <= bar ? Outcome.PASS : Outcome.FAIL);
  }

  /** A figure that must be at least the bar. */
  public static Bar atLeast(String name, double bar, double measured) {
    return new Bar(name, true, bar, measured, measured >= bar ? Outcome.PASS : Outcome.FAIL);
  }

  /** The same, unless the platform forbids a judgement. */
  public Bar unless(boolean platformNoisy) {
    return platformNoisy ? new Bar(name, atLeast, bar, measured, Outcome.INCONCLUSIVE) : this;
  }

  /** One line for a reader. */
  public String line() {
    return String.format(
        Locale.ROOT,
        "%-12s %s: %s (bar: %s %s)",
        outcome,
        name,
        number(measured),
        atLeast ? "at least" : "at most",
        number(bar));
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.3f", value);
  }
}
