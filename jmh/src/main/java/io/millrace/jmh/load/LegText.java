package io.millrace.jmh.load;

import io.millrace.reports.record.Figures;
import io.millrace.reports.record.LatencySummary;
import io.millrace.reports.record.Misses;
import io.millrace.reports.record.Percentile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A leg in the few lines printed when it is over. */
final class LegText {

  private LegText() {}

  /** The lines, without line ends. */
  static List<String> lines(Leg leg, Workload workload) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%s (%s), %s/s of %,d bytes, %s, %d queues, %d consumers: %s",
            leg.subject(),
            leg.durabilityClass(),
            Figures.count(leg.step().rate()),
            workload.messageBytes(),
            workload.arrivals().words(),
            leg.step().queues(),
            leg.step().consumers(),
            leg.outcome()));
    leg.validity().reasons().forEach(reason -> lines.add("  " + reason));
    leg.verdict().ifPresent(verdict -> lines.add("  " + verdict.reason()));
    lines.add(
        String.format(
            Locale.ROOT,
            "  %,d planned, %,d acknowledged, %,d received, %,d lost, %,d duplicates;"
                + " %,.1f/s acknowledged, %,.1f/s received%s",
            leg.counts().planned(),
            leg.counts().acked(),
            leg.counts().received(),
            leg.counts().lost(),
            leg.counts().duplicates(),
            leg.achievedPerSecond(),
            leg.receivedPerSecond(),
            leg.warm() ? "" : "; not warm by its own evidence: " + leg.warmUpEnding()));
    if (leg.verdict().isPresent()) {
      lines.add("  ms                        " + header());
      lines.add("  publish                   " + row(leg.latencies().publish()));
      lines.add("  publish, uncorrected      " + row(leg.latencies().service()));
      lines.add("  receive                   " + row(leg.latencies().receive()));
      lines.add("  end-to-end                " + row(leg.latencies().endToEnd()));
      lines.add("  end-to-end, uncorrected   " + row(leg.endToEndUncorrected()));
      lines.add("  generator delay           " + row(leg.platform().sendDelayMs()));
      lines.add("  generator thread            " + leg.platform().generator());
      lines.add("  control hiccup            " + row(leg.platform().controlHiccupMs()));
      lines.add("  force of 1 KiB            " + row(leg.platform().forceMs()));
    }
    for (MissBound bound : leg.bounds()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  %s over %s: %,d of %,d, at 95 %% confidence at most %.4f %%",
              bound.kind().words(),
              Figures.limit(workload.sloMs()),
              bound.misses(),
              bound.count(),
              100 * bound.shareAtMost()));
    }
    for (Misses misses : leg.misses()) {
      if (misses.total() > 0) {
        lines.add("  " + misses.kind().words() + ", over the limit by cause: " + causes(misses));
      }
    }
    return lines;
  }

  private static String causes(Misses misses) {
    StringBuilder text = new StringBuilder();
    misses
        .causes()
        .forEach(
            (cause, count) ->
                text.append(cause.words()).append(' ').append(Figures.count(count)).append(", "));
    return text.append("UNEXPLAINED ").append(Figures.count(misses.unexplained())).toString();
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
    return line.append(column(Figures.ms(summary.max())))
        .append(column(Figures.count(summary.count())))
        .toString();
  }

  private static String column(String text) {
    return String.format(Locale.ROOT, "%10s", text);
  }
}
