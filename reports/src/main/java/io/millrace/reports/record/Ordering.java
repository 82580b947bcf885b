package io.millrace.reports.record;

/**
 * How far messages came out of the order in which they were sent; measured, since a standard queue
 * promises none.
 *
 * @param steady messages of the steady phase
 * @param reordering messages of the phase in which they were made to overtake each other
 * @param all every message
 */
public record Ordering(Measured steady, Measured reordering, Measured all) {
  /** Nothing measured. */
  public static final Ordering NONE = new Ordering(Measured.NONE, Measured.NONE, Measured.NONE);

  /**
   * The order of some messages among themselves, by their first receives.
   *
   * @param messages how many
   * @param inversionsPerMillionPairs of a million pairs, how many came in the other order
   * @param displacementMean distance between a message's place among those received and its place
   *     among those sent, on average
   * @param displacementMax the largest such distance
   */
  public record Measured(
      long messages,
      long inversionsPerMillionPairs,
      double displacementMean,
      long displacementMax) {
    /** No messages. */
    public static final Measured NONE = new Measured(0, 0, 0, 0);
  }
}
