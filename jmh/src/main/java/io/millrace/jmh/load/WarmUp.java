package io.millrace.jmh.load;

import io.millrace.reports.record.LatencyLog;
import io.millrace.reports.record.LatencySummary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/**
 * Whether the service is warm, by evidence: the load runs in windows until three in a row agree in
 * their medians of publish and of end-to-end latency to within a tenth; the second also waits until
 * what piled up while it was cold is gone. The windows are of the same schedule as what is measured
 * after them, with nothing between.
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
   * @param publishP50Ms their median publish latency; 0 when there were none
   * @param endToEndP50Ms median end-to-end latency of those that were received by then
   * @param publishMaxMs their slowest publish
   */
  record Window(
      long fromMs, long count, double publishP50Ms, double endToEndP50Ms, double publishMaxMs) {}

  /** Looks at the messages due in a stretch of the schedule, both ends in ns since the origin. */
  void add(Samples samples, long scheduleNs, long fromNs, long toNs) {
    Histogram publish = LatencyLog.newHistogram();
    Histogram endToEnd = LatencyLog.newHistogram();
    for (int i = firstDue(samples, fromNs);
        i < samples.scheduled() && samples.dueNs(i) < toNs;
        i++) {
      if (samples.ackedNs(i) != Samples.NEVER) {
        publish.recordValue(samples.ackedNs(i) - samples.dueNs(i));
      }
      if (samples.receivedNs(i) != Samples.NEVER) {
        endToEnd.recordValue(samples.receivedNs(i) - samples.dueNs(i));
      }
    }
    windows.add(
        new Window(
            (fromNs - scheduleNs) / 1_000_000,
            publish.getTotalCount(),
            LatencySummary.toMs(publish.getValueAtPercentile(50)),
            LatencySummary.toMs(endToEnd.getValueAtPercentile(50)),
            LatencySummary.toMs(publish.getMaxValue())));
  }

  /** Whether the last three agree. */
  boolean warm() {
    if (windows.size() < AGREEING) {
      return false;
    }
    List<Window> last = windows.subList(windows.size() - AGREEING, windows.size());
    return last.stream().allMatch(window -> window.count() > 0)
        && agree(last, Window::publishP50Ms)
        && agree(last, Window::endToEndP50Ms);
  }

  private static boolean agree(List<Window> some, ToDoubleFunction<Window> figure) {
    double low = some.stream().mapToDouble(figure).min().orElse(0);
    double high = some.stream().mapToDouble(figure).max().orElse(0);
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
