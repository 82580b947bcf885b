package io.millrace.reports;

import io.millrace.reports.record.Counts;
import io.millrace.reports.record.Duplicates;
import io.millrace.reports.record.Figures;
import io.millrace.reports.record.LatencySummary;
import io.millrace.reports.record.Percentile;
import io.millrace.reports.record.RunRecord;
import io.millrace.reports.record.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The few lines printed when a run is over; the last one is the page's file URL. */
public final class SummaryText {
  private SummaryText() {}

  /**
   * The lines, without line ends.
   *
   * @param record the run
   * @param directory where its page is
   */
  public static List<String> lines(RunRecord record, RunDirectory directory) {
    Counts counts = record.counts();
    List<String> lines = new ArrayList<>();
    lines.add("guarantees  " + record.verdict().verdict());
    record.verdict().reasons().forEach(reason -> lines.add("            " + reason));
    lines.add(
        "under "
            + pad(Figures.limit(record.plan().sloMs()), 6)
            + record.latencyVerdict().outcome().words()
            + (record.verdict().verdict() == Verdict.INVALID
                ? " (no claim: the guarantees were broken)"
                : ""));
    lines.add("            " + record.latencyVerdict().reason());
    lines.add(
        "messages    "
            + Figures.count(counts.sent())
            + " sent, "
            + Figures.count(counts.acked())
            + " acknowledged, "
            + Figures.count(counts.unknown())
            + " unknown, "
            + Figures.count(counts.received())
            + " received, "
            + Figures.count(counts.deleted())
            + " deleted");
    Duplicates duplicates = record.duplicates();
    lines.add(
        "            "
            + Figures.count(counts.lost())
            + " lost, "
            + Figures.count(duplicates.total())
            + " duplicates ("
            + Figures.count(duplicates.injected())
            + " forced, "
            + Figures.count(duplicates.visibilityExpiry())
            + " visibility expiry, "
            + Figures.count(duplicates.crash())
            + " crash, "
            + Figures.count(duplicates.unknownDelete())
            + " unknown delete, "
            + Figures.count(duplicates.unexplained())
            + " unexplained)");
    if (!record.faults().isEmpty()) {
      lines.add(
          "faults      "
              + record.faults().stream()
                  .map(fault -> fault.name() + " " + Figures.count(fault.fired()))
                  .collect(Collectors.joining(", ")));
    }
    record
        .crash()
        .ifPresent(
            crash ->
                lines.add(
                    "kill -9     at "
                        + Figures.seconds(crash.killedAtMs())
                        + " s with "
                        + Figures.count(crash.inFlightAtKill().sends())
                        + " sends and "
                        + Figures.count(crash.inFlightAtKill().deletes())
                        + " deletes in flight; "
                        + (crash.recoveredInMs().isPresent()
                            ? "answered again after " + Figures.ms(crash.recoveredInMs()) + " ms"
                            : "did not answer again")));
    lines.add("steady, ms  " + header());
    lines.add("publish     " + row(record.latencyMs().publish()));
    lines.add("receive     " + row(record.latencyMs().receive()));
    lines.add("end-to-end  " + row(record.latencyMs().endToEnd()));
    lines.add(directory.pageFile().toAbsolutePath().normalize().toUri().toString());
    return lines;
  }

  private static String header() {
    StringBuilder line = new StringBuilder();
    for (Percentile percentile : Percentile.values()) {
      line.append(column(percentile.label()));
    }
    return line.append(column("max")).append(column("count")).toString();
  }

  private static String row(LatencySummary summary) {
    StringBuilder line = new StringBuilder();
    for (Percentile percentile : Percentile.values()) {
      line.append(column(Figures.ms(summary.at(percentile))));
    }
    return line.append(column(summary.count() == 0 ? Figures.NONE : Figures.ms(summary.max())))
        .append(column(Figures.count(summary.count())))
        .toString();
  }

  private static String column(String text) {
    return String.format(Locale.ROOT, "%10s", text);
  }

  private static String pad(String text, int width) {
    return String.format(Locale.ROOT, "%-" + width + "s", text);
  }
}
