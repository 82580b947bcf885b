package io.millrace.chaos.policy;

/**
 * A range of durations, both ends included.
 *
 * @param minMs at least 0
 * @param maxMs at least {@code minMs}, at most {@link #MAX_MS}
 */
public record Span(long minMs, long maxMs) {

  /** Twelve hours, the longest visibility timeout. */
  public static final long MAX_MS = 43_200_000;

  /** No time at all. */
  public static final Span ZERO = new Span(0, 0);

  /** Checks the order of the ends. */
  public Span {
    if (minMs < 0 || maxMs < minMs || maxMs > MAX_MS) {
      throw new IllegalArgumentException("0 <= min <= max <= " + MAX_MS + " ms");
    }
  }

  /** Always the same duration. */
  public static Span exactly(long ms) {
    return new Span(ms, ms);
  }
}
