package io.millrace.reports.record;

/**
 * The latencies of each phase by intended send instant, and of all messages together; nothing is
 * dropped, so the counts of the phases add up to those of {@code all}.
 *
 * @param steady before the first fault
 * @param duplicates while duplicates were forced
 * @param reordering while messages were made to overtake each other
 * @param lostResponses while answers were lost on purpose
 * @param outage from the kill to the first answer after the restart
 * @param catchUp from there until what piled up is delivered
 * @param aftermath after the first fault, while none was in force
 * @param all the whole run
 */
public record PhaseLatencies(
    Latencies steady,
    Latencies duplicates,
    Latencies reordering,
    Latencies lostResponses,
    Latencies outage,
    Latencies catchUp,
    Latencies aftermath,
    Latencies all) {
  /** The latencies of one phase. */
  public Latencies of(Phase phase) {
    return switch (phase) {
      case STEADY -> steady;
      case DUPLICATES -> duplicates;
      case REORDERING -> reordering;
      case LOST_RESPONSES -> lostResponses;
      case OUTAGE -> outage;
      case CATCH_UP -> catchUp;
      case AFTERMATH -> aftermath;
    };
  }
}
