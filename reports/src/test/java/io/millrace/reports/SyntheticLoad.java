package io.millrace.reports;

import io.millrace.reports.record.Cause;
import io.millrace.reports.record.Counts;
import io.millrace.reports.record.Duplicates;
import io.millrace.reports.record.HistogramLog;
import io.millrace.reports.record.Idle;
import io.millrace.reports.record.Invariant;
import io.millrace.reports.record.Kind;
import io.millrace.reports.record.Latencies;
import io.millrace.reports.record.LatencyLog;
import io.millrace.reports.record.LatencySummary;
import io.millrace.reports.record.LatencyVerdict;
import io.millrace.reports.record.LoadCurve;
import io.millrace.reports.record.LoadRecord;
import io.millrace.reports.record.Misses;
import io.millrace.reports.record.Ordering;
import io.millrace.reports.record.Plan;
import io.millrace.reports.record.Platform;
import io.millrace.reports.record.RunRecord;
import io.millrace.reports.record.RunVerdict;
import io.millrace.reports.record.Stall;
import io.millrace.reports.record.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.json.JsonMapper;

/**
 * A load run that never took place, from a seed: two services that take turns at two rates, and the
 * first of them once more at a rate that it does not reach.
 */
final class SyntheticLoad {
  private static final long START_EPOCH_MS = 1_767_268_800_000L;
  private static final double SLO_MS = 10;
  private static final int SECONDS = 20;

  private final Random random;
  private final Path directory;
  private final List<LoadRecord.Leg> legs = new ArrayList<>();

  private SyntheticLoad(long seed, Path directory) {
    this.random = new Random(seed);
    this.directory = directory;
  }

  /** Writes its files as a load run leaves them, page and manifest included. */
  static LoadDirectory write(long seed, Path directory) throws IOException {
    Files.createDirectories(directory);
    SyntheticLoad load = new SyntheticLoad(seed, directory);
    load.leg("millrace http", "power-loss", 600, 0.4, "");
    load.leg("elasticmq", "none: in memory", 600, 1.2, "");
    List<Double> ratios = List.of(load.p999(0) / load.p999(1));
    load.leg("millrace http", "power-loss", 1_500, 0.7, "");
    load.leg("elasticmq", "none: in memory", 1_500, 3.1, "");
    load.leg("millrace http", "power-loss", 2_000, 40, "The generator <itself> was late.");
    LoadRecord record =
        new LoadRecord(
            "load-sub-10ms",
            "./millrace bench load sub-10ms --vs elasticmq --seed 42",
            Instant.ofEpochMilli(START_EPOCH_MS),
            131.5,
            "0123456789abcdef0123456789abcdef01234567",
            false,
            SyntheticRun.healthy(seed).record().environment(),
            new LoadRecord.Plan(
                new LoadRecord.Workload(
                    "sub-10ms", "Whether p99.9 stays under 10 ms.", 1_024, SECONDS, SLO_MS),
                seed),
            new LoadRecord.Measured(
                load.legs,
                List.of(
                    load.curve("millrace http", OptionalDouble.of(1_500)),
                    load.curve("elasticmq", OptionalDouble.empty())),
                List.of(
                    new LoadRecord.Comparison(
                        new LoadRecord.Step(600, 1, 2),
                        Kind.PUBLISH,
                        "p99.9",
                        new LoadRecord.Ratio(ratios.get(0), ratios.get(0), ratios.get(0), ratios))),
                load.idle()),
            List.of(
                new LoadRecord.Bar(
                    "publish p99.9 as a share of elasticmq's", false, 0.9, ratios.get(0), "PASS")));
    Files.writeString(
        directory.resolve("load-sub-10ms.json"), new JsonMapper().writeValueAsString(record));
    Files.writeString(directory.resolve("plan.json"), "{}\n");
    LoadDirectory files = new LoadDirectory(directory);
    files.finish();
    return files;
  }

  /** Gives a leg the page that a load run gives each of its legs, and its run the link to it. */
  static RunDirectory givePage(LoadDirectory load, int index) throws IOException {
    LoadRecord record = LoadRecord.read(load.recordFile().orElseThrow());
    LoadRecord.Leg leg = record.measured().legs().get(index);
    RunDirectory files = new RunDirectory(load.path().resolve(leg.directory()));
    files.write(
        legRecord(record, leg, LatencyLog.read(files.latencyLog(), List.of(), START_EPOCH_MS)));
    load.finish();
    return files;
  }

