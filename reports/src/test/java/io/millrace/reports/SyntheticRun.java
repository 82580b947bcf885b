package io.millrace.reports;

import io.millrace.reports.record.Cause;
import io.millrace.reports.record.Counts;
import io.millrace.reports.record.Crash;
import io.millrace.reports.record.Duplicates;
import io.millrace.reports.record.Environment;
import io.millrace.reports.record.Fault;
import io.millrace.reports.record.HistogramLog;
import io.millrace.reports.record.Idle;
import io.millrace.reports.record.Invariant;
import io.millrace.reports.record.Kind;
import io.millrace.reports.record.LatencyLog;
import io.millrace.reports.record.LatencySummary;
import io.millrace.reports.record.LatencyVerdict;
import io.millrace.reports.record.LoadCurve;
import io.millrace.reports.record.Misses;
import io.millrace.reports.record.Ordering;
import io.millrace.reports.record.Phase;
import io.millrace.reports.record.PhaseWindow;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * A run that never took place, from a seed: latencies drawn like those of a queue on an SSD, a kill
 * in the middle, an outage during which messages wait, and a backlog that drains.
 *
 * @param record its run record
 * @param latencies its raw latencies
 * @param controlHiccup its control meter
 * @param hiccup its meter in the lab's JVM
 * @param force its force gate
 * @param sendDelay how late it sent
 */
