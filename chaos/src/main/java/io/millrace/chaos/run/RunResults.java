package io.millrace.chaos.run;

import io.millrace.chaos.attribution.Attribution;
import io.millrace.chaos.attribution.Evidence;
import io.millrace.chaos.check.Census;
import io.millrace.chaos.check.DeliveryOrder;
import io.millrace.chaos.check.DuplicateCause;
import io.millrace.chaos.check.Finding;
import io.millrace.chaos.check.InvariantVerdict;
import io.millrace.chaos.check.Judge;
import io.millrace.chaos.check.Judgement;
import io.millrace.chaos.check.Rules;
import io.millrace.chaos.client.InFlight;
import io.millrace.chaos.figures.RunFigures;
import io.millrace.chaos.figures.RunPhases;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.FaultKind;
import io.millrace.engine.telemetry.BuildInfo;
import io.millrace.reports.RunDirectory;
import io.millrace.reports.platform.EnvironmentCapture;
import io.millrace.reports.platform.GitState;
import io.millrace.reports.record.Counts;
import io.millrace.reports.record.Crash;
import io.millrace.reports.record.Duplicates;
import io.millrace.reports.record.Environment;
import io.millrace.reports.record.Fault;
import io.millrace.reports.record.Idle;
import io.millrace.reports.record.Invariant;
import io.millrace.reports.record.LatencyLog;
import io.millrace.reports.record.LatencyVerdict;
import io.millrace.reports.record.Misses;
import io.millrace.reports.record.Ordering;
import io.millrace.reports.record.Phase;
import io.millrace.reports.record.PhaseWindow;
import io.millrace.reports.record.Plan;
import io.millrace.reports.record.Platform;
import io.millrace.reports.record.RunRecord;
import io.millrace.reports.record.RunVerdict;
import io.millrace.reports.record.Verdict;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** From the files of a run to its record: the verdict, the figures, the report. */
final class RunResults {

  private static final double PAIRS_COUNTED = 1e6;
  private static final long MS = 1_000_000;

  /** What is shorter is no more than the platform may take of the limit. */
  private static final long STALL_MIN_NS =
      (long) (LatencyVerdict.PLATFORM_SHARE * RunPlan.SLO_MS * MS);

  /** How a build says that its sources were not quite those of the commit. */
  private static final String DIRTY = "-dirty";

  /** Findings shown with their timelines, for each invariant. */
  private static final int FINDINGS_SHOWN = 3;

  private RunResults() {}

  /**
   * What the history does not tell.
   *
   * @param started the origin of every instant
   * @param killAtMs when the kill was planned
   * @param inFlight what had no answer when the server was killed
   * @param drained whether the drain came to its end
   * @param givenUp orders that were refused until their time was up
   * @param warmUp how the load before ended
   * @param faults what became of the faults that were to be forced
   * @param evidence what the instruments saw
   */
  record Observed(
      Instant started,
      long killAtMs,
      InFlight.Snapshot inFlight,
      boolean drained,
      long givenUp,
      WarmUp.Ending warmUp,
      List<Fault> faults,
      Evidence evidence) {

    /** Copies the list. */
    Observed {
      faults = List.copyOf(faults);
    }
  }

  /**
   * What the run went on in.
   *
   * @param environment begun before the server was started
   * @param serverJvmFlags of the first server
   * @param data its data directory
   * @param idle the machine by itself, before and after
   */
  record Surroundings(
      EnvironmentCapture environment, List<String> serverJvmFlags, Path data, List<Idle> idle) {

    /** Copies the lists. */
    Surroundings {
      serverJvmFlags = List.copyOf(serverJvmFlags);
      idle = List.copyOf(idle);
    }
  }

