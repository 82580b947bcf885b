package io.millrace.reports.platform;

import io.millrace.reports.record.HistogramLog;
import io.millrace.reports.record.LatencyLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * The thread beneath a meter: it probes at a fixed period and streams one histogram a second to a
 * {@code .hlog}. The line is written between two probes, so it is never itself measured.
 */
final class MeterThread {
  private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** One measurement. */
  @FunctionalInterface
  interface Probe {
    /** Takes one sample, in nanoseconds, 0 or more. */
    long sampleNanos() throws IOException;
  }

  private final String tag;
  private final long periodNanos;
  private final Probe probe;
  private final HistogramLog log;
  private final Thread thread;

  /** Written by the closer, read by the meter's thread. */
  private volatile boolean stopped;

  /** The largest sample of the last whole interval; written by the meter's thread, read by any. */
  private volatile long worstNanos;

  /** Written by the meter's thread before it ends, read after joining it. */
  private Optional<IOException> failure = Optional.empty();

  private MeterThread(String tag, long periodNanos, Probe probe, HistogramLog log) {
    this.tag = tag;
    this.periodNanos = periodNanos;
    this.probe = probe;
    this.log = log;
    this.thread = new Thread(this::run, "millrace-meter-" + tag);
    this.thread.setDaemon(true);
  }

  /**
   * Starts a meter.
   *
   * @param tag of its lines in the log
   * @param periodNanos the interval at which samples are expected, for the correction
   * @param probe takes a sample and sleeps as it sees fit
   * @param file the {@code .hlog} to create
   * @throws IOException if the file cannot be created
   */
  static MeterThread start(String tag, long periodNanos, Probe probe, Path file)
      throws IOException {
    MeterThread meter =
        new MeterThread(
            tag, periodNanos, probe, HistogramLog.create(file, System.currentTimeMillis()));
    meter.thread.start();
    return meter;
  }

  /**
   * Stops the thread, waits for it and closes the log.
   *
   * @throws IOException if a probe or a line of the log failed while it ran
   */
  void stop() throws IOException {
    stopped = true;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    log.close();
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  /** The largest sample of the last whole second, in nanoseconds; 0 before the first. */
  long worstNanos() {
    return worstNanos;
  }

  private void run() {
    Histogram interval = LatencyLog.newHistogram();
    long startedEpochMs = System.currentTimeMillis();
    long startedNanos = System.nanoTime();
    try {
      while (!stopped) {
        long sample = probe.sampleNanos();
        if (!stopped) {
          interval.recordValueWithExpectedInterval(sample, periodNanos);
        }
        if (stopped || System.nanoTime() - startedNanos >= INTERVAL_NANOS) {
          long endedEpochMs = Math.max(startedEpochMs, System.currentTimeMillis());
          worstNanos = interval.getMaxValue();
          log.append(tag, startedEpochMs, endedEpochMs, interval);
          interval.reset();
          startedEpochMs = endedEpochMs;
          startedNanos = System.nanoTime();
        }
      }
    } catch (IOException e) {
      failure = Optional.of(e);
    }
  }
}