public record SyntheticRun(
    RunRecord record,
    LatencyLog latencies,
    Histogram controlHiccup,
    Histogram hiccup,
    Histogram force,
    Histogram sendDelay) {
  private static final long START_EPOCH_MS = 1_767_268_800_000L;
  private static final int RATE = 1_000;
  private static final int SECONDS = 60;
  private static final long KILL_AT_MS = 30_000;
  private static final long RECOVERED_AT_MS = 31_640;
  private static final long CAUGHT_UP_AT_MS = 34_200;
  private static final double SLO_MS = 10;
  private static final String IDLE = "idle-before";

  private static final List<Fault> FAULTS =
      List.of(
          new Fault(
              "duplicate-now",
              "",
              "orders",
              412,
              391,
              21,
              OptionalLong.of(15_300),
              OptionalLong.of(18_100),
              15_250,
              18_200,
              "message 9a1f, receive 2 while receive 1 had its lease"),
          new Fault(
              "lost-response",
              "ReceiveMessage",
              "orders",
              57,
              57,
              0,
              OptionalLong.of(21_480),
              OptionalLong.of(24_470),
              21_450,
              24_600,
              "nobody learns of <3>"));

  private static final Ordering ORDERING =
      new Ordering(
          new Ordering.Measured(14_998, 17, 0.375, 9),
          new Ordering.Measured(3_187, 41_220, 43.75, 263),
          new Ordering.Measured(58_397, 1_377, 8.625, 2_071));

  private static final List<LoadCurve> CURVES =
      List.of(
          new LoadCurve(
              "millrace, power-loss",
              Kind.PUBLISH,
              SLO_MS,
              List.of(
                  point(512, 511.875, 1.25, LatencyVerdict.Outcome.PASS, ""),
                  point(1_536, 1_535.5, 2.75, LatencyVerdict.Outcome.PASS, ""),
                  point(6_144, 6_143.25, 17.5, LatencyVerdict.Outcome.FAIL, ""),
                  point(
                      12_288,
                      7_911.75,
                      2_471.5,
                      LatencyVerdict.Outcome.FAIL,
                      "reached 64.4 % of the offered rate")),
              OptionalDouble.of(3_072)),
          new LoadCurve(
              "other <queue> & co",
              Kind.PUBLISH,
              SLO_MS,
              List.of(
                  point(513, 512.625, 8.75, LatencyVerdict.Outcome.PASS, ""),
                  point(1_537, 1_530.25, 38.25, LatencyVerdict.Outcome.INCONCLUSIVE_PLATFORM, "")),
              OptionalDouble.empty()));

  /** Sends that were never answered and whose messages were received after all. */
  private static final int UNKNOWN_SENDS_RECEIVED = 5;

  private static final List<Misses> MISSES =
      List.of(
          new Misses(
              Kind.PUBLISH,
              SLO_MS,
              58_361,
              new TreeMap<>(Map.of(Cause.GC, 9L, Cause.FORCE, 112L, Cause.PLATFORM, 37L)),
              4));

  private static final List<Stall> STALLS =
      List.of(
          new Stall(Cause.GC, 7_205, 7_231),
          new Stall(Cause.FORCE, 9_410, 9_466),
          new Stall(Cause.ROLL, 44_020, 44_023));

  /** What the record's reader would see of a healthy run. */
  public static SyntheticRun healthy(long seed) {
    return of(seed, 1.0, 1.0, List.of());
  }

  /** A run whose latencies are {@code slowdown} times those of a healthy one. */
  public static SyntheticRun slow(long seed, double slowdown) {
    return of(seed, slowdown, 1.0, List.of());
  }

  /** A slow run on a machine whose control meter is {@code noise} times as late as usual. */
  public static SyntheticRun noisy(long seed, double slowdown, double noise) {
    return of(seed, slowdown, noise, List.of());
  }

  /** A run in which three messages were lost. */
  public static SyntheticRun lossy(long seed) {
    return of(
        seed,
        1.0,
        1.0,
        List.of(
            new Invariant(
                "no-loss",
                "No acknowledged message is lost.",
                true,
                Verdict.INVALID,
                58_392,
                3,
                List.of(
                    "order 17-000204 acknowledged at 29.981 s, never received",
                    "order 17-000207 acknowledged at 29.984 s, never received",
                    "order <17> & \"quotes\" acknowledged at 29.990 s, never received"))));
  }

  /** Writes the raw histograms as a run leaves them beside its record. */
  public void writeHistograms(Path directory) throws IOException {
    latencies.write(directory.resolve("latency.hlog"), START_EPOCH_MS);
    writeMeter(directory.resolve("control-hiccup.hlog"), "hiccup", controlHiccup);
    Path idle = Files.createDirectories(directory.resolve(IDLE));
    writeSecond(idle.resolve("control-hiccup.hlog"), "hiccup", controlHiccup);
    writeSecond(idle.resolve("force.hlog"), "force", force);
    writeMeter(directory.resolve("hiccup.hlog"), "hiccup", hiccup);
    writeMeter(directory.resolve("force.hlog"), "force", force);
    writeSecond(directory.resolve("send-delay.hlog"), "sendDelay", sendDelay);
  }

  private static void writeSecond(Path file, String tag, Histogram histogram) throws IOException {
    try (HistogramLog log = HistogramLog.create(file, START_EPOCH_MS)) {
      log.append(tag, START_EPOCH_MS, START_EPOCH_MS + 1_000, histogram.copy());
    }
  }

  /** A meter writes a line a second; the stretch of the outage and the catch-up is left out. */
  private static void writeMeter(Path file, String tag, Histogram steady) throws IOException {
    try (HistogramLog log = HistogramLog.create(file, START_EPOCH_MS)) {
      log.append(tag, START_EPOCH_MS, START_EPOCH_MS + 1_000, steady.copy());
      log.append(tag, START_EPOCH_MS + 30_000, START_EPOCH_MS + 31_000, steady.copy());
    }
  }

  private static SyntheticRun of(long seed, double slowdown, double noise, List<Invariant> broken) {
    Random random = new Random(seed);
    List<PhaseWindow> windows =
        List.of(
            new PhaseWindow(Phase.DUPLICATES, 15_000, 18_200),
            new PhaseWindow(Phase.REORDERING, 18_200, 21_400),
            new PhaseWindow(Phase.LOST_RESPONSES, 21_400, 24_600),
            new PhaseWindow(Phase.AFTERMATH, 24_600, KILL_AT_MS),
            new PhaseWindow(Phase.OUTAGE, KILL_AT_MS, RECOVERED_AT_MS),
            new PhaseWindow(Phase.CATCH_UP, RECOVERED_AT_MS, CAUGHT_UP_AT_MS),
            new PhaseWindow(Phase.AFTERMATH, CAUGHT_UP_AT_MS, 61_000));
    LatencyLog log = new LatencyLog(windows);
    long[] sent = new long[SECONDS + 4];
    long[] acked = new long[SECONDS + 4];
    long[] received = new long[SECONDS + 4];
    long[] backlog = new long[SECONDS + 4];
    long lost = broken.isEmpty() ? 0 : 3;
    long ackedInAll = 0;
    long unanswered = 0;
    for (int i = 0; i < RATE * SECONDS; i++) {
      long intendedMs = i;
      sent[(int) (intendedMs / 1_000)]++;
      Phase phase = log.phaseOf(intendedMs);
      if (phase == Phase.OUTAGE) {
        if (unanswered++ < UNKNOWN_SENDS_RECEIVED) {
          log.record(Kind.RECEIVE, intendedMs, draw(random, 310_000));
          log.record(Kind.END_TO_END, intendedMs, RECOVERED_AT_MS * 1_000_000L);
        }
        continue;
      }
      long waitNanos =
          phase == Phase.CATCH_UP ? Math.max(0, (CAUGHT_UP_AT_MS - intendedMs) * 300_000L) : 0;
      long publish = waitNanos + draw(random, 420_000 * slowdown);
      long receive = waitNanos / 4 + draw(random, 310_000 * slowdown);
      log.record(Kind.PUBLISH, intendedMs, publish);
      log.record(Kind.SERVICE, intendedMs, publish - waitNanos);
      if (ackedInAll >= lost) {
        log.record(Kind.RECEIVE, intendedMs, receive);
        log.record(Kind.END_TO_END, intendedMs, publish + receive);
      }
      acked[(int) ((intendedMs + publish / 1_000_000) / 1_000)]++;
      received[(int) ((intendedMs + (publish + receive) / 1_000_000) / 1_000)]++;
      ackedInAll++;
    }
    for (int second = 0; second < backlog.length; second++) {
      backlog[second] = second == 30 ? 11 : second == 31 ? 724 : second == 32 ? 402 : 3;
    }
    Histogram control = hiccups(random, 62_000, 60_000 * noise);
    Histogram inProcess = hiccups(random, 62_000, 95_000);
    Histogram force = hiccups(random, 1_240, 180_000);
    Histogram sendDelay = hiccups(random, 60_000, 40_000);
    Counts counts =
        new Counts(
            RATE * SECONDS,
            ackedInAll,
            RATE * SECONDS - ackedInAll,
            ackedInAll - lost + UNKNOWN_SENDS_RECEIVED,
            ackedInAll - lost + UNKNOWN_SENDS_RECEIVED,
            lost,
            0,
            0,
            0,
            1_873);
    Plan plan =
        new Plan(
            "./millrace run --rate 1000 --seconds 60 --seed " + seed,
            RATE,
            SECONDS,
            RATE * SECONDS,
            1_024,
            2,
            2,
            "power-loss",
            5,
            KILL_AT_MS,
            SLO_MS);
    Optional<Crash> crash =
        Optional.of(
            new Crash(
                Instant.ofEpochMilli(START_EPOCH_MS + KILL_AT_MS + 2),
                KILL_AT_MS + 2,
                OptionalLong.of(KILL_AT_MS + 210),
                OptionalLong.of(RECOVERED_AT_MS),
                OptionalLong.of(RECOVERED_AT_MS - KILL_AT_MS - 2),
                OptionalLong.of(CAUGHT_UP_AT_MS),
                new Crash.InFlight(4, 2, 3, 19),
                6,
                UNKNOWN_SENDS_RECEIVED,
                3));
    List<Invariant> invariants = invariants(broken, counts);
    LatencySummary controlSummary = LatencySummary.from(control);
    TreeMap<String, Long> errors = new TreeMap<>();
    errors.put("ConnectException", 1_634L);
    errors.put("NoHttpResponseException", 6L);
    TreeMap<String, Long> counters = new TreeMap<>();
    counters.put("longPollsWoken", 54_210L);
    counters.put("serverForces", 31_882L);
    RunRecord record =
        new RunRecord(
            RunVerdict.judge(plan, counts, crash, true, FAULTS, invariants),
            LatencyVerdict.judge(SLO_MS, log.steady(SLO_MS, MISSES), controlSummary),
            counts,
            new Duplicates(391, 2, 17, 3, 0),
            log.summaries(),
            windows,
            FAULTS,
            ORDERING,
            crash,
            invariants,
            errors,
            counters,
            plan,
            seed,
            "0123456789abcdef0123456789abcdef01234567",
            true,
            Instant.ofEpochMilli(START_EPOCH_MS),
            Instant.ofEpochMilli(START_EPOCH_MS + 68_412),
            environment(),
            new Platform(
                controlSummary,
                LatencySummary.from(inProcess),
                LatencySummary.from(force),
                LatencySummary.from(sendDelay),
                "in real time (SCHED_FIFO 1)",
                List.of(Idle.of(IDLE, 10, controlSummary, LatencySummary.from(force), SLO_MS))),
            LatencyLog.windowSeconds(RATE),
            log.timeline(LatencyLog.windowSeconds(RATE), sent, acked, received, backlog),
            CURVES,
            MISSES,
            STALLS);
    return new SyntheticRun(record, log, control, inProcess, force, sendDelay);
  }

  private static LoadCurve.Point point(
      double offered,
      double achieved,
      double p999Ms,
      LatencyVerdict.Outcome verdict,
      String invalid) {
    LatencySummary latencyMs =
        new LatencySummary(
            OptionalDouble.of(p999Ms / 8),
            OptionalDouble.of(p999Ms / 2),
            OptionalDouble.of(p999Ms),
            OptionalDouble.empty(),
            p999Ms * 3,
            Math.round(achieved * 20));
    return new LoadCurve.Point(offered, achieved, latencyMs, verdict, invalid);
  }

  private static List<Invariant> invariants(List<Invariant> broken, Counts counts) {
    if (!broken.isEmpty()) {
      return broken;
    }
    return List.of(
        valid("no-loss", "No acknowledged message is lost.", counts.acked()),
        valid("no-invention", "Nothing is received that was not sent.", counts.received()),
        valid("no-corruption", "Every body and attribute arrives as sent.", counts.received()),
        valid(
            "no-receive-after-delete",
            "Nothing is received after a delete confirmed by its latest, unexpired receipt.",
            counts.deleted()),
        valid(
            "duplicates-explained",
            "Every duplicate has a cause: visibility expiry, the crash, or an unknown delete.",
            22),
        new Invariant(
            "purge",
            "A purge removes what was there.",
            false,
            Verdict.UNKNOWN,
            0,
            0,
            List.of("the queue was never purged")));
  }

  private static Invariant valid(String name, String statement, long checked) {
    return new Invariant(name, statement, true, Verdict.VALID, checked, 0, List.of());
  }

  private static Environment environment() {
    return new Environment(
        "Debian GNU/Linux 12 (bookworm)",
        "6.1.0-37-amd64",
        "amd64",
        "AMD EPYC 7B13",
        2,
        8_326_000_000L,
        "kvm-clock",
        Environment.UNKNOWN,
        "madvise",
        0.31,
        1.92,
        0.12,
        "ext4",
        List.of("rw", "relatime", "discard"),
        "data",
        "Debian OpenJDK 17.0.15+6",
        List.of("-Xmx512m"),
        "Debian OpenJDK 17.0.15+6",
        List.of("-Xmx512m", "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"));
  }

  /** Log-normal around a median, with one in two thousand stretched by a stall. */
  private static long draw(Random random, double medianNanos) {
    double value = medianNanos * Math.exp(0.45 * random.nextGaussian());
    if (random.nextInt(2_000) == 0) {
      value += 1_500_000 * Math.exp(0.8 * random.nextGaussian());
    }
    return (long) value;
  }

  private static Histogram hiccups(Random random, int count, double medianNanos) {
    Histogram histogram = LatencyLog.newHistogram();
    for (int i = 0; i < count; i++) {
      histogram.recordValue(draw(random, medianNanos));
    }
    return histogram;
  }
}
