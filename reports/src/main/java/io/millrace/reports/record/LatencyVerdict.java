package io.millrace.reports.record;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.HdrHistogram.AbstractHistogram;

/**
 * The judgement of "under 10 ms" (or another limit), taken on the steady phase.
 *
 * <p>Each of publish, receive and end-to-end is judged on its own:
 *
 * <ol>
 *   <li>The figure is p99.9, or, when fewer than ten samples lie beyond it, the highest percentile
 *       that may be printed, and the check says which. With fewer than 20 samples not even the
 *       median may: INCONCLUSIVE (samples).
 *   <li>Strictly under the limit: PASS.
 *   <li>Otherwise, if pauses of the server's own JVM alone explain more misses than the percentile
 *       leaves room for: FAIL. With every other miss taken away the figure would still be over the
 *       limit, so the platform is no excuse.
 *   <li>Otherwise, if the control hiccup meter's same percentile (or its highest printable one
 *       below that) is over {@value #PLATFORM_SHARE} of the limit: INCONCLUSIVE (platform), since a
 *       machine that delays an idle process that long cannot show the claim false or true.
 *   <li>Otherwise, and also when no control meter ran: FAIL.
 * </ol>
 *
 * <p>The whole is the worst of the three in the order FAIL, INCONCLUSIVE (platform), INCONCLUSIVE
 * (samples), PASS. Misses are counted from the same histogram, to its resolution of 0.1 %.
 *
 * @param outcome the whole
 * @param reason one sentence that carries the figures
 * @param checks one for each latency
 */
