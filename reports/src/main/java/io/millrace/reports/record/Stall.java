package io.millrace.reports.record;

/**
 * A stretch of a run in which something was seen to delay messages; shaded on the page.
 *
 * @param cause what it was
 * @param fromMs its first millisecond since the run's start, 0 or more
 * @param toMs the first millisecond after it, at least {@code fromMs}
 */
public record Stall(Cause cause, long fromMs, long toMs) {
  /** Refuses a stretch that ends before it begins. */
  public Stall {
    if (fromMs < 0 || toMs < fromMs) {
      throw new IllegalArgumentException("a stall from " + fromMs + " to " + toMs + " ms");
    }
  }
}
