package io.millrace.reports.record;

import java.util.Locale;

/**
 * What the machine did to a program on its own while no service ran.
 *
 * @param directory its raw histograms, below the run's directory
 * @param seconds how long it was metered
 * @param controlHiccupMs how late an idle process woke
 * @param forceMs write and force of 1 KiB on the services' file system
 * @param quiet whether the control hiccup's highest percentile stayed within what the platform may
 *     take of the limit
 */
public record Idle(
    String directory,
    int seconds,
    LatencySummary controlHiccupMs,
    LatencySummary forceMs,
    boolean quiet) {

  /** Judges what the meters saw. */
  public static Idle of(
      String directory,
      int seconds,
      LatencySummary controlHiccupMs,
      LatencySummary forceMs,
      double sloMs) {
    boolean quiet =
        Percentile.highestPrintable(controlHiccupMs.count(), LatencyVerdict.CLAIMED)
            .map(controlHiccupMs::at)
            .filter(ms -> ms.isPresent())
            .map(ms -> ms.getAsDouble() <= LatencyVerdict.PLATFORM_SHARE * sloMs)
            .orElse(false);
    return new Idle(directory, seconds, controlHiccupMs, forceMs, quiet);
  }

  /** What it came to, in one line. */
  public String sentence() {
    return String.format(
        Locale.ROOT,
        "%s: the machine by itself is %s (control hiccup at most %.3f ms in %d s)",
        directory,
        quiet ? "quiet" : "noisy",
        controlHiccupMs.max(),
        seconds);
  }
}
