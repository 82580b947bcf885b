package io.millrace.reports.record;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything one run has to say: what was planned, what was measured, what was proved, where. Its
 * JSON form is {@code report.json}, drawn field by field in the module's README; the page is made
 * of nothing else and the raw histograms beside it.
 *
 * @param verdict the judgement of the guarantees; {@code verdict} and {@code verdictReasons} in
 *     JSON
 * @param latencyVerdict the judgement of the limit; {@code latencyVerdict}, {@code latencyReason}
 *     and {@code latencyChecks} in JSON
 * @param counts what became of the messages; each a field of its own in JSON
 * @param duplicates extra deliveries by cause
 * @param phases the latencies of each phase and of all
 * @param windows the stretches that are not steady, milliseconds since {@code started}, in their
 *     order; the rest is steady
 * @param faults what was forced, with proof that it happened
 * @param ordering how far messages came out of order
 * @param crash the kill; empty when there was none
 * @param invariants the guarantees, as checked; those the run did not exercise among them
 * @param errors failed requests by error code, such as {@code ConnectException}
 * @param counters further counts, free of schema
 * @param plan what was set out to do
 * @param seed the seed of every random choice
 * @param gitCommit full hash of the commit that ran, or "unknown"
 * @param gitDirty whether the work tree had uncommitted changes
 * @param started the run's start by the wall clock; every {@code ...Ms} instant counts from here
 * @param ended when the last check was done
 * @param environment where it ran
 * @param platform the platform's own noise
 * @param timelineWindowSeconds how many seconds a p99 of the timeline covers at most
 * @param timeline second by second
 * @param loadCurves latency against throughput, where the run was a sweep over rates
 * @param misses what was over the limit by cause, one for each latency that was looked into
 * @param stalls stretches in which an instrument saw something delay messages, in the order of
 *     their begin
 */
@JsonPropertyOrder({"schema", "verdict", "latencyVerdict", "counts", "duplicates", "latencyMs"})
public record RunRecord(
    @JsonUnwrapped RunVerdict verdict,
    @JsonUnwrapped LatencyVerdict latencyVerdict,
    @JsonUnwrapped Counts counts,
    Duplicates duplicates,
    PhaseLatencies phases,
    List<PhaseWindow> windows,
    List<Fault> faults,
    Ordering ordering,
    Optional<Crash> crash,
    List<Invariant> invariants,
    SortedMap<String, Long> errors,
    SortedMap<String, Long> counters,
    Plan plan,
    long seed,
    String gitCommit,
    boolean gitDirty,
    Instant started,
    Instant ended,
    Environment environment,
    Platform platform,
    int timelineWindowSeconds,
    List<Second> timeline,
    List<LoadCurve> loadCurves,
    List<Misses> misses,
    List<Stall> stalls) {

  /** The version of the JSON form; raised when a field changes its meaning or goes. */
  public static final int SCHEMA = 2;

  /** Copies the collections; a record older than one of the last three has it empty. */
  public RunRecord {
    windows = List.copyOf(windows);
    faults = List.copyOf(faults);
    invariants = List.copyOf(invariants);
    errors = copyOf(errors);
    counters = copyOf(counters);
    timeline = List.copyOf(timeline);
    loadCurves = orNone(loadCurves);
    misses = orNone(misses);
    stalls = orNone(stalls);
  }

  /** {@value #SCHEMA}. */
  @JsonProperty("schema")
  public int schema() {
    return SCHEMA;
  }

  /** The headline latencies: the steady phase. */
  @JsonProperty("latencyMs")
  public Latencies latencyMs() {
    return phases.steady();
  }

  /**
   * The same run with what can be computed again from the raw histograms computed again.
   *
   * @param latencies the raw latencies
   * @param platform the meters, summed up
   */
  public RunRecord recomputed(LatencyLog latencies, Platform platform) {
    List<Second> seconds =
        latencies.timeline(
            timelineWindowSeconds,
            timeline.stream().mapToLong(Second::sent).toArray(),
            timeline.stream().mapToLong(Second::acked).toArray(),
            timeline.stream().mapToLong(Second::received).toArray(),
            timeline.stream().mapToLong(Second::backlog).toArray());
    return new RunRecord(
        judgedAgain(),
        LatencyVerdict.judge(
            plan.sloMs(), latencies.steady(plan.sloMs(), misses), platform.controlHiccupMs()),
        counts,
        duplicates,
        latencies.summaries(),
        windows,
        faults,
        ordering,
        crash,
        invariants,
        errors,
        counters,
        plan,
        seed,
        gitCommit,
        gitDirty,
        started,
        ended,
        environment,
        platform,
        timelineWindowSeconds,
        seconds,
        loadCurves,
        misses,
        stalls);
  }

  /** Whether the queue was drained is in no field, only in what the verdict says of it. */
  private RunVerdict judgedAgain() {
    RunVerdict undrained = RunVerdict.judge(plan, counts, crash, false, faults, invariants);
    return undrained.equals(verdict)
        ? undrained
        : RunVerdict.judge(plan, counts, crash, true, faults, invariants);
  }

  /** How long the run took, drain and checks included, in milliseconds. */
  public long durationMs() {
    return ended.toEpochMilli() - started.toEpochMilli();
  }

  private static <T> List<T> orNone(@Nullable List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }

  private static SortedMap<String, Long> copyOf(Map<String, Long> counts) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(counts));
  }
}
