package io.millrace.chaos.check;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A judgement as text for a terminal: one line for each invariant, under it what was counted, and
 * for one that is broken its first findings, each with the timeline of its message.
 */
public final class JudgementText {

  /** Findings shown with their timelines, for each invariant. */
  private static final int FINDINGS_SHOWN = 3;

  private JudgementText() {}

  /**
   * The text.
   *
   * @param timelines of the accused attempts, as {@link Evidence} gathers them
   */
  public static String of(Judgement judgement, Map<Long, List<String>> timelines) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s, profile %s%n",
            judgement.overall().word(),
            judgement.profile().label()));
    for (String log : judgement.cutLogs()) {
      text.append("  the log ").append(log).append(" has no end").append(System.lineSeparator());
    }
    for (InvariantVerdict each : judgement.verdicts()) {
      append(text, each, timelines);
    }
    return text.toString();
  }

  private static void append(
      StringBuilder text, InvariantVerdict each, Map<Long, List<String>> timelines) {
    text.append(
        String.format(
            Locale.ROOT,
            "%-8s %-24s %s%n",
            each.verdict().word(),
            each.invariant().label(),
            remarks(each)));
    if (each.verdict() instanceof Verdict.Invalid invalid) {
      int shown = Math.min(FINDINGS_SHOWN, invalid.findings().size());
      for (Finding finding : invalid.findings().subList(0, shown)) {
        text.append(
            String.format(
                Locale.ROOT,
                "  at %.3f ms, attempt %d: %s%n",
                finding.atNs() / 1e6,
                finding.attempt(),
                finding.sentence()));
        for (String line : timelines.getOrDefault(finding.attempt(), List.of())) {
          text.append("    ").append(line).append(System.lineSeparator());
        }
      }
      if (invalid.total() > shown) {
        text.append(String.format(Locale.ROOT, "  and %d more%n", invalid.total() - shown));
      }
    }
  }

  private static String remarks(InvariantVerdict each) {
    StringBuilder remarks = new StringBuilder();
    if (each.verdict() instanceof Verdict.Unknown unknown) {
      remarks.append(unknown.reason()).append("; ");
    }
    remarks.append(each.judged()).append(" judged");
    if (each.undecided() > 0) {
      remarks.append(", ").append(each.undecided()).append(" undecided");
    }
    each.counts()
        .forEach((name, count) -> remarks.append(", ").append(name).append(' ').append(count));
    return remarks.toString();
  }
}
