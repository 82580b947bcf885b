package io.millrace.reports;

import io.millrace.reports.page.LoadPage;
import io.millrace.reports.page.PublishedPage;
import io.millrace.reports.platform.HiccupMeter;
import io.millrace.reports.record.HistogramLog;
import io.millrace.reports.record.Kind;
import io.millrace.reports.record.LatencyLog;
import io.millrace.reports.record.LatencySummary;
import io.millrace.reports.record.LoadRecord;
import io.millrace.reports.record.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
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
  public void finish() throws IOException {
    render();
    Manifest.of(path, sources()).write(manifestFile());
  }

  /** The record's file; empty where there is none. */
  Optional<Path> recordFile() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files
          .filter(file -> nameOf(file).startsWith(LoadRecord.PREFIX))
          .filter(file -> nameOf(file).endsWith(".json"))
          .sorted()
          .findFirst();
    }
  }

  @Override
  public List<String> render() throws IOException {
    Files.writeString(pageFile(), page());
    return List.of(pageFile().toAbsolutePath().normalize().toUri().toString());
  }

  @Override
  public String page() throws IOException {
    LoadRecord record = record();
    List<LoadPage.RawLeg> legs = new ArrayList<>();
    for (LoadRecord.Leg leg : record.measured().legs()) {
      RunDirectory files = raw(leg);
      legs.add(
          new LoadPage.RawLeg(
              leg,
              histogram(files.latencyLog(), LatencyLog.tag(Kind.PUBLISH, Phase.STEADY)),
              histogram(files.latencyLog(), LatencyLog.tag(Kind.SERVICE, Phase.STEADY)),
              histogram(files.latencyLog(), LatencyLog.tag(Kind.END_TO_END, Phase.STEADY)),
              histogram(files.controlHiccupLog(), HiccupMeter.TAG)));
    }
    return LoadPage.render(record, legs, sources());
  }

  @Override
  public List<String> sources() throws IOException {
    List<String> sources = new ArrayList<>();
    recordFile().ifPresent(file -> sources.add(nameOf(file)));
    if (Files.exists(path.resolve(PLAN))) {
      sources.add(PLAN);
    }
    try (Stream<Path> files = Files.walk(path, 2)) {
      files
          .filter(file -> nameOf(file).endsWith(RAW_SUFFIX))
          .map(file -> path.relativize(file).toString())
          .sorted()
          .forEach(sources::add);
    }
    return sources;
  }

  /** The latencies of each leg, from its raw histograms. */
  @Override
  public long recompute(List<String> differences) throws IOException {
    long figures = 0;
    for (LoadRecord.Leg leg : record().measured().legs()) {
      Path file = raw(leg).latencyLog();
      if (!Files.exists(file)) {
        differences.add(leg.directory() + " has no raw latencies to compute from");
        continue;
      }
      SortedMap<String, Histogram> raw = HistogramLog.merge(file, interval -> true);
      for (Kind kind : Kind.values()) {
        LatencySummary recorded = leg.latencies().of(kind);
        LatencySummary computed =
            LatencySummary.from(
                raw.getOrDefault(LatencyLog.tag(kind, Phase.STEADY), LatencyLog.newHistogram()));
        figures += LatencySummary.FIGURES;
        if (!recorded.equals(computed)) {
          differences.add(
              leg.directory()
                  + ": "
                  + kind.words()
                  + " is recorded as "
                  + recorded
                  + " and comes to "
                  + computed);
        }
      }
    }
    return figures;
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
    return Files.exists(file)
        ? HistogramLog.merge(file, interval -> true).getOrDefault(tag, LatencyLog.newHistogram())
        : LatencyLog.newHistogram();
  }

  private static String nameOf(Path file) {
    return String.valueOf(file.getFileName());
  }
}
