package io.millrace.jmh.load;

import io.millrace.chaos.attribution.Compilation;
import io.millrace.reports.record.LatencyLog;
import io.millrace.reports.record.LatencySummary;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/**
 * Whether the service is warm, by evidence: the load runs in windows until three in a row agree in
 * their medians of publish and of end-to-end latency to within a tenth; the second also waits until
 * what piled up while it was cold is gone. And the service's JVM, where it can be asked, must have
 * done with compiling: its compilers may be busy for a twentieth of the last window. The windows
 * are of the same schedule as what is measured after them, with nothing between.
 */
final class WarmUp {

  private static final int AGREEING = 3;
  private static final double SPREAD = 0.10;

  private final List<Window> windows = new ArrayList<>();
  private OptionalLong compiledNs;

  /**
   * No window yet.
   *
   * @param compiledNs how long the service's compilers have worked so far; empty if nobody tells
   */
  WarmUp(OptionalLong compiledNs) {
    this.compiledNs = compiledNs;
  }

  /**
   * One window.
   *
   * @param fromMs since the schedule's start
   * @param count acknowledged messages that were due in it
   * @param publishP50Ms their median publish latency; 0 when there were none
   * @param endToEndP50Ms median end-to-end latency of those that were received by then
   * @param publishMaxMs their slowest publish
   * @param compiling for which share of the time since the window before the service's compilers
   *     were busy, above 1 where several were; empty if nobody tells
   */
  record Window(
      long fromMs,
      long count,
      double publishP50Ms,
      double endToEndP50Ms,
      double publishMaxMs,
      OptionalDouble compiling) {}

  /**
   * Looks at the messages due in a stretch of the schedule, both ends in ns since the origin.
   *
   * @param compiledByNow how long the service's compilers have worked by its end
   */
  void add(Samples samples, long scheduleNs, long fromNs, long toNs, OptionalLong compiledByNow) {
    OptionalDouble compiling =
        compiledNs.isPresent() && compiledByNow.isPresent()
            ? OptionalDouble.of(
                (compiledByNow.getAsLong() - compiledNs.getAsLong()) / (double) (toNs - fromNs))
            : OptionalDouble.empty();
    compiledNs = compiledByNow;
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
            LatencySummary.toMs(publish.getMaxValue()),
            compiling));
  }

  /** Whether the last three agree, and the compilers rest. */
  boolean warm() {
    return missing().isEmpty();
  }

  /** Why it ended when it did, in a sentence. */
  String ending() {
    List<String> missing = missing();
    String compiled =
        windows.isEmpty() || windows.get(windows.size() - 1).compiling().isEmpty()
            ? "nobody tells whether the compilers rest"
            : "the compilers were busy for %.1f %% of the last"
                .formatted(100 * windows.get(windows.size() - 1).compiling().getAsDouble());
    return missing.isEmpty()
        ? "The medians of %d windows agree to within a tenth; %s.".formatted(AGREEING, compiled)
        : "Time was up after %d windows: %s.".formatted(windows.size(), String.join(", ", missing));
  }

  /** What is missing until it is warm. */
  private List<String> missing() {
    if (windows.size() < AGREEING) {
      return List.of("there were fewer than " + AGREEING);
    }
    List<Window> last = windows.subList(windows.size() - AGREEING, windows.size());
    List<String> missing = new ArrayList<>();
    if (last.stream().anyMatch(window -> window.count() == 0)) {
      missing.add("nothing was acknowledged in one of the last");
    }
    if (!agree(last, Window::publishP50Ms)) {
      missing.add("the medians of publish differ");
    }
    if (!agree(last, Window::endToEndP50Ms)) {
      missing.add("the medians of end-to-end differ");
    }
    OptionalDouble compiling = last.get(AGREEING - 1).compiling();
    if (compiling.orElse(0) > Compilation.RESTING_SHARE) {
      missing.add(
          "the compilers were busy for %.1f %% of the last"
              .formatted(100 * compiling.getAsDouble()));
    }
    return missing;
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
