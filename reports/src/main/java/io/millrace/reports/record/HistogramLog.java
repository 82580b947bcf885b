package io.millrace.reports.record;

import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.HdrHistogram.HistogramLogWriter;

/**
 * A {@code .hlog} file being written: the raw histograms of a run in HdrHistogram's own log format
 * (version 1.3), one line for each tag and interval, which every HdrHistogram tool reads. Values
 * are nanoseconds; the log's maximum column is in milliseconds.
 *
 * <p>One thread at a time.
 */
public final class HistogramLog implements Closeable {
  private static final double NANOS_PER_MS = 1_000_000.0;

  private final PrintStream out;
  private final HistogramLogWriter writer;
  private final long startEpochMs;

  private HistogramLog(PrintStream out, long startEpochMs) {
    this.out = out;
    this.startEpochMs = startEpochMs;
    this.writer = new HistogramLogWriter(out);
  }

  /**
   * One line of a log.
   *
   * @param tag what was measured
   * @param fromEpochMs start of the interval, milliseconds since the epoch
   * @param toEpochMs end of the interval
   * @param histogram values in nanoseconds
   */
  public record Interval(String tag, long fromEpochMs, long toEpochMs, Histogram histogram) {}

  /**
   * Creates a log, replacing an older one.
   *
   * @param file where
   * @param startEpochMs the run's start, milliseconds since the epoch
   * @throws IOException if the file cannot be created
   */
  public static HistogramLog create(Path file, long startEpochMs) throws IOException {
    HistogramLog log =
        new HistogramLog(
            new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8),
            startEpochMs);
    log.writer.outputLogFormatVersion();
    log.writer.outputStartTime(startEpochMs);
    log.writer.outputBaseTime(startEpochMs);
    log.writer.outputLegend();
    return log;
  }

  /**
   * Appends one interval and hands it to the operating system.
   *
   * @param tag letters, digits, dots and dashes
   * @param fromEpochMs start of the interval, not before the log's start
   * @param toEpochMs end of the interval
   * @param histogram values in nanoseconds; read, not kept, but its tag is set
   * @throws IOException if it could not be written
   */
  public void append(String tag, long fromEpochMs, long toEpochMs, Histogram histogram)
      throws IOException {
    histogram.setTag(tag);
    writer.outputIntervalHistogram(
        (fromEpochMs - startEpochMs) / 1000.0,
        (toEpochMs - startEpochMs) / 1000.0,
        histogram,
        NANOS_PER_MS);
    // A PrintStream remembers a failure instead of throwing it.
    if (out.checkError()) {
      throw new IOException("the histogram log could not be written");
    }
  }

  @Override
  public void close() throws IOException {
    boolean failed = out.checkError();
    out.close();
    if (failed) {
      throw new IOException("the histogram log could not be written");
    }
  }

  /**
   * Reads every interval of a log, in the file's order.
   *
   * @throws IOException if the file cannot be read
   */
  public static List<Interval> read(Path file) throws IOException {
    List<Interval> intervals = new ArrayList<>();
    try (HistogramLogReader reader = new HistogramLogReader(Files.newInputStream(file))) {
      while (reader.hasNext()) {
        EncodableHistogram line = reader.nextIntervalHistogram();
        if (line instanceof Histogram histogram) {
          intervals.add(
              new Interval(
                  histogram.getTag() == null ? "" : histogram.getTag(),
                  histogram.getStartTimeStamp(),
                  histogram.getEndTimeStamp(),
                  histogram));
        }
      }
    }
    return intervals;
  }

  /**
   * Reads a log and merges the intervals that are wanted, by tag. Merging adds counts; percentiles
   * are never averaged.
   *
   * @param wanted such as one that keeps a time range
   * @throws IOException if the file cannot be read
   */
  public static SortedMap<String, Histogram> merge(Path file, Predicate<Interval> wanted)
      throws IOException {
    SortedMap<String, Histogram> merged = new TreeMap<>();
    for (Interval interval : read(file)) {
      if (wanted.test(interval)) {
        merged
            .computeIfAbsent(interval.tag(), tag -> LatencyLog.newHistogram())
            .add(interval.histogram());
      }
    }
    return merged;
  }

  /**
   * Keeps the intervals that touch none of some stretches of a run: with a run's windows, what is
   * left is the steady phase.
   *
   * @param windows the stretches to leave out, in milliseconds since the run's start
   * @param startEpochMs the run's start, milliseconds since the epoch; what came before is left out
   */
  public static Predicate<Interval> outside(List<PhaseWindow> windows, long startEpochMs) {
    return interval ->
        interval.fromEpochMs() >= startEpochMs
            && windows.stream()
                .allMatch(
                    window ->
                        interval.toEpochMs() <= startEpochMs + window.fromMs()
                            || interval.fromEpochMs() >= startEpochMs + window.toMs());
  }
}
