package io.millrace.jmh.load;

import io.millrace.engine.ServerMain;
import io.millrace.reports.platform.HiccupMeter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Millrace's server with a hiccup meter in its JVM: what stops the process stops the meter too, and
 * shows in its stall log. Ends when the server ends.
 */
public final class WatchedServer {

  private WatchedServer() {}

  /**
   * Runs it.
   *
   * @param arguments the meter's {@code .hlog} and its stall log, then the server's own
   */
  public static void main(String[] arguments) throws IOException {
    meter(Path.of(arguments[0]), Path.of(arguments[1]));
    ServerMain.main(Arrays.copyOfRange(arguments, 2, arguments.length));
  }

  /** Starts a meter that ends when this JVM does. */
  static void meter(Path hlog, Path stalls) throws IOException {
    HiccupMeter meter = HiccupMeter.start(hlog, stalls);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(meter), "stop-hiccup-meter"));
  }

  private static void stop(HiccupMeter meter) {
    try {
      meter.close();
    } catch (IOException e) {
      System.err.println("the server's hiccup meter: " + e);
    }
  }
}
