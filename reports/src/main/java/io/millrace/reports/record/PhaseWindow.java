package io.millrace.reports.record;

/**
 * One stretch of a run that belongs to one phase.
 *
 * @param phase which phase
 * @param fromMs first millisecond of the stretch since the run's start, 0 or more
 * @param toMs first millisecond after it, at least {@code fromMs}
 */
public record PhaseWindow(Phase phase, long fromMs, long toMs) {
  /** Refuses a stretch that ends before it begins. */
  public PhaseWindow {
    if (fromMs < 0 || toMs < fromMs) {
      throw new IllegalArgumentException("a window from " + fromMs + " to " + toMs + " ms");
    }
  }
}