  /** Judges the history, writes raw latencies, record and page, and returns the record. */
  static RunRecord write(
      RunPlan runPlan,
      RunDirectory directory,
      Path history,
      Observed observed,
      Surroundings around,
      LiveRun live)
      throws IOException {
    Judgement judgement = Judge.judge(history, Rules.STRICT, live::setJudged);
    live.setVerdicts(
        judgement.verdicts().stream()
            .collect(
                Collectors.toMap(
                    each -> each.invariant().label(),
                    each -> each.verdict().word().toLowerCase(Locale.ROOT))));
    RunPhases phases = RunPhases.read(history);
    Attribution attribution = new Attribution(observed.evidence(), RunPlan.SLO_MS);
    RunFigures figures = RunFigures.read(history, phases, attribution);
    LatencyLog latencies = figures.latencies();
    List<Misses> misses = attribution.misses();
    List<PhaseWindow> windows = phases.windows();
    long startedMs = observed.started().toEpochMilli();
    latencies.write(directory.latencyLog(), startedMs);

    Plan plan = runPlan.forReport(observed.killAtMs());
    Platform platform =
        directory.platform(windows, startedMs, figures.sendDelayNs()).withIdle(around.idle());
    Counts counts = counts(judgement, figures);
    Optional<Crash> crash = phases.kill().map(kill -> crash(kill, phases, figures, observed));
    List<Invariant> invariants = invariants(judgement, history);
    List<Fault> faults = new ArrayList<>(observed.faults());
    faults.add(kill(phases, observed));
    GitState git = source();
    int windowSeconds = LatencyLog.windowSeconds(runPlan.rate());
    RunRecord record =
        new RunRecord(
            RunVerdict.judge(plan, counts, crash, observed.drained(), faults, invariants),
            LatencyVerdict.judge(
                RunPlan.SLO_MS,
                latencies.steady(RunPlan.SLO_MS, misses),
                platform.controlHiccupMs()),
            counts,
            duplicates(judgement),
            latencies.summaries(),
            windows,
            faults,
            ordering(history, windows),
            crash,
            invariants,
            figures.errors(),
            counters(judgement.census(), figures, observed),
            plan,
            runPlan.seed(),
            git.commit(),
            git.dirty(),
            observed.started(),
            Instant.now(),
            around
                .environment()
                .finish(
                    directory.path(),
                    around.data(),
                    EnvironmentCapture.jdk(),
                    around.serverJvmFlags()),
            platform,
            windowSeconds,
            figures.timeline(windowSeconds),
            List.of(),
            misses,
            observed.evidence().stalls(STALL_MIN_NS, 0, phases.endNs()));
    live.setFound(
        new LiveRun.Found(
            counts,
            record.duplicates().total(),
            record.ordering().all().inversionsPerMillionPairs() / PAIRS_COUNTED));
    directory.write(record);
    return record;
  }

  private static Counts counts(Judgement judgement, RunFigures figures) {
    Census census = judgement.census();
    return new Counts(
        figures.ordersSent(),
        census.acknowledged(),
        census.unknownSends(),
        census.distinct(),
        figures.deletedMessages(),
        judgement.lost(),
        judgement.violations(io.millrace.chaos.check.Invariant.PHANTOM),
        judgement.violations(io.millrace.chaos.check.Invariant.INTEGRITY),
        judgement.violations(io.millrace.chaos.check.Invariant.ZOMBIE)
            + judgement.violations(io.millrace.chaos.check.Invariant.DELETE_DURABILITY),
        census.emptyPolls());
  }

  private static Duplicates duplicates(Judgement judgement) {
    Map<String, Long> causes = judgement.duplicates();
    return new Duplicates(
        causes.getOrDefault(DuplicateCause.INJECTED.label(), 0L),
        causes.getOrDefault(DuplicateCause.VISIBILITY_EXPIRED.label(), 0L),
        causes.getOrDefault(DuplicateCause.CRASH.label(), 0L),
        causes.getOrDefault(DuplicateCause.UNKNOWN_DELETE.label(), 0L),
        causes.getOrDefault(DuplicateCause.UNEXPLAINED.label(), 0L)
            + causes.getOrDefault(DuplicateCause.AFTER_DELETE.label(), 0L));
  }

  /** The kill is a fault as the others are; its proof is the exit status. */
  private static Fault kill(RunPhases phases, Observed observed) {
    OptionalLong atMs = phases.kill().stream().mapToLong(kill -> kill.invokedNs() / MS).findFirst();
    return new Fault(
        FaultKind.KILL.label(),
        "server process",
        "",
        1,
        atMs.isPresent() ? 1 : 0,
        0,
        atMs,
        atMs,
        atMs.orElse(observed.killAtMs()),
        phases.kill().map(kill -> kill.returnedNs() / MS).orElse(observed.killAtMs()),
        phases.kill().map(Entry.Event::detail).orElse(""));
  }

  private static Ordering ordering(Path history, List<PhaseWindow> windows) throws IOException {
    long steadyToNs = windows.isEmpty() ? Long.MAX_VALUE : windows.get(0).fromMs() * MS;
    Ordering.Measured reordering = Ordering.Measured.NONE;
    for (PhaseWindow window : windows) {
      if (window.phase() == Phase.REORDERING) {
        reordering = order(history, window.fromMs() * MS, window.toMs() * MS);
      }
    }
    return new Ordering(
        order(history, 0, steadyToNs), reordering, order(history, 0, Long.MAX_VALUE));
  }

  private static Ordering.Measured order(Path history, long fromNs, long toNs) throws IOException {
    DeliveryOrder order = DeliveryOrder.read(history, fromNs, toNs);
    return new Ordering.Measured(
        order.messages(),
        order.inversionsPerMillionPairs(),
        order.displacementMean(),
        order.displacementMax());
  }

