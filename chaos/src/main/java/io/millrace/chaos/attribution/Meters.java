package io.millrace.chaos.attribution;

import io.millrace.chaos.attribution.Stretches.Stretch;
import io.millrace.chaos.history.Origin;
import io.millrace.reports.RunDirectory;
import io.millrace.reports.platform.ControlHiccup;
import io.millrace.reports.platform.ForceGate;
import io.millrace.reports.platform.HiccupMeter;
import io.millrace.reports.platform.StallLog;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The platform's meters beside a run: hiccups in a control process and in ours, and the force gate.
 */
public record Meters(ControlHiccup control, HiccupMeter hiccup, ForceGate force)
    implements Closeable {

  /**
   * Starts them.
   *
   * @param directory for their logs
   * @param disk a folder on the file system to force on
   */
  public static Meters start(RunDirectory directory, Path disk) throws IOException {
    ControlHiccup control =
        ControlHiccup.start(directory.controlHiccupLog(), controlStalls(directory));
    try {
      HiccupMeter hiccup = HiccupMeter.start(directory.hiccupLog(), ownStalls(directory));
      try {
        return new Meters(control, hiccup, ForceGate.start(disk, directory.forceLog()));
      } catch (IOException e) {
        hiccup.close();
        throw e;
      }
    } catch (IOException e) {
      control.close();
      throw e;
    }
  }

  /** When the control process was delayed, see {@link io.millrace.reports.platform.StallLog}. */
  private static Path controlStalls(RunDirectory directory) {
    return directory.path().resolve("control-hiccup.stalls");
  }

  /** When this JVM's meter was. */
  private static Path ownStalls(RunDirectory directory) {
    return directory.path().resolve("hiccup.stalls");
  }

  /** The delays of the control process so far, since the run's origin. */
  public static List<Stretch> controlStalls(RunDirectory directory, Origin origin)
      throws IOException {
    return stretches(controlStalls(directory), origin);
  }

  /** The delays of this JVM's meter so far, since the run's origin. */
  public static List<Stretch> ownStalls(RunDirectory directory, Origin origin) throws IOException {
    return stretches(ownStalls(directory), origin);
  }

  /** The delays that a log of stalls tells of, since the run's origin. */
  public static List<Stretch> stretches(Path stalls, Origin origin) throws IOException {
    return StallLog.read(stalls).stream()
        .map(
            stall -> {
              long fromNs = stall.fromNanoTime() - origin.nanoTime();
              return new Stretch(fromNs, fromNs + stall.nanos());
            })
        .toList();
  }

  @Override
  public void close() throws IOException {
    try (control;
        hiccup) {
      force.close();
    }
  }
}