public record LatencyVerdict(
    @JsonProperty("latencyVerdict") Outcome outcome,
    @JsonProperty("latencyReason") String reason,
    @JsonProperty("latencyChecks") List<Check> checks) {

  /** The percentile a claim is made of, where the sample carries it. */
  public static final Percentile CLAIMED = Percentile.P999;

  /** The share of the limit that the platform's own noise may take, measuring rule of the lab. */
  public static final double PLATFORM_SHARE = 0.2;

  /** What can be said, the best last. */
  public enum Outcome {
    /** Over the limit, and the platform was quiet enough to blame the queue. */
    FAIL("FAIL"),
    /** Over the limit, and so was the platform's own noise over its share. */
    @JsonProperty("INCONCLUSIVE (platform)")
    INCONCLUSIVE_PLATFORM("INCONCLUSIVE (platform)"),
    /** Too few samples to say. */
    @JsonProperty("INCONCLUSIVE (samples)")
    INCONCLUSIVE_SAMPLES("INCONCLUSIVE (samples)"),
    /** Under the limit. */
    PASS("PASS");

    private final String words;

    Outcome(String words) {
      this.words = words;
    }

    /** The outcome as printed and as in JSON. */
    public String words() {
      return words;
    }
  }

  /**
   * One latency as measured.
   *
   * @param kind which latency
   * @param summary its distribution in the steady phase
   * @param misses how many samples were over the limit
   * @param paused of these, how many were late because the server's own JVM paused, as its flight
   *     recording says; 0 where nothing tells
   */
  public record Measured(Kind kind, LatencySummary summary, long misses, long paused) {
    /** Of a server that no recording tells about. */
    public Measured(Kind kind, LatencySummary summary, long misses) {
      this(kind, summary, misses, 0);
    }

    /**
     * Measures a histogram of nanoseconds against a limit; a sample counts as a miss when its
     * bucket lies wholly above the limit.
     */
    public static Measured from(Kind kind, AbstractHistogram nanos, double sloMs) {
      long sloNanos = Math.round(sloMs * 1_000_000);
      long max = nanos.getMaxValue();
      long above = nanos.nextNonEquivalentValue(sloNanos);
      long misses = max < above ? 0 : nanos.getCountBetweenValues(above, max);
      return new Measured(kind, LatencySummary.from(nanos), misses);
    }

    /**
     * The same, with what is known of its misses.
     *
     * @param known the misses of the same samples, of this latency and others
     */
    public Measured explainedBy(List<Misses> known) {
      return new Measured(
          kind,
          summary,
          misses,
          known.stream()
              .filter(each -> each.kind() == kind)
              .mapToLong(each -> each.of(Cause.GC) + each.of(Cause.SAFEPOINT))
              .sum());
    }
  }

  /**
   * One latency as judged.
   *
   * @param kind which latency
   * @param outcome the judgement
   * @param percentile which percentile was judged, such as {@code p99.9}; empty text when none
   *     could be
   * @param valueMs its value in milliseconds
   * @param sloMs the limit in milliseconds
   * @param misses samples over the limit
   * @param count samples
   * @param controlHiccupMs the control meter's same percentile in milliseconds, or its highest
   *     printable one below
   */
  public record Check(
      Kind kind,
      Outcome outcome,
      String percentile,
      OptionalDouble valueMs,
      double sloMs,
      long misses,
      long count,
      OptionalDouble controlHiccupMs) {}

  /** Copies the checks. */
  public LatencyVerdict {
    checks = List.copyOf(checks);
  }

  /**
   * Judges the steady phase.
   *
   * @param sloMs the limit in milliseconds, above 0
   * @param steady the latencies of the steady phase, at least one
   * @param controlHiccup the control meter over the same phase; {@link LatencySummary#NONE} when
   *     none ran
   */
  public static LatencyVerdict judge(
      double sloMs, List<Measured> steady, LatencySummary controlHiccup) {
    if (!(sloMs > 0) || steady.isEmpty()) {
      throw new IllegalArgumentException("nothing to judge: " + sloMs + " ms, " + steady);
    }
    List<Check> checks = new ArrayList<>();
    Outcome worst = Outcome.PASS;
    for (Measured measured : steady) {
      Check check = check(sloMs, measured, controlHiccup);
      checks.add(check);
      if (check.outcome().compareTo(worst) < 0) {
        worst = check.outcome();
      }
    }
    return new LatencyVerdict(worst, reason(worst, sloMs, steady, checks, controlHiccup), checks);
  }

  private static Check check(double sloMs, Measured measured, LatencySummary control) {
    long count = measured.summary().count();
    Optional<Percentile> judged = Percentile.highestPrintable(count, CLAIMED);
    if (judged.isEmpty()) {
      return new Check(
          measured.kind(),
          Outcome.INCONCLUSIVE_SAMPLES,
          "",
          OptionalDouble.empty(),
          sloMs,
          measured.misses(),
          count,
          OptionalDouble.empty());
    }
    OptionalDouble value = measured.summary().at(judged.get());
    OptionalDouble noise =
        Percentile.highestPrintable(control.count(), judged.get())
            .map(control::at)
            .orElse(OptionalDouble.empty());
    Outcome outcome;
    if (value.orElseThrow() < sloMs) {
      outcome = Outcome.PASS;
    } else if (noise.orElse(0) > PLATFORM_SHARE * sloMs && !isPausedTooOften(measured)) {
      outcome = Outcome.INCONCLUSIVE_PLATFORM;
    } else {
      outcome = Outcome.FAIL;
    }
    return new Check(
        measured.kind(),
        outcome,
        judged.get().label(),
        value,
        sloMs,
        measured.misses(),
        count,
        noise);
  }

  /** Whether the server's own pauses alone put the judged percentile over the limit. */
  private static boolean isPausedTooOften(Measured measured) {
    long count = measured.summary().count();
    return Percentile.highestPrintable(count, CLAIMED)
        .filter(judged -> measured.paused() > judged.roomBeyond(count))
        .isPresent();
  }

  private static String reason(
      Outcome worst,
      double sloMs,
      List<Measured> steady,
      List<Check> checks,
      LatencySummary control) {
    String limit = Figures.limit(sloMs);
    if (worst == Outcome.INCONCLUSIVE_SAMPLES) {
      return "Too few samples in the steady phase: "
          + checks.stream()
              .map(check -> check.kind().words() + " has " + Figures.count(check.count()))
              .collect(Collectors.joining(", "))
          + "; a median needs "
          + Figures.count(Percentile.P50.samplesNeeded())
          + ".";
    }
    String figures =
        checks.stream()
            .filter(check -> worst == Outcome.PASS || check.outcome() == worst)
            .map(LatencyVerdict::figure)
            .collect(Collectors.joining(", "));
    String fellBack =
        checks.stream().allMatch(check -> check.percentile().equals(CLAIMED.label()))
            ? ""
            : " "
                + CLAIMED.label()
                + " needs "
                + Figures.count(CLAIMED.samplesNeeded())
                + " samples; where there are fewer, the highest percentile that has "
                + Percentile.SAMPLES_BEYOND_MIN
                + " samples beyond it was judged.";
    OptionalDouble noiseMs =
        checks.stream()
            .filter(check -> check.outcome() == worst)
            .flatMapToDouble(check -> check.controlHiccupMs().stream())
            .max();
    return switch (worst) {
      case PASS -> "Under " + limit + " in the steady phase: " + figures + "." + fellBack;
      case FAIL ->
          "Not under "
              + limit
              + " in the steady phase: "
              + figures
              + "; "
              + whyNotThePlatform(sloMs, steady, control, noiseMs)
              + fellBack;
      default ->
          "Not under "
              + limit
              + " in the steady phase: "
              + figures
              + "; but the platform alone delayed an idle process by "
              + ms(noiseMs)
              + " at the same percentile, over the "
              + Figures.limit(PLATFORM_SHARE * sloMs)
              + " it may take."
              + fellBack;
    };
  }

  private static String whyNotThePlatform(
      double sloMs, List<Measured> steady, LatencySummary control, OptionalDouble noiseMs) {
    if (control.count() == 0) {
      return "no control hiccup meter ran, so the platform is not excused.";
    }
    String noise = "the control hiccup meter's " + ms(noiseMs);
    String mayTake = "the " + Figures.limit(PLATFORM_SHARE * sloMs) + " the platform may take";
    if (noiseMs.orElse(0) <= PLATFORM_SHARE * sloMs) {
      return noise + " is within " + mayTake + ".";
    }
    String pauses =
        steady.stream()
            .filter(LatencyVerdict::isPausedTooOften)
            .map(measured -> measured.kind().words() + " " + Figures.count(measured.paused()))
            .collect(Collectors.joining(", "));
    return noise
        + " is over "
        + mayTake
        + ", but pauses of the server's own JVM alone explain more than the percentile has room for: "
        + pauses
        + ".";
  }

  private static String ms(OptionalDouble value) {
    return value.isPresent() ? Figures.ms(value.getAsDouble()) + " ms" : Figures.NONE;
  }

  private static String figure(Check check) {
    return check.kind().words()
        + " "
        + check.percentile()
        + " "
        + Figures.ms(check.valueMs())
        + " ms ("
        + Figures.count(check.misses())
        + " of "
        + Figures.count(check.count())
        + " over)";
  }
}
