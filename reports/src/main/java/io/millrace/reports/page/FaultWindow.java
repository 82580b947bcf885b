package io.millrace.reports.page;

import io.millrace.reports.record.Kind;
import io.millrace.reports.record.LatencyLog;
import io.millrace.reports.record.LatencySummary;
import io.millrace.reports.record.Phase;
import io.millrace.reports.record.PhaseWindow;
import io.millrace.reports.record.RunRecord;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * One latency before, during and after a fault. Before and after are the messages within {@value
 * #AROUND_SECONDS} seconds that met no fault; where one fault follows on another there may be none.
 *
 * @param window the stretch of the fault
 * @param kind which latency
 * @param before the latency before
 * @param during that of the messages sent while the fault was in force
 * @param after the latency after
 */
public record FaultWindow(
    PhaseWindow window,
    Kind kind,
    LatencySummary before,
    LatencySummary during,
    LatencySummary after) {
  /** How far before and after reach. */
  public static final int AROUND_SECONDS = 5;

  private static final int MS_PER_SECOND = 1_000;
  private static final Set<Phase> UNDISTURBED = EnumSet.of(Phase.STEADY, Phase.AFTERMATH);
  private static final List<Kind> KINDS = List.of(Kind.PUBLISH, Kind.END_TO_END);

  /** Each fault's stretches, publish and end-to-end. */
  static List<FaultWindow> of(RunRecord run, LatencyLog latencies) {
    List<FaultWindow> faults = new ArrayList<>();
    for (PhaseWindow window : run.windows()) {
      if (UNDISTURBED.contains(window.phase())) {
        continue;
      }
      int first = (int) (window.fromMs() / MS_PER_SECOND);
      int last = (int) (window.toMs() / MS_PER_SECOND);
      for (Kind kind : KINDS) {
        faults.add(
            new FaultWindow(
                window,
                kind,
                summary(latencies, kind, UNDISTURBED, first - AROUND_SECONDS, first),
                summary(latencies, kind, EnumSet.of(window.phase()), first, last),
                summary(latencies, kind, UNDISTURBED, last, last + AROUND_SECONDS)));
      }
    }
    return faults;
  }

  private static LatencySummary summary(
      LatencyLog latencies, Kind kind, Set<Phase> phases, int firstSecond, int lastSecond) {
    return LatencySummary.from(latencies.between(kind, phases, firstSecond, lastSecond));
  }
}
