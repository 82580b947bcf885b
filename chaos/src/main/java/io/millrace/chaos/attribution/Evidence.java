package io.millrace.chaos.attribution;

import io.millrace.chaos.attribution.Stretches.Stretch;
import io.millrace.reports.record.Cause;
import io.millrace.reports.record.Stall;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What the instruments beside a run saw: for each cause, when. A stop of the server's process
 * counts as one only where neither its recording nor the platform's control meter has another name
 * for it.
 */
public final class Evidence {

  private static final Stretches NOTHING = Stretches.of(List.of());

  private final Map<Cause, Stretches> byCause = new EnumMap<>(Cause.class);

  /**
   * Puts it together; all instants in ns since the run's origin.
   *
   * @param recording of the server's JVM
   * @param control delays of the control process
   * @param server delays of the meter in the server's JVM
   * @param own delays of the meter in this JVM; the server's are these where it is embedded
   */
  public Evidence(
      FlightRecording recording, List<Stretch> control, List<Stretch> server, List<Stretch> own) {
    Stretches gc = Stretches.of(recording.gc());
    Stretches platform = Stretches.of(control);
    Stretches safepoints = Stretches.of(recording.safepoints()).except(gc);
    byCause.put(Cause.GC, gc);
    byCause.put(Cause.SAFEPOINT, safepoints);
    byCause.put(Cause.PLATFORM, platform);
    byCause.put(Cause.STOPPED, Stretches.of(server).except(gc).except(safepoints).except(platform));
    byCause.put(Cause.FORCE, Stretches.of(recording.forces()));
    byCause.put(Cause.ROLL, Stretches.of(recording.rolls()));
    byCause.put(Cause.GENERATOR, Stretches.of(own));
  }

  /** When a cause was seen; never, if there is no instrument for it. */
  Stretches of(Cause cause) {
    return byCause.getOrDefault(cause, NOTHING);
  }

  /** Everything that lasted so long, for the page: ms since an instant, in order. */
  public List<Stall> stalls(long minNs, long sinceNs, long untilNs) {
    List<Stall> stalls = new ArrayList<>();
    byCause.forEach(
        (cause, stretches) -> {
          for (Stretch stretch : stretches.bare()) {
            if (stretch.nanos() >= minNs
                && stretch.fromNs() >= sinceNs
                && stretch.fromNs() < untilNs) {
              long fromMs = (stretch.fromNs() - sinceNs) / 1_000_000;
              stalls.add(new Stall(cause, fromMs, fromMs + stretch.nanos() / 1_000_000));
            }
          }
        });
    stalls.sort(Comparator.comparingLong(Stall::fromMs));
    return stalls;
  }
}