  private static Crash crash(
      Entry.Event kill, RunPhases phases, RunFigures figures, Observed observed) {
    long killedMs = kill.invokedNs() / MS;
    OptionalLong restartedMs =
        phases.restart().stream().mapToLong(event -> event.invokedNs() / MS).findFirst();
    OptionalLong recoveredMs =
        phases.recoveredNs().stream().map(instantNs -> instantNs / MS).findFirst();
    OptionalLong recoveredInMs =
        recoveredMs.stream().map(instantMs -> instantMs - killedMs).findFirst();
    OptionalLong caughtUpMs =
        phases.caughtUpNs().stream().map(instantNs -> instantNs / MS).findFirst();
    InFlight.Snapshot caught = observed.inFlight();
    return new Crash(
        observed.started().plusMillis(killedMs),
        killedMs,
        restartedMs,
        recoveredMs,
        recoveredInMs,
        caughtUpMs,
        new Crash.InFlight(caught.sends(), caught.receives(), caught.deletes(), caught.messages()),
        figures.unknownSends(),
        figures.unknownSendsDelivered(),
        figures.unknownDeletes());
  }

  private static SortedMap<String, Long> counters(
      Census census, RunFigures figures, Observed observed) {
    SortedMap<String, Long> counters = new TreeMap<>();
    counters.put("sendAttempts", census.attempts());
    counters.put("refusedAttempts", census.failedSends());
    counters.put("ordersGivenUp", observed.givenUp());
    counters.put("polls", census.polls());
    counters.put("brokenPolls", census.brokenPolls());
    counters.put("deliveries", census.deliveries());
    counters.put("unknownDeletes", census.unknownDeletes());
    counters.put("failedDeletes", census.failedDeletes());
    counters.put("receivedBeforeAck", figures.receivedBeforeAck());
    WarmUp.Ending warmUp = observed.warmUp();
    counters.put("warmUpOrders", warmUp.orders());
    counters.put("warmUpMs", warmUp.ms());
    counters.put("warmUpCutShort", warmUp.warm() ? 0L : 1L);
    counters.put("warmUpCompilingPermille", Math.round(1_000 * warmUp.compiling()));
    return counters;
  }

  private static List<Invariant> invariants(Judgement judgement, Path history) throws IOException {
    TreeSet<Long> accused = new TreeSet<>();
    judgement.findings().forEach(finding -> accused.add(finding.attempt()));
    SortedMap<Long, List<String>> timelines =
        accused.isEmpty()
            ? new TreeMap<>()
            : io.millrace.chaos.check.Evidence.gather(history, accused);
    List<Invariant> invariants = new ArrayList<>();
    if (!judgement.cutLogs().isEmpty()) {
      invariants.add(
          new Invariant(
              "whole-history",
              "Every log of the run is whole.",
              true,
              Verdict.UNKNOWN,
              judgement.cutLogs().size(),
              0,
              judgement.cutLogs()));
    }
    for (InvariantVerdict each : judgement.verdicts()) {
      invariants.add(
          new Invariant(
              each.invariant().label(),
              each.invariant().sentence() + ".",
              judgement.required().contains(each.invariant()),
              Verdict.valueOf(each.verdict().word()),
              each.judged(),
              judgement.violations(each.invariant()),
              evidence(each, timelines)));
    }
    return invariants;
  }

  private static List<String> evidence(
      InvariantVerdict judged, SortedMap<Long, List<String>> timelines) {
    List<String> lines = new ArrayList<>();
    if (judged.verdict() instanceof io.millrace.chaos.check.Verdict.Unknown unknown) {
      lines.add(unknown.reason());
    } else if (judged.verdict() instanceof io.millrace.chaos.check.Verdict.Invalid invalid) {
      for (Finding finding :
          invalid.findings().subList(0, Math.min(FINDINGS_SHOWN, invalid.findings().size()))) {
        lines.add("attempt " + finding.attempt() + ": " + finding.sentence());
        timelines
            .getOrDefault(finding.attempt(), List.of())
            .forEach(line -> lines.add("  " + line));
      }
    }
    SortedMap<String, Long> counts = new TreeMap<>(judged.counts());
    if (judged.undecided() > 0) {
      counts.put("undecided", judged.undecided());
    }
    if (judged.exercised() && !counts.isEmpty()) {
      lines.add(
          counts.entrySet().stream()
              .map(each -> each.getKey() + " " + each.getValue())
              .collect(Collectors.joining(", ")));
    }
    return lines;
  }

  /**
   * The commit of the checkout this build lies in; where it lies in none, what the build itself
   * says of the sources it was made from, or that it is not known.
   */
  private static GitState source() {
    GitState checkout = GitState.of(home());
    if (!checkout.commit().equals(Environment.UNKNOWN)) {
      return checkout;
    }
    String revision = BuildInfo.ofBuild().revision();
    boolean dirty = revision.endsWith(DIRTY);
    return new GitState(
        dirty ? revision.substring(0, revision.length() - DIRTY.length()) : revision, dirty);
  }

  /** Where this build lies, for git to be asked about; the working directory may be anybody's. */
  private static Path home() {
    CodeSource source = RunResults.class.getProtectionDomain().getCodeSource();
    try {
      Path built = source == null ? Path.of("") : Path.of(source.getLocation().toURI());
      Path parent = built.toAbsolutePath().getParent();
      return parent == null ? built : parent;
    } catch (URISyntaxException e) {
      throw new AssertionError("a code source is a URI", e);
    }
  }
}
