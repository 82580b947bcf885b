package io.millrace.reports;

import io.millrace.reports.page.PublishedPage;
import io.millrace.reports.page.ReportPage;
import io.millrace.reports.platform.ForceGate;
import io.millrace.reports.platform.HiccupMeter;
import io.millrace.reports.record.HistogramLog;
import io.millrace.reports.record.Idle;
import io.millrace.reports.record.LatencyLog;
import io.millrace.reports.record.LatencySummary;
import io.millrace.reports.record.PhaseWindow;
import io.millrace.reports.record.Platform;
import io.millrace.reports.record.RunRecord;
import io.millrace.reports.record.RunRecordJson;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import tools.jackson.databind.JsonNode;

/**
 * The files of one run. A run writes its record and its raw histograms here; the page is made from
 * nothing else, now or years later.
 *
 * <pre>
 * report.json           the run record
 * plan.json             its plan alone
 * environment.json      its environment alone
 * report.html           the page, one self-contained file
 * latency.hlog          publish, receive and end-to-end, a line for each phase and second
 * control-hiccup.hlog   the noise of the machine: a sleeper in a JVM of its own
 * hiccup.hlog           the same sleeper in the lab's JVM
 * force.hlog            write and force of 1 KiB on the queue's own file system
 * send-delay.hlog       how late each send left, steady phase
 * idle-before, -after   folders: the three meters, while no service ran
 * MANIFEST.sha256       the hash of each of them but the page
 * </pre>
 *
 * @param path the directory; exists
 */
public record RunDirectory(Path path) implements Bundle {
  private static final String RECORD = "report.json";
  private static final String PLAN = "plan.json";
  private static final String ENVIRONMENT = "environment.json";
  private static final String RAW_SUFFIX = ".hlog";
  private static final String IDLE_PREFIX = "idle-";

  /** The record's fields that are computed again. */
  private static final List<String> RECOMPUTED =
      List.of(
          "verdict",
          "verdictReasons",
          "latencyVerdict",
          "latencyReason",
          "latencyChecks",
          "latencyMs",
          "phases",
          "platform",
          "timeline");

  /** The tag of its one line. */
  private static final String SEND_DELAY = "sendDelay";

  /** Creates a run's directory, parents included; an existing one is used as it is. */
  public static RunDirectory create(Path path) throws IOException {
    return new RunDirectory(Files.createDirectories(path));
  }

  /** The run record. */
  public Path recordFile() {
    return path.resolve(RECORD);
  }

