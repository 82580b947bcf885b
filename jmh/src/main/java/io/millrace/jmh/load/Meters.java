package io.millrace.jmh.load;

import io.millrace.reports.RunDirectory;
import io.millrace.reports.platform.ControlHiccup;
import io.millrace.reports.platform.ForceGate;
import io.millrace.reports.platform.HiccupMeter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The platform's meters beside a leg: hiccups in a control process and in ours, and the force gate.
 */
record Meters(ControlHiccup control, HiccupMeter hiccup, ForceGate force) implements Closeable {

  /**
   * Starts them.
   *
   * @param directory for their logs
   * @param disk a folder on the file system to force on
   */
  static Meters start(RunDirectory directory, Path disk) throws IOException {
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
  static Path controlStalls(RunDirectory directory) {
    return directory.path().resolve("control-hiccup.stalls");
  }

  /** When this JVM's meter was. */
  static Path ownStalls(RunDirectory directory) {
    return directory.path().resolve("hiccup.stalls");
  }

  @Override
  public void close() throws IOException {
    try (control;
        hiccup) {
      force.close();
    }
  }
}
