package io.millrace.reports.record;

import java.util.Objects;

/**
 * The latencies of one phase, or of the whole run.
 *
 * @param publish intended send instant to acknowledgement
 * @param receive later of (visible, poll waiting) to receive
 * @param endToEnd intended send instant to receive
 * @param service actual send instant to acknowledgement
 */
public record Latencies(
    LatencySummary publish,
    LatencySummary receive,
    LatencySummary endToEnd,
    LatencySummary service) {
  /** Nothing measured. */
  public static final Latencies NONE =
      new Latencies(
          LatencySummary.NONE, LatencySummary.NONE, LatencySummary.NONE, LatencySummary.NONE);

  /** A record older than the service time has none. */
  public Latencies {
    service = Objects.requireNonNullElse(service, LatencySummary.NONE);
  }

  /** The summary of one kind. */
  public LatencySummary of(Kind kind) {
    return switch (kind) {
      case PUBLISH -> publish;
      case RECEIVE -> receive;
      case END_TO_END -> endToEnd;
      case SERVICE -> service;
    };
  }
}
