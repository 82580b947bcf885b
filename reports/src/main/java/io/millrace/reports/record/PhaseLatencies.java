package io.millrace.reports.record;

/**
 * The latencies of each phase by intended send instant, and of all messages together; nothing is
 * dropped, so the counts of the three phases add up to those of {@code all}.
 *
 * @param steady the server up, nothing to catch up with
 * @param outage from the kill to the first answer after the restart
 * @param catchUp from there until what piled up is delivered
 * @param all the whole run
 */
public record PhaseLatencies(Latencies steady, Latencies outage, Latencies catchUp, Latencies all) {
  /** The latencies of one phase. */
  public Latencies of(Phase phase) {
    return switch (phase) {
      case STEADY -> steady;
      case OUTAGE -> outage;
      case CATCH_UP -> catchUp;
    };
  }
}
