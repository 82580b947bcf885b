package io.millrace.jmh.load;

import io.millrace.reports.record.LatencyLog;
import io.millrace.reports.record.LatencySummary;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * Whether the service is warm, by evidence: the load runs in windows until three in a row agree in
 * their median publish latency to within a tenth. The windows are of the same schedule as what is
 * measured after them, with nothing between.
 */
final class WarmUp {

  private static final int AGREEING = 3;
  private static final double SPREAD = 0.10;

  private final List<Window> windows = new ArrayList<>();

  /**
   * One window.
   *
   * @param fromMs since the schedule's start
   * @param count acknowledged messages that were due in it
   * @param p50Ms their median publish latency; 0 when there were none
   * @param maxMs their slowest
   */
  record Window(long fromMs, long count, double p50Ms, double maxMs) {}

  /** Looks at the messages due in a stretch of the schedule, both ends in ns since the origin. */
  void add(Samples samples, long scheduleNs, long fromNs, long toNs) {
    Histogram publish = LatencyLog.newHistogram();
    for (int i = firstDue(samples, fromNs);
        i < samples.scheduled() && samples.dueNs(i) < toNs;
        i++) {
      if (samples.ackedNs(i) != Samples.NEVER) {
        publish.recordValue(samples.ackedNs(i) - samples.dueNs(i));
      }
    }
    windows.add(
        new Window(
            (fromNs - scheduleNs) / 1_000_000,
            publish.getTotalCount(),
            LatencySummary.toMs(publish.getValueAtPercentile(50)),
            LatencySummary.toMs(publish.getMaxValue())));
  }

  /** Whether the last three agree. */
  boolean warm() {
    if (windows.size() < AGREEING) {
      return false;
    }
    double low = Double.MAX_VALUE;
    double high = 0;
    for (Window window : windows.subList(windows.size() - AGREEING, windows.size())) {
      if (window.count() == 0) {
        return false;
      }
      low = Math.min(low, window.p50Ms());
      high = Math.max(high, window.p50Ms());
    }
    return high - low <= SPREAD * high;
  }

  /** The windows so far. */
  List<Window> trace() {
    return List.copyOf(windows);
  }

  /** The first message that is due at an instant or later; the schedule's length if none is. */
  static int firstDue(Samples samples, long instantNs) {
    int low = 0;
    int high = samples.scheduled();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (samples.dueNs(middle) < instantNs) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
