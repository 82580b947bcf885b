package io.millrace.jmh.load;

import io.millrace.reports.record.Latencies;
import io.millrace.reports.record.LatencySummary;
import io.millrace.reports.record.LatencyVerdict;
import io.millrace.reports.record.Misses;
import io.millrace.reports.record.Platform;
import io.millrace.reports.record.Second;
import io.millrace.reports.record.Stall;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What one leg of a load run came to: one service, one step of the workload.
 *
 * @param directory its raw histograms, below the run's directory
 * @param subject the service
 * @param durabilityClass what its acknowledgements survive, in words
 * @param step rate, queues, consumers
 * @param pair of an interleaved comparison, from 1
 * @param validity whether it may be read as what it set out to be
 * @param warm whether the warm-up ended by its own evidence
 * @param warmUp its windows
 * @param warmUpEnding why it ended after the last of them
 * @param counts what became of the measured messages
 * @param errors failed operations of the whole leg by code
 * @param offeredPerSecond intended sends a second
 * @param achievedPerSecond acknowledged sends a second while the schedule ran
 * @param receivedPerSecond messages received a second in the measured stretch
 * @param seconds length of the measured stretch
 * @param latencies from the intended instant, and publish from the actual one beside it
 * @param endToEndUncorrected end-to-end from the actual send instant
 * @param verdict on the limit; empty for a load that sends nothing
 * @param bounds what the misses say of all messages, one for each latency judged
 * @param misses what was over the limit, by the cause that was seen to delay it
 * @param stalls when the instruments saw something last longer than a fifth of the limit, in ms
 *     since the measured stretch began
 * @param timeline second by second of the measured stretch
 * @param startedEpochMs when the measured stretch began, by the wall clock
 * @param platform the meters beside the run, and how late sends left
 */
record Leg(
    String directory,
    String subject,
    String durabilityClass,
    Workload.Step step,
    int pair,
    Validity validity,
    boolean warm,
    List<WarmUp.Window> warmUp,
    String warmUpEnding,
    Counts counts,
    SortedMap<String, Long> errors,
    double offeredPerSecond,
    double achievedPerSecond,
    double receivedPerSecond,
    double seconds,
    Latencies latencies,
    LatencySummary endToEndUncorrected,
    Optional<LatencyVerdict> verdict,
    List<MissBound> bounds,
    List<Misses> misses,
    List<Stall> stalls,
    List<Second> timeline,
    long startedEpochMs,
    Platform platform) {

  Leg {
    warmUp = List.copyOf(warmUp);
    bounds = List.copyOf(bounds);
    misses = List.copyOf(misses);
    stalls = List.copyOf(stalls);
    timeline = List.copyOf(timeline);
  }

  /**
   * What became of the messages.
   *
   * @param planned due in the measured stretch
   * @param sentInTime of these, left while the stretch lasted
   * @param acked of these, acknowledged
   * @param received of these, received
   * @param deleted deletes confirmed in the whole leg
   * @param emptyPolls receives of the whole leg that brought nothing
   * @param lost acknowledged at any time of the leg, and never received
   * @param duplicates receives beyond the first, of the whole leg
   * @param invented received and never sent
   * @param left messages of the backlog that were not received
   */
  record Counts(
      long planned,
      long sentInTime,
      long acked,
      long received,
      long deleted,
      long emptyPolls,
      long lost,
      long duplicates,
      long invented,
      long left) {}

  /** The judgement in one word or two. */
  String outcome() {
    if (!validity.valid()) {
      return "INVALID";
    }
    return verdict.map(each -> each.outcome().words()).orElse("measured");
  }
}
