package io.millrace.reports;

import io.millrace.reports.platform.ForceGate;
import io.millrace.reports.platform.HiccupMeter;
import io.millrace.reports.record.Cause;
import io.millrace.reports.record.HistogramLog;
import io.millrace.reports.record.LatencySummary;
import io.millrace.reports.record.LatencyVerdict;
import io.millrace.reports.record.RunRecord;
import io.millrace.reports.record.Stall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The seconds of a run in which a meter beside it was delayed by more than the platform may take:
 * what no queue is to blame for, and what a slow queue beside it may have had for a reason.
 */
final class MeterStalls {
  private MeterStalls() {}

  /** From the meters' logs, as far as there are any; a run without them has none. */
  static List<Stall> of(RunDirectory run, RunRecord record) throws IOException {
    double shareMs = LatencyVerdict.PLATFORM_SHARE * record.plan().sloMs();
    long startEpochMs = record.started().toEpochMilli();
    long endMs = record.timeline().size() * 1_000L;
    List<Stall> stalls = new ArrayList<>();
    add(stalls, Cause.PLATFORM, run.controlHiccupLog(), HiccupMeter.TAG, shareMs, startEpochMs);
    add(stalls, Cause.FORCE, run.forceLog(), ForceGate.TAG, shareMs, startEpochMs);
    return stalls.stream().filter(stall -> stall.fromMs() < endMs).toList();
  }

  private static void add(
      List<Stall> stalls, Cause cause, Path file, String tag, double overMs, long startEpochMs)
      throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    for (HistogramLog.Interval interval : HistogramLog.read(file)) {
      if (interval.tag().equals(tag)
          && interval.fromEpochMs() >= startEpochMs
          && LatencySummary.toMs(interval.histogram().getMaxValue()) > overMs) {
        stalls.add(
            new Stall(
                cause, interval.fromEpochMs() - startEpochMs, interval.toEpochMs() - startEpochMs));
      }
    }
  }
}