  /** The page. */
  @Override
  public Path pageFile() {
    return Bundle.super.pageFile();
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

  /** How late the sends left, written by {@link #platform}. */
  Path sendDelayLog() {
    return path.resolve("send-delay" + RAW_SUFFIX);
  }

  /**
   * Keeps the send delay as a log of its own, and sums up the meters' logs over the steady phase; a
   * meter without a log has measured nothing.
   *
   * @param windows the stretches of the run that are not steady
   * @param startEpochMs the run's start, milliseconds since the epoch
   * @param sendDelay how late each send left, intended to actual, in nanoseconds
   */
  public Platform platform(List<PhaseWindow> windows, long startEpochMs, Histogram sendDelay)
      throws IOException {
    try (HistogramLog log = HistogramLog.create(sendDelayLog(), startEpochMs)) {
      log.append(SEND_DELAY, startEpochMs, startEpochMs + 1_000, sendDelay);
    }
    return platform(windows, startEpochMs, LatencySummary.from(sendDelay));
  }

  private Platform platform(List<PhaseWindow> windows, long startEpochMs, LatencySummary sendDelay)
      throws IOException {
    return new Platform(
        LatencySummary.from(steady(controlHiccupLog(), HiccupMeter.TAG, windows, startEpochMs)),
        LatencySummary.from(steady(hiccupLog(), HiccupMeter.TAG, windows, startEpochMs)),
        LatencySummary.from(steady(forceLog(), ForceGate.TAG, windows, startEpochMs)),
        sendDelay,
        "",
        List.of());
  }

  /** Where the meters' logs go while the machine is metered by itself; created. */
  public RunDirectory idle(String when) throws IOException {
    return create(path.resolve(IDLE_PREFIX + when));
  }

  /**
   * Sums the meters' logs of this directory up as of a machine by itself.
   *
   * @param seconds how long it was metered
   * @param sloMs the limit that the platform may take a share of
   */
  public Idle idle(int seconds, double sloMs) throws IOException {
    return Idle.of(
        String.valueOf(path.getFileName()),
        seconds,
        LatencySummary.from(steady(controlHiccupLog(), HiccupMeter.TAG, List.of(), 0)),
        LatencySummary.from(steady(forceLog(), ForceGate.TAG, List.of(), 0)),
        sloMs);
  }

  /**
   * Writes the record, then the page made from it and the raw histograms that are there, then the
   * manifest.
   *
   * @throws IOException if one of them cannot be written
   */
  public void write(RunRecord record) throws IOException {
    RunRecordJson.write(record, recordFile());
    Files.writeString(path.resolve(PLAN), RunRecordJson.partToJson(record.plan()));
    Files.writeString(path.resolve(ENVIRONMENT), RunRecordJson.partToJson(record.environment()));
    Files.writeString(pageFile(), page(record));
    Manifest.of(path, sources()).write(manifestFile());
  }

  @Override
  public List<String> render() throws IOException {
    RunRecord record = record();
    Files.writeString(pageFile(), page(record));
    return SummaryText.lines(record, this);
  }

  @Override
  public String page() throws IOException {
    return page(record());
  }

  /**
   * What the record's figures come to when they are computed again from the raw histograms; those
   * of a log that is not there are taken from the record.
   *
   * @throws IOException if a log cannot be read
   */
  private RunRecord recomputed(RunRecord record) throws IOException {
    long startEpochMs = record.started().toEpochMilli();
    LatencySummary sendDelay =
        Files.exists(sendDelayLog())
            ? LatencySummary.from(
                HistogramLog.merge(sendDelayLog(), interval -> true)
                    .getOrDefault(SEND_DELAY, LatencyLog.newHistogram()))
            : record.platform().sendDelayMs();
    return record.recomputed(
        LatencyLog.read(latencyLog(), record.windows(), startEpochMs),
        platform(record.windows(), startEpochMs, sendDelay)
            .withGenerator(record.platform().generator())
            .withIdle(idleAgain(record)));
  }

  /** A folder of raw histograms lies below the run's, whatever its record says. */
  private List<Idle> idleAgain(RunRecord record) throws IOException {
    List<Idle> again = new ArrayList<>();
    for (Idle idle : record.platform().idle()) {
      RunDirectory files = new RunDirectory(path.resolve(Path.of(idle.directory()).getFileName()));
      again.add(files.idle(idle.seconds(), record.plan().sloMs()));
    }
    return again;
  }

  /**
   * Both verdicts, the latencies, the platform's noise, and of the counts those that the raw data
   * or the timeline can tell. The history of the operations, from which the rest comes, is not part
   * of a bundle.
   */
  @Override
  public Recomputation recompute() throws IOException {
    Recomputation again = new Recomputation();
    RunRecord record = record();
    if (!Files.exists(latencyLog())) {
      again.missing("latency.hlog is missing, so no latency can be computed again");
      return again;
    }
    JsonNode recorded = RunRecordJson.tree(record);
    JsonNode computed = RunRecordJson.tree(recomputed(record));
    for (String field : RECOMPUTED) {
      again.tree(field, recorded.path(field), computed.path(field));
    }
    CountsAgain.of(record, LatencyLog.read(latencyLog(), record.windows(), startOf(record)), again);
    return again;
  }

  private static long startOf(RunRecord record) {
    return record.started().toEpochMilli();
  }

  @Override
  public PublishedPage.Published listed(String directory) throws IOException {
    return ReportPage.listed(directory, record());
  }

  @Override
  public String defaultName() throws IOException {
    RunRecord record = record();
    return Bundle.named(record.started(), record.plan().durability());
  }

  private RunRecord record() throws IOException {
    return RunRecordJson.read(recordFile());
  }

  /** The page of a record and the raw histograms that are there. */
  private String page(RunRecord record) throws IOException {
    long startEpochMs = record.started().toEpochMilli();
    LatencyLog latencies =
        Files.exists(latencyLog())
            ? LatencyLog.read(latencyLog(), record.windows(), startEpochMs)
            : new LatencyLog(record.windows());
    Histogram controlHiccup =
        steady(controlHiccupLog(), HiccupMeter.TAG, record.windows(), startEpochMs);
    return ReportPage.render(
        record, latencies, controlHiccup, MeterStalls.of(this, record), sources());
  }

  /** The record stands first. */
  @Override
  public List<String> sources() throws IOException {
    try (Stream<Path> files = Files.walk(path, 2)) {
      List<String> raw =
          files
              .map(file -> path.relativize(file).toString())
              .filter(name -> name.endsWith(RAW_SUFFIX))
              .filter(name -> !name.contains(File.separator) || name.startsWith(IDLE_PREFIX))
              .sorted()
              .toList();
      return Stream.concat(
              Stream.of(RECORD, PLAN, ENVIRONMENT).filter(name -> Files.exists(path.resolve(name))),
              raw.stream())
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
