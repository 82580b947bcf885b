package io.millrace.chaos.policy;

/**
 * One step of the server's wall clock.
 *
 * @param afterMs when, in ms since the policy came into force; 0 or more
 * @param byMs how far, in ms; forward or back, but not 0
 */
public record ClockStep(long afterMs, long byMs) {

  /** Ten years: further than any administrator's slip. */
  public static final long BY_MS_MAX = 315_360_000_000L;

  /** Checks the ranges. */
  public ClockStep {
    if (afterMs < 0 || byMs == 0 || Math.abs(byMs) > BY_MS_MAX) {
      throw new IllegalArgumentException(
          "a clock step of " + byMs + " ms after " + afterMs + " ms");
    }
  }
}