  private static RunRecord legRecord(LoadRecord run, LoadRecord.Leg leg, LatencyLog log) {
    int rate = (int) leg.offeredPerSecond();
    long planned = leg.counts().planned();
    long[] eachSecond = new long[SECONDS];
    Arrays.fill(eachSecond, rate);
    Plan plan =
        new Plan(
            run.command(),
            rate,
            SECONDS,
            planned,
            1_024,
            1,
            1,
            leg.durabilityClass(),
            30,
            -1,
            SLO_MS);
    Counts counts = new Counts(planned, planned, 0, planned, planned, 0, 0, 0, 0, 0);
    List<Invariant> invariants =
        List.of(
            new Invariant(
                "no-loss",
                "No acknowledged message is lost.",
                true,
                Verdict.VALID,
                planned,
                0,
                List.of()));
    int windowSeconds = LatencyLog.windowSeconds(rate);
    return new RunRecord(
        RunVerdict.judge(plan, counts, Optional.empty(), true, List.of(), invariants),
        leg.verdict().orElseThrow(),
        counts,
        new Duplicates(0, 0, 0, 0, 0),
        log.summaries(),
        List.of(),
        List.of(),
        Ordering.NONE,
        Optional.empty(),
        invariants,
        new TreeMap<>(),
        new TreeMap<>(),
        plan,
        run.plan().seed(),
        run.gitCommit(),
        run.gitDirty(),
        Instant.ofEpochMilli(START_EPOCH_MS),
        Instant.ofEpochMilli(START_EPOCH_MS).plusSeconds(SECONDS),
        run.environment(),
        leg.platform(),
        windowSeconds,
        log.timeline(windowSeconds, eachSecond, eachSecond, eachSecond, new long[SECONDS]),
        List.of(),
        List.of(),
        List.of(new Stall(Cause.GC, 2_100, 2_140)));
  }

  private void leg(
      String subject, String durabilityClass, int rate, double medianMs, String invalid)
      throws IOException {
    String name = String.format("%03d-%s-%d", legs.size() + 1, subject.replace(' ', '-'), rate);
    RunDirectory files = RunDirectory.create(directory.resolve(name));
    LatencyLog log = new LatencyLog(List.of());
    Histogram delay = LatencyLog.newHistogram();
    for (int i = 0; i < rate * SECONDS; i++) {
      long intendedMs = i * 1_000L / rate;
      long late = Math.abs((long) (20_000 * random.nextGaussian()));
      long service = (long) (medianMs * 1e6 * Math.exp(0.4 * random.nextGaussian()));
      delay.recordValue(late);
      log.record(Kind.PUBLISH, intendedMs, late + service);
      log.record(Kind.SERVICE, intendedMs, service);
      log.record(Kind.RECEIVE, intendedMs, service / 2);
      log.record(Kind.END_TO_END, intendedMs, late + service + service / 2);
    }
    log.write(files.latencyLog(), START_EPOCH_MS);
    Histogram control = LatencyLog.newHistogram();
    for (int i = 0; i < SECONDS * 1_000; i++) {
      control.recordValue((long) (60_000 * Math.exp(0.4 * random.nextGaussian())));
    }
    try (HistogramLog meter = HistogramLog.create(files.controlHiccupLog(), START_EPOCH_MS)) {
      meter.append("hiccup", START_EPOCH_MS, START_EPOCH_MS + 1_000, control.copy());
    }
    Platform platform = files.platform(List.of(), START_EPOCH_MS, delay);
    long planned = (long) rate * SECONDS;
    Latencies latencies = log.summaries().steady();
    legs.add(
        new LoadRecord.Leg(
            name,
            subject,
            durabilityClass,
            new LoadRecord.Step(rate, 1, 2),
            1,
            new LoadRecord.Validity(
                invalid.isEmpty(), invalid.isEmpty() ? List.of() : List.of(invalid)),
            true,
            new LoadRecord.LegCounts(planned, planned, planned, 0, 3),
            new TreeMap<>(),
            rate,
            rate - 0.25,
            rate - 0.5,
            latencies,
            Optional.of(
                LatencyVerdict.judge(
                    SLO_MS, log.steady(SLO_MS, List.of()), platform.controlHiccupMs())),
            platform,
            List.of(
                new Misses(
                    Kind.PUBLISH, SLO_MS, planned, new TreeMap<>(Map.of(Cause.FORCE, 17L)), 2))));
  }

  private double p999(int leg) {
    return legs.get(leg).latencies().publish().p999().orElseThrow();
  }

  private List<Idle> idle() throws IOException {
    RunDirectory files = RunDirectory.create(directory.resolve("idle-before"));
    Histogram control = LatencyLog.newHistogram();
    for (int i = 0; i < 10_000; i++) {
      control.recordValue((long) (900_000 * Math.exp(0.5 * random.nextGaussian())));
    }
    LatencySummary summary = LatencySummary.from(control);
    try (HistogramLog meter = HistogramLog.create(files.controlHiccupLog(), START_EPOCH_MS)) {
      meter.append("hiccup", START_EPOCH_MS, START_EPOCH_MS + 1_000, control);
    }
    return List.of(Idle.of("idle-before", 10, summary, LatencySummary.NONE, SLO_MS));
  }

  private LoadCurve curve(String subject, OptionalDouble sustained) {
    List<LoadCurve.Point> points = new ArrayList<>();
    for (LoadRecord.Leg leg : legs) {
      if (leg.subject().equals(subject)) {
        points.add(
            new LoadCurve.Point(
                leg.offeredPerSecond(),
                leg.achievedPerSecond(),
                leg.latencies().publish(),
                leg.verdict().orElseThrow().outcome(),
                String.join(" ", leg.validity().reasons())));
      }
    }
    return new LoadCurve(
        subject + ", as durable as it says it is, publish",
        Kind.PUBLISH,
        SLO_MS,
        points,
        sustained);
  }

  /** Every summary that the page shows, leg by leg. */
  static List<LatencySummary> summaries(LoadRecord record) {
    List<LatencySummary> summaries = new ArrayList<>();
    for (LoadRecord.Leg leg : record.measured().legs()) {
      for (Kind kind : Kind.values()) {
        summaries.add(leg.latencies().of(kind));
      }
    }
    return summaries;
  }
}
