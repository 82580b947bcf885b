package io.millrace.chaos.attribution;

import io.millrace.reports.RunDirectory;
import io.millrace.reports.record.Idle;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The machine by itself: the meters that run beside a load, while no service and no load does. What
 * they see then is nobody's but the platform's, so it tells whether the machine was fit to be
 * measured on before the load, and still was after it.
 */
public final class IdleMachine {

  private IdleMachine() {}

  /**
   * Meters it.
   *
   * @param files for the meters' logs
   * @param disk a folder on the file system to force on
   * @param seconds how long, 1 or more
   * @param sloMs the limit that the platform may take a share of
   */
  public static Idle meter(RunDirectory files, Path disk, int seconds, double sloMs)
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
    return files.idle(seconds, sloMs);
  }
}
