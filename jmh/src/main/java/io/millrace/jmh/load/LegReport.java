package io.millrace.jmh.load;

import io.millrace.jmh.run.BenchRecord;
import io.millrace.reports.RunDirectory;
import io.millrace.reports.record.Counts;
import io.millrace.reports.record.Duplicates;
import io.millrace.reports.record.Invariant;
import io.millrace.reports.record.LatencyLog;
import io.millrace.reports.record.LoadCurve;
import io.millrace.reports.record.Ordering;
import io.millrace.reports.record.Plan;
import io.millrace.reports.record.RunRecord;
import io.millrace.reports.record.RunVerdict;
import io.millrace.reports.record.Verdict;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A leg as a page: the run record that {@code report render}, {@code verify} and {@code publish}
 * know, written into the leg's own directory beside its raw histograms.
 */
final class LegReport {

  private static final int VISIBILITY_SECONDS = 30;
  private static final long NO_KILL = -1;

  private LegReport() {}

  /**
   * Writes record, page and manifest of a leg that sent something.
   *
   * @param command repeats the run
   * @param whole the run's record, for where and from what it was made
   * @param curves of the whole run
   */
  static void write(
      RunDirectory directory,
      Leg leg,
      LoadRun.Plan plan,
      String command,
      BenchRecord whole,
      List<LoadCurve> curves)
      throws IOException {
    Workload workload = plan.workload();
    Leg.Counts counts = leg.counts();
    Instant started = Instant.ofEpochMilli(leg.startedEpochMs());
    LatencyLog log = LatencyLog.read(directory.latencyLog(), List.of(), leg.startedEpochMs());
    Plan planned =
        new Plan(
            command,
            leg.step().rate(),
            workload.seconds(),
            counts.planned(),
            workload.messageBytes(),
            workload.sendsMax(),
            leg.step().consumers(),
            leg.durabilityClass(),
            VISIBILITY_SECONDS,
            NO_KILL,
            workload.sloMs());
    Counts whatBecame =
        new Counts(
            counts.planned(),
            counts.acked(),
            counts.planned() - counts.acked(),
            counts.received(),
            counts.deleted(),
            counts.lost(),
            counts.invented(),
            0,
            0,
            counts.emptyPolls());
    List<Invariant> invariants = invariants(leg);
    directory.write(
        new RunRecord(
            RunVerdict.judge(
                planned, whatBecame, Optional.empty(), counts.lost() == 0, List.of(), invariants),
            leg.verdict().orElseThrow(),
            whatBecame,
            new Duplicates(0, 0, 0, 0, counts.duplicates()),
            log.summaries(),
            List.of(),
            List.of(),
            Ordering.NONE,
            Optional.empty(),
            invariants,
            leg.errors(),
            new TreeMap<>(),
            planned,
            plan.seed(),
            whole.gitCommit(),
            whole.gitDirty(),
            started,
            started.plusMillis((long) (leg.seconds() * 1_000)),
            whole.environment(),
            leg.platform(),
            LatencyLog.windowSeconds(leg.step().rate()),
            leg.timeline(),
            curves,
            leg.misses(),
            leg.stalls()));
  }

  private static List<Invariant> invariants(Leg leg) {
    Leg.Counts counts = leg.counts();
    return List.of(
        invariant("no-loss", "No acknowledged message is lost.", counts.acked(), counts.lost()),
        invariant(
            "no-phantom",
            "No message is received that nobody sent.",
            counts.received(),
            counts.invented()),
        invariant(
            "no-duplicate",
            "No message is received twice while its receipt is in force.",
            counts.received(),
            counts.duplicates()),
        invariant(
            "valid-load",
            "The load was what it set out to be.",
            counts.planned(),
            leg.validity().reasons().size(),
            leg.validity().reasons()));
  }

  private static Invariant invariant(String name, String statement, long checked, long broken) {
    return invariant(
        name, statement, checked, broken, List.of(checked + " checked, " + broken + " broke it"));
  }

  private static Invariant invariant(
      String name, String statement, long checked, long broken, List<String> evidence) {
    return new Invariant(
        name,
        statement,
        true,
        broken > 0 ? Verdict.INVALID : checked > 0 ? Verdict.VALID : Verdict.UNKNOWN,
        checked,
        broken,
        evidence);
  }
}
