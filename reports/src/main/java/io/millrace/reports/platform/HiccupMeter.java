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
  private final Closeable stalls;

  private HiccupMeter(MeterThread thread, Closeable stalls) {
    this.thread = thread;
    this.stalls = stalls;
  }

  /**
   * Starts a meter on its own thread.
   *
   * @param hlog the log to create, replacing an older one; readable after {@link #close}
   * @throws IOException if it cannot be created
   */
  public static HiccupMeter start(Path hlog) throws IOException {
    return new HiccupMeter(
        MeterThread.start(TAG, PERIOD_NANOS, () -> hiccupNanos(System.nanoTime()), hlog), () -> {});
  }

  /**
   * Starts a meter that also notes the instant of each delay of a millisecond and more.
   *
   * @param stalls the log to create for them, see {@link StallLog}
   */
  public static HiccupMeter start(Path hlog, Path stalls) throws IOException {
    StallLog log = StallLog.create(stalls);
    try {
      return new HiccupMeter(MeterThread.start(TAG, PERIOD_NANOS, () -> noted(log), hlog), log);
    } catch (IOException e) {
      log.close();
      throw e;
    }
  }

  /** The worst of the last whole second, in nanoseconds; 0 before the first. Any thread. */
  public long worstNanos() {
    return thread.worstNanos();
  }

  /**
   * Stops the meter and completes its log.
   *
   * @throws IOException if the log could not be written while it ran
   */
  @Override
  public void close() throws IOException {
    try (stalls) {
      thread.stop();
    }
  }

  private static long noted(StallLog log) throws IOException {
    long before = System.nanoTime();
    long nanos = hiccupNanos(before);
    log.note(before + PERIOD_NANOS, nanos);
    return nanos;
  }

  private static long hiccupNanos(long before) {
    LockSupport.parkNanos(PERIOD_NANOS);
    return Math.max(0, System.nanoTime() - before - PERIOD_NANOS);
  }
}
