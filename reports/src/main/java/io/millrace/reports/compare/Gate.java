package io.millrace.reports.compare;

import io.millrace.reports.record.Figures;
import io.millrace.reports.record.Invariant;
import io.millrace.reports.record.LatencySummary;
import io.millrace.reports.record.LatencyVerdict;
import io.millrace.reports.record.Percentile;
import io.millrace.reports.record.RunRecord;
import io.millrace.reports.record.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * May what was measured take the place of what it is measured against?
 *
 * <p>It fails on a broken guarantee, on a limit that was kept and is missed, on a bar that is
 * missed, and on a figure that is worse with its whole interval. It does not fail on what the
 * machine may have done: a latency is INCONCLUSIVE when the latency verdict of either side is
 * INCONCLUSIVE (platform), or when the control hiccup meter's same percentile is over {@link
 * LatencyVerdict#PLATFORM_SHARE} of the worse figure and grew beyond the threshold as well. It is
 * UNKNOWN when a run does not know whether its guarantees held.
 *
 * @param comparison what it is made of; b is what may take the place of a
 * @param checks in the order of their importance
 */
public record Gate(Comparison comparison, List<Check> checks) {

  /** Copies the checks. */
  public Gate {
    checks = List.copyOf(checks);
  }

  /** What one check, and the gate as a whole, comes to; the worst first. */
  public enum Outcome {
    /** A guarantee is broken, or a figure is worse. */
    FAIL,
    /** Nobody knows whether a guarantee was kept. */
    UNKNOWN,
    /** The machine may be to blame. */
    INCONCLUSIVE,
    /** As good as before, or better. */
    PASS
  }

  /**
   * One check.
   *
   * @param name what was checked
   * @param outcome the judgement
   * @param sentence the figures it was judged by
   */
  public record Check(String name, Outcome outcome, String sentence) {}

  /** Judges a comparison. */
  public static Gate of(Comparison comparison) {
    List<Check> checks = new ArrayList<>();
    if (comparison.b() instanceof Side.Runs b && comparison.a() instanceof Side.Runs a) {
      b.runs().forEach(run -> checks.addAll(guarantees(run.record())));
      checks.add(limit(a, b));
    } else if (comparison.b() instanceof Side.Benches b) {
      b.bars().forEach(bar -> checks.add(barred(bar)));
    }
    for (Comparison.Row row : comparison.rows()) {
      if (row.steady()) {
        checks.add(figure(comparison, row));
      }
    }
    return new Gate(comparison, checks);
  }

  /** The whole: its worst check, except that what is inconclusive stops nothing. */
  public Outcome outcome() {
    Outcome worst =
        checks.stream().map(Check::outcome).min(Enum::compareTo).orElse(Outcome.UNKNOWN);
    return worst == Outcome.INCONCLUSIVE ? Outcome.PASS : worst;
  }

  private static List<Check> guarantees(RunRecord record) {
    List<Check> checks = new ArrayList<>();
    RunRecord run = record;
    checks.add(
        new Check(
            "guarantees",
            outcome(run.verdict().verdict()),
            String.join(" ", run.verdict().reasons())));
    for (Invariant invariant : run.invariants()) {
      if (invariant.bears()) {
        checks.add(
            new Check(
                "guarantee " + invariant.name(),
                outcome(invariant.verdict()),
                invariant.statement()
                    + " "
                    + Figures.count(invariant.violations())
                    + " of "
                    + Figures.count(invariant.checked())
                    + " broke it."));
      }
    }
    return checks;
  }

  private static Outcome outcome(Verdict verdict) {
    return switch (verdict) {
      case VALID -> Outcome.PASS;
      case INVALID -> Outcome.FAIL;
      case UNKNOWN -> Outcome.UNKNOWN;
    };
  }

  /** A limit that was missed before is no news, and not kept either. */
  private static Check limit(Side.Runs a, Side.Runs b) {
    LatencyVerdict before = worst(a);
    LatencyVerdict now = worst(b);
    Outcome outcome =
        switch (now.outcome()) {
          case PASS -> Outcome.PASS;
          case FAIL ->
              before.outcome() == LatencyVerdict.Outcome.FAIL ? Outcome.INCONCLUSIVE : Outcome.FAIL;
          case INCONCLUSIVE_PLATFORM, INCONCLUSIVE_SAMPLES -> Outcome.INCONCLUSIVE;
        };
    return new Check(
        "latency limit", outcome, now.reason() + " Before: " + before.outcome().words() + ".");
  }

  private static LatencyVerdict worst(Side.Runs side) {
    return side.runs().stream()
        .map(run -> run.record().latencyVerdict())
        .min((first, second) -> first.outcome().compareTo(second.outcome()))
        .orElseThrow();
  }

  private static Check barred(Side.Bar bar) {
    Outcome outcome =
        switch (bar.outcome()) {
          case "PASS" -> Outcome.PASS;
          case "FAIL" -> Outcome.FAIL;
          default -> Outcome.INCONCLUSIVE;
        };
    return new Check(
        "bar " + bar.name(),
        outcome,
        Figures.ms(bar.measured()) + " against a bar of " + Figures.ms(bar.bar()) + ".");
  }

  private static Check figure(Comparison comparison, Comparison.Row row) {
    String sentence =
        Figures.ms(row.a())
            + " before, "
            + Figures.ms(row.b())
            + " now: "
            + Comparison.ratio(row.ratio())
            + " times, interval "
            + row.range()
            + ".";
    Outcome outcome =
        switch (row.outcome()) {
          case BETTER, ALIKE -> Outcome.PASS;
          case WORSE -> excused(comparison, row) ? Outcome.INCONCLUSIVE : Outcome.FAIL;
          case UNCLEAR, DIFFERENT -> Outcome.INCONCLUSIVE;
        };
    return new Check("no regression of " + row.name(), outcome, sentence);
  }

  /** Whether the platform may have made the latency worse. */
  private static boolean excused(Comparison comparison, Comparison.Row row) {
    if (row.percentile().isEmpty()
        || !(comparison.a() instanceof Side.Runs a)
        || !(comparison.b() instanceof Side.Runs b)) {
      return false;
    }
    if (isNoisy(a) || isNoisy(b)) {
      return true;
    }
    double before = controlMs(a, row.percentile().get());
    double now = controlMs(b, row.percentile().get());
    return now > LatencyVerdict.PLATFORM_SHARE * row.b()
        && now > (1 + comparison.threshold()) * before;
  }

  private static boolean isNoisy(Side.Runs side) {
    return side.runs().stream()
        .anyMatch(
            run ->
                run.record().latencyVerdict().outcome()
                    == LatencyVerdict.Outcome.INCONCLUSIVE_PLATFORM);
  }

  /** The noisiest run's control meter at a percentile, or at its highest printable one below. */
  private static double controlMs(Side.Runs side, Percentile percentile) {
    return side.runs().stream()
        .map(run -> run.record().platform().controlHiccupMs())
        .mapToDouble(control -> at(control, percentile))
        .max()
        .orElse(0);
  }

  private static double at(LatencySummary control, Percentile percentile) {
    Optional<Percentile> printable = Percentile.highestPrintable(control.count(), percentile);
    return printable.isPresent() ? control.at(printable.get()).orElse(0) : 0;
  }
}
