package io.millrace.reports;

import io.millrace.reports.page.ReportPage;
import io.millrace.reports.platform.ForceGate;
import io.millrace.reports.platform.HiccupMeter;
import io.millrace.reports.record.HistogramLog;
import io.millrace.reports.record.LatencyLog;
import io.millrace.reports.record.LatencySummary;
import io.millrace.reports.record.PhaseWindow;
import io.millrace.reports.record.Platform;
import io.millrace.reports.record.RunRecord;
import io.millrace.reports.record.RunRecordJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * The files of one run. A run writes its record and its raw histograms here; the page is made from
 * nothing else, now or years later.
 *
 * <pre>
 * report.json           the run record
 * report.html           the page, one self-contained file
 * latency.hlog          publish, receive and end-to-end, a line for each phase and second
 * control-hiccup.hlog   the noise of the machine: a sleeper in a JVM of its own
 * hiccup.hlog           the same sleeper in the lab's JVM
 * force.hlog            write and force of 1 KiB on the queue's own file system
 * </pre>
 *
 * @param path the directory; exists
 */
public record RunDirectory(Path path) {
  private static final String RECORD = "report.json";
  private static final String PAGE = "report.html";
  private static final String RAW_SUFFIX = ".hlog";

  /** Creates a run's directory, parents included; an existing one is used as it is. */
  public static RunDirectory create(Path path) throws IOException {
    return new RunDirectory(Files.createDirectories(path));
  }

  /** The run record. */
  public Path recordFile() {
    return path.resolve(RECORD);
  }

  /** The page. */
  public Path pageFile() {
    return path.resolve(PAGE);
  }

  /** The raw latencies, for {@link LatencyLog#write}. */
  public Path latencyLog() {
    return path.resolve("latency" + RAW_SUFFIX);
  }

  /** The control meter's log, for {@link io.millrace.reports.platform.ControlHiccup#start}. */
  public Path controlHiccupLog() {
    return path.resolve("control-hiccup" + RAW_SUFFIX);
  }

  /** The in-process meter's log, for {@link HiccupMeter#start}. */
  public Path hiccupLog() {
    return path.resolve("hiccup" + RAW_SUFFIX);
  }

  /** The force gate's log, for {@link ForceGate#start}. */
  public Path forceLog() {
    return path.resolve("force" + RAW_SUFFIX);
  }

  /**
   * Sums up the meters' logs over the steady phase; a meter without a log has measured nothing.
   *
   * @param windows the stretches of the run that are not steady
   * @param startEpochMs the run's start, milliseconds since the epoch
   * @param sendDelay how late each send left, intended to actual, in nanoseconds
   */
  public Platform platform(List<PhaseWindow> windows, long startEpochMs, Histogram sendDelay)
      throws IOException {
    return new Platform(
        LatencySummary.from(steady(controlHiccupLog(), HiccupMeter.TAG, windows, startEpochMs)),
        LatencySummary.from(steady(hiccupLog(), HiccupMeter.TAG, windows, startEpochMs)),
        LatencySummary.from(steady(forceLog(), ForceGate.TAG, windows, startEpochMs)),
        LatencySummary.from(sendDelay));
  }

  /**
   * Writes the record, then the page made from it and the raw histograms that are there.
   *
   * @throws IOException if either cannot be written
   */
  public void write(RunRecord record) throws IOException {
    RunRecordJson.write(record, recordFile());
    render();
  }

  /**
   * Makes the page again from the record and the raw histograms.
   *
   * @return the record it was made from
   * @throws IOException if the record cannot be read or the page cannot be written
   */
  public RunRecord render() throws IOException {
    RunRecord record = RunRecordJson.read(recordFile());
    long startEpochMs = record.started().toEpochMilli();
    SortedMap<String, Histogram> latencies = new TreeMap<>();
    if (Files.exists(latencyLog())) {
      latencies.putAll(HistogramLog.merge(latencyLog(), interval -> true));
    }
    Histogram controlHiccup =
        steady(controlHiccupLog(), HiccupMeter.TAG, record.windows(), startEpochMs);
    Files.writeString(
        pageFile(),
        ReportPage.render(
            record, latencies, controlHiccup, MeterStalls.of(this, record), rawFiles()));
    return record;
  }

  /** The names of the raw files that are there, the record first. */
  private List<String> rawFiles() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return Stream.concat(
              Stream.of(RECORD),
              files
                  .map(file -> String.valueOf(file.getFileName()))
                  .filter(name -> name.endsWith(RAW_SUFFIX))
                  .sorted())
          .toList();
    }
  }

  private static Histogram steady(
      Path file, String tag, List<PhaseWindow> windows, long startEpochMs) throws IOException {
    return Files.exists(file)
        ? HistogramLog.merge(file, HistogramLog.outside(windows, startEpochMs))
            .getOrDefault(tag, LatencyLog.newHistogram())
        : LatencyLog.newHistogram();
  }
}
