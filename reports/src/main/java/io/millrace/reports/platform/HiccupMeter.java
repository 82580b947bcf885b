package io.millrace.reports.platform;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * How late a thread of this JVM wakes that asked to sleep one millisecond: garbage collection,
 * safepoints, a busy processor and a stolen one all show here. What it measures is time asleep
 * beyond the millisecond, the kernel's timer slack (about 0.06 ms) included, after jHiccup.
 *
 * <p>The lines of its log carry the tag {@value #TAG}.
 */
public final class HiccupMeter implements Closeable {
  /** The tag in the log. */
  public static final String TAG = "hiccup";

  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final MeterThread thread;

  private HiccupMeter(MeterThread thread) {
    this.thread = thread;
  }

  /**
   * Starts a meter on its own thread.
   *
   * @param hlog the log to create, replacing an older one; readable after {@link #close}
   * @throws IOException if it cannot be created
   */
  public static HiccupMeter start(Path hlog) throws IOException {
    return new HiccupMeter(MeterThread.start(TAG, PERIOD_NANOS, HiccupMeter::hiccupNanos, hlog));
  }

  /**
   * Stops the meter and completes its log.
   *
   * @throws IOException if the log could not be written while it ran
   */
  @Override
  public void close() throws IOException {
    thread.stop();
  }

  private static long hiccupNanos() {
    long before = System.nanoTime();
    LockSupport.parkNanos(PERIOD_NANOS);
    return Math.max(0, System.nanoTime() - before - PERIOD_NANOS);
  }
}
