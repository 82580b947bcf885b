package io.millrace.reports;

import io.millrace.reports.page.LoadPage;
import io.millrace.reports.page.PublishedPage;
import io.millrace.reports.platform.HiccupMeter;
import io.millrace.reports.record.HistogramLog;
import io.millrace.reports.record.Idle;
import io.millrace.reports.record.Kind;
import io.millrace.reports.record.LatencyLog;
import io.millrace.reports.record.LatencySummary;
import io.millrace.reports.record.LatencyVerdict;
import io.millrace.reports.record.LoadRecord;
import io.millrace.reports.record.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * The files of one load run.
 *
 * <pre>
 * load-NAME.json     the record
 * plan.json          its plan, written before the first leg
 * LEG/*.hlog         raw latencies and meters of each leg, as in a {@link RunDirectory}
 * report.html        the page
 * MANIFEST.sha256    the hash of each of them but the page
 * </pre>
 *
 * @param path the directory; exists
 */
public record LoadDirectory(Path path) implements Bundle {
  private static final String PLAN = "plan.json";
  private static final String RAW_SUFFIX = ".hlog";

  /**
   * Writes the page of a load run that is over, and the manifest.
   *
   * @throws IOException if the record is not there or cannot be read, or a file cannot be written
   */
  @Override
  public void finish() throws IOException {
    Bundle.super.finish();
  }

  /** The legs that have a page of their own. */
  @Override
  public List<Bundle> parts() throws IOException {
    List<Bundle> parts = new ArrayList<>();
    for (LoadRecord.Leg leg : record().measured().legs()) {
      RunDirectory files = raw(leg);
      if (Files.isRegularFile(files.recordFile())) {
        parts.add(files);
      }
    }
    return parts;
  }

  /** The record's file; empty where there is none. */
  Optional<Path> recordFile() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files
          .filter(file -> Bundle.nameOf(file).startsWith(LoadRecord.PREFIX))
          .filter(file -> Bundle.nameOf(file).endsWith(".json"))
          .sorted()
          .findFirst();
    }
  }

  @Override
  public String page() throws IOException {
    LoadRecord record = record();
    List<LoadPage.RawLeg> legs = new ArrayList<>();
    for (LoadRecord.Leg leg : record.measured().legs()) {
      RunDirectory files = raw(leg);
      SortedMap<String, Histogram> raw = merged(files.latencyLog());
      legs.add(
          new LoadPage.RawLeg(
              leg,
              of(raw, Kind.PUBLISH),
              of(raw, Kind.SERVICE),
              of(raw, Kind.END_TO_END),
              histogram(files.controlHiccupLog(), HiccupMeter.TAG)));
    }
    Set<String> pages = new HashSet<>();
    for (Bundle part : parts()) {
      pages.add(Bundle.nameOf(part.path()));
    }
    return LoadPage.render(record, legs, sources(), pages);
  }

  @Override
  public List<String> sources() throws IOException {
    List<String> sources = new ArrayList<>();
    recordFile().ifPresent(file -> sources.add(Bundle.nameOf(file)));
    if (Files.exists(path.resolve(PLAN))) {
      sources.add(PLAN);
    }
    try (Stream<Path> files = Files.walk(path, 2)) {
      files
          .filter(file -> Bundle.nameOf(file).endsWith(RAW_SUFFIX))
          .map(file -> path.relativize(file).toString())
          .sorted()
          .forEach(sources::add);
    }
    return sources;
  }

  /**
   * The latencies of each leg, the counts that they tell and the verdict on them, from its raw
   * histograms; the ratios' pairs from their legs, their intervals from the pairs; how the bars
   * stand.
   */
  @Override
  public Recomputation recompute() throws IOException {
    Recomputation again = new Recomputation();
    LoadRecord record = record();
    for (LoadRecord.Leg leg : record.measured().legs()) {
      Path file = raw(leg).latencyLog();
      if (!Files.exists(file)) {
        again.missing(leg.directory() + " has no raw latencies to compute from");
        continue;
      }
      SortedMap<String, Histogram> raw = HistogramLog.merge(file, interval -> true);
      for (Kind kind : Kind.values()) {
        again.figures(
            LatencySummary.FIGURES,
            leg.directory() + ": " + kind.words(),
            leg.latencies().of(kind),
            LatencySummary.from(of(raw, kind)));
      }
      again.figure(
          leg.directory() + ": acknowledged",
          leg.counts().acked(),
          of(raw, Kind.PUBLISH).getTotalCount());
      again.figure(
          leg.directory() + ": received",
          leg.counts().received(),
          of(raw, Kind.END_TO_END).getTotalCount());
      if (leg.verdict().isPresent()) {
        again.figure(
            leg.directory() + ": verdict",
            leg.verdict().get(),
            judged(leg, raw, record.plan().workload().sloMs()));
      }
    }
    for (Idle idle : record.measured().idle()) {
      RunDirectory files = new RunDirectory(path.resolve(Path.of(idle.directory()).getFileName()));
      again.figures(
          2 * LatencySummary.FIGURES + 1,
          idle.directory(),
          idle,
          files.idle(idle.seconds(), record.plan().workload().sloMs()));
    }
    for (LoadRecord.Comparison each : record.measured().comparisons()) {
      String name = each.kind().words() + " at " + each.step().rate() + "/s";
      RatioAgain.of(name, each.ratio(), again);
      RatioAgain.pairs(name, each, record.measured().legs(), again);
    }
    record.bars().forEach(bar -> RatioAgain.bar(bar, again));
    again.cannot(
        "lost, duplicates, failed operations and the causes of what was over the limit: the single"
            + " messages and the recordings that tell them are not part of a bundle");
    return again;
  }

  private static LatencyVerdict judged(
      LoadRecord.Leg leg, SortedMap<String, Histogram> raw, double sloMs) {
    return LatencyVerdict.judge(
        sloMs,
        Kind.JUDGED.stream()
            .map(kind -> LatencyVerdict.Measured.from(kind, of(raw, kind), sloMs))
            .map(measured -> measured.explainedBy(leg.misses()))
            .toList(),
        leg.platform().controlHiccupMs());
  }

  private static Histogram of(SortedMap<String, Histogram> raw, Kind kind) {
    return raw.getOrDefault(LatencyLog.tag(kind, Phase.STEADY), LatencyLog.newHistogram());
  }

  @Override
  public PublishedPage.Published listed(String directory) throws IOException {
    return LoadPage.listed(directory, record(), sources());
  }

  @Override
  public String defaultName() throws IOException {
    LoadRecord record = record();
    return Bundle.named(record.startedAt(), record.bench());
  }

  private LoadRecord record() throws IOException {
    return LoadRecord.read(
        recordFile().orElseThrow(() -> new IOException(path + " holds no load-NAME.json")));
  }

  /** A leg's folder lies below the run's, whatever its record says. */
  private RunDirectory raw(LoadRecord.Leg leg) {
    return new RunDirectory(path.resolve(Path.of(leg.directory()).getFileName()));
  }

  private static Histogram histogram(Path file, String tag) throws IOException {
    return merged(file).getOrDefault(tag, LatencyLog.newHistogram());
  }

  /** A log's histograms by their tags; none where there is no log. */
  private static SortedMap<String, Histogram> merged(Path file) throws IOException {
    return Files.exists(file) ? HistogramLog.merge(file, interval -> true) : new TreeMap<>();
  }
}
