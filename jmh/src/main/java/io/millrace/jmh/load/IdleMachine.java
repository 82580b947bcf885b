package io.millrace.jmh.load;

import io.millrace.chaos.attribution.Meters;
import io.millrace.reports.RunDirectory;
import io.millrace.reports.platform.ForceGate;
import io.millrace.reports.platform.HiccupMeter;
import io.millrace.reports.record.HistogramLog;
import io.millrace.reports.record.LatencyLog;
import io.millrace.reports.record.LatencySummary;
import io.millrace.reports.record.LoadRecord;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The machine by itself: the meters that run beside each leg, while no service and no load does.
 * What they see then is nobody's but the platform's, so it tells whether the machine was fit to be
 * measured on before the first leg, and still was after the last.
 */
final class IdleMachine {

  private IdleMachine() {}

  /**
   * Meters it.
   *
   * @param files for the meters' logs
   * @param disk a folder on the file system to force on
   * @param seconds how long, 1 or more
   * @param sloMs the limit that the platform may take a share of
   */
  static LoadRecord.Idle meter(RunDirectory files, Path disk, int seconds, double sloMs)
      throws IOException {
    Meters meters = Meters.start(files, disk);
    try {
      TimeUnit.SECONDS.sleep(seconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("while the machine was metered by itself");
    } finally {
      meters.close();
    }
    return LoadRecord.Idle.of(
        String.valueOf(files.path().getFileName()),
        seconds,
        summary(files.controlHiccupLog(), HiccupMeter.TAG),
        summary(files.forceLog(), ForceGate.TAG),
        sloMs);
  }

  private static LatencySummary summary(Path log, String tag) throws IOException {
    return LatencySummary.from(
        HistogramLog.merge(log, interval -> true).getOrDefault(tag, LatencyLog.newHistogram()));
  }
}
