package io.millrace.reports.page;

import io.millrace.reports.record.Counts;
import io.millrace.reports.record.Figures;
import io.millrace.reports.record.LatencySummary;
import io.millrace.reports.record.LatencyVerdict;
import io.millrace.reports.record.Percentile;
import io.millrace.reports.record.Plan;
import io.millrace.reports.record.RunRecord;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What has to hold before a latency means what it seems to: whether the run did what it set out to
 * do, and whether the machine let it.
 *
 * @param name what has to hold
 * @param state whether it does
 * @param sentence the figures
 */
public record Precondition(String name, State state, String sentence) {
  /** Of what was planned, what must have been sent. */
  private static final double RATE_SHARE = 0.999;

  /** Of the limit, what a late generator may take. */
  private static final double DELAY_SHARE = 0.1;

  /** Whether it holds. */
  public enum State {
    /** It does. */
    HELD("held", "good"),
    /** It does not, so latencies are to be read with it in mind. */
    NOT_HELD("not held", "bad"),
    /** There is too little to say. */
    NOT_KNOWN("not known", "open");

    private final String words;
    private final String style;

    State(String words, String style) {
      this.words = words;
      this.style = style;
    }

    /** As printed. */
    public String words() {
      return words;
    }

    /** The CSS class. */
    public String style() {
      return style;
    }

    private static State of(boolean held) {
      return held ? HELD : NOT_HELD;
    }
  }

  /** The preconditions of a run. */
  public static List<Precondition> of(RunRecord run) {
    double limitMs = run.plan().sloMs();
    return List.of(
        rate(run.plan(), run.counts()),
        delivery(run.counts()),
        under(
            "the generator sent on time",
            "send delay",
            run.platform().sendDelayMs(),
            DELAY_SHARE * limitMs),
        under(
            "the machine was quiet",
            "control hiccup",
            run.platform().controlHiccupMs(),
            LatencyVerdict.PLATFORM_SHARE * limitMs),
        under("the disk forced in time", "force", run.platform().forceMs(), limitMs));
  }

  private static Precondition rate(Plan plan, Counts counts) {
    return new Precondition(
        "what was planned was sent",
        State.of(counts.sent() >= RATE_SHARE * plan.messages()),
        Figures.count(counts.sent())
            + " of "
            + Figures.count(plan.messages())
            + " messages; at least 99.9 % must be.");
  }

  private static Precondition delivery(Counts counts) {
    return new Precondition(
        "what was acknowledged was received",
        State.of(counts.lost() == 0),
        Figures.count(counts.acked())
            + " acknowledged, "
            + Figures.count(counts.lost())
            + " of them never received.");
  }

  /** At the percentile of the latency verdict, or the highest below that there are samples for. */
  private static Precondition under(
      String name, String what, LatencySummary measured, double mostMs) {
    Optional<Percentile> judged =
        Percentile.highestPrintable(measured.count(), LatencyVerdict.CLAIMED);
    OptionalDouble ms = judged.map(measured::at).orElse(OptionalDouble.empty());
    if (ms.isEmpty()) {
      return new Precondition(
          name, State.NOT_KNOWN, what + " has " + Figures.count(measured.count()) + " samples.");
    }
    return new Precondition(
        name,
        State.of(ms.getAsDouble() <= mostMs),
        what
            + " "
            + judged.orElseThrow().label()
            + " "
            + Figures.ms(ms)
            + " ms; at most "
            + Figures.limit(mostMs)
            + " may be.");
  }
}
