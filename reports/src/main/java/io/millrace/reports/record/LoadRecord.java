package io.millrace.reports.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What a load run has to say, as its harness wrote it into {@code load-NAME.json}; what a page does
 * not show is not read.
 *
 * @param bench {@code load-} and the workload's name
 * @param command repeats the run; empty in a record older than this field
 * @param startedAt the run's start by the wall clock
 * @param seconds how long it took
 * @param gitCommit full hash of the commit that ran, or "unknown"
 * @param gitDirty whether the work tree had uncommitted changes
 * @param environment where it ran
 * @param plan what was set out to do
 * @param measured what was measured
 * @param bars what was asked of figures
 */
public record LoadRecord(
    String bench,
    @Nullable String command,
    Instant startedAt,
    double seconds,
    String gitCommit,
    boolean gitDirty,
    Environment environment,
    Plan plan,
    Measured measured,
    List<Bar> bars) {
  /** How the name of a load run begins. */
  public static final String PREFIX = "load-";

  /** Copies the list; refuses the record of another harness. */
  public LoadRecord {
    bars = List.copyOf(bars);
    command = command == null ? "" : command;
    if (!bench.startsWith(PREFIX) || measured.legs().isEmpty()) {
      throw new IllegalArgumentException(bench + " is no load run, or has no leg");
    }
  }

  /** What repeats the run; empty in a record older than this field. */
  @Override
  public String command() {
    return command == null ? "" : command;
  }

  /**
   * The plan, fixed before the first leg.
   *
   * @param workload the load
   * @param seed of random arrivals
   */
  public record Plan(Workload workload, long seed) {}

  /**
   * A load with an intent.
   *
   * @param name of the workload
   * @param intent what it is to find out, one sentence
   * @param messageBytes size of a body
   * @param seconds measured length of a leg
   * @param sloMs the limit, in milliseconds
   */
  public record Workload(String name, String intent, int messageBytes, int seconds, double sloMs) {}

  /**
   * All that was measured.
   *
   * @param legs in the order they were run; at least one
   * @param curves latency against rate, where there were several rates
   * @param comparisons where two services took turns
   * @param idle the machine by itself, before the first leg and after the last; empty where it was
   *     not metered, or the record is older
   */
  public record Measured(
      List<Leg> legs, List<LoadCurve> curves, List<Comparison> comparisons, List<Idle> idle) {
    /** Copies the lists. */
    public Measured {
      idle = orNone(idle);
      legs = List.copyOf(legs);
      curves = List.copyOf(curves);
      comparisons = List.copyOf(comparisons);
    }
  }

  private static <T> List<T> orNone(@Nullable List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }

  /**
   * One service at one step of the load.
   *
   * @param directory its raw histograms, below the run's directory
   * @param subject the service
   * @param durabilityClass what its acknowledgements survive
   * @param step of the load
   * @param pair of an interleaved comparison, from 1
   * @param validity whether it may be read as what it set out to be
   * @param warm whether the warm-up ended by its own evidence
   * @param counts what became of the messages
   * @param errors failed operations by code
   * @param offeredPerSecond intended sends a second
   * @param achievedPerSecond acknowledged sends a second
   * @param receivedPerSecond messages received a second
   * @param latencies of the measured stretch
   * @param verdict on the limit; empty for a load that sends nothing
   * @param platform the meters beside it
   * @param misses over the limit by cause, where they were looked into
   */
  public record Leg(
      String directory,
      String subject,
      String durabilityClass,
      Step step,
      int pair,
      Validity validity,
      boolean warm,
      LegCounts counts,
      SortedMap<String, Long> errors,
      double offeredPerSecond,
      double achievedPerSecond,
      double receivedPerSecond,
      Latencies latencies,
      Optional<LatencyVerdict> verdict,
      Platform platform,
      List<Misses> misses) {
    /** Copies the collections; a record older than the attribution has none. */
    public Leg {
      errors = Collections.unmodifiableSortedMap(new TreeMap<>(errors));
      misses = orNone(misses);
    }

    /** The service with what its acknowledgements survive. */
    public String service() {
      return subject + ", " + durabilityClass;
    }
  }

  /**
   * Whether a leg may be read as what it set out to be.
   *
   * @param valid whether it may
   * @param reasons against it, one sentence each
   */
  public record Validity(boolean valid, List<String> reasons) {
    /** Copies the list. */
    public Validity {
      reasons = List.copyOf(reasons);
    }
  }

  /**
   * What became of a leg's messages.
   *
   * @param planned due in the measured stretch
   * @param acked of these, acknowledged
   * @param received of these, received
   * @param lost acknowledged at any time of the leg, and never received
   * @param duplicates receives beyond the first
   */
  public record LegCounts(long planned, long acked, long received, long lost, long duplicates) {}

  /**
   * One latency of the first service as a share of the second's.
   *
   * @param step at which rate
   * @param kind which latency
   * @param percentile which percentile
   * @param ratio pair by pair
   */
  public record Comparison(Step step, Kind kind, String percentile, Ratio ratio) {}

  /**
   * One step of the load.
   *
   * @param rate intended sends a second
   * @param queues active queues
   * @param consumers polling consumers
   */
  public record Step(int rate, int queues, int consumers) {}

  /**
   * The median of the pairs' ratios with its 95 % interval.
   *
   * @param median of the pairs' ratios
   * @param low lower end of the interval
   * @param high upper end of the interval
   * @param ofPairs each pair's ratio
   */
  public record Ratio(double median, double low, double high, List<Double> ofPairs) {
    /** Copies the list. */
    public Ratio {
      ofPairs = List.copyOf(ofPairs);
    }
  }

  /**
   * What was asked of a figure.
   *
   * @param name what is measured, with its unit
   * @param atLeast whether it must be at least the bar
   * @param bar the bar
   * @param measured the figure
   * @param outcome PASS, FAIL or INCONCLUSIVE
   */
  public record Bar(String name, boolean atLeast, double bar, double measured, String outcome) {}

  /**
   * Reads a record.
   *
   * @throws IOException if it cannot be read, or is not the record of a load run
   */
  public static LoadRecord read(Path file) throws IOException {
    try {
      JsonNode tree = RecordMapper.LENIENT.readTree(Files.readString(file));
      return RecordMapper.LENIENT.treeToValue(tree, LoadRecord.class);
    } catch (JacksonException e) {
      throw new IOException(
          "not the record of a load run: " + Objects.toString(e.getOriginalMessage()), e);
    }
  }
}
