package io.millrace.reports;

import io.millrace.reports.compare.PairedRatio;
import io.millrace.reports.page.HarnessPage;
import io.millrace.reports.page.PublishedPage;
import io.millrace.reports.record.HarnessRecord;
import io.millrace.reports.record.HarnessRecord.NamedRatio;
import io.millrace.reports.record.Turns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The record of one harness, and its page.
 *
 * <pre>
 * NAME.json          the record, which holds every window that was measured
 * report.html        the page
 * MANIFEST.sha256    the record's hash
 * </pre>
 *
 * @param path the directory; exists
 */
public record HarnessDirectory(Path path) implements Bundle {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String JSON = ".json";

  /** The harness records that lie here; one is a bundle, several have to be published by name. */
  List<Path> recordFiles() throws IOException {
    List<Path> records = new ArrayList<>();
    try (Stream<Path> files = Files.list(path)) {
      for (Path file : files.filter(each -> Bundle.nameOf(each).endsWith(JSON)).sorted().toList()) {
        if (isRecord(file)) {
          records.add(file);
        }
      }
    }
    return records;
  }

  private static boolean isRecord(Path file) throws IOException {
    try {
      return Files.isRegularFile(file) && HarnessRecord.is(MAPPER.readTree(Files.readString(file)));
    } catch (JacksonException e) {
      return false; // not JSON, so another program's file
    }
  }

  @Override
  public List<String> sources() throws IOException {
    return List.of(Bundle.nameOf(recordFile()));
  }

  @Override
  public String page() throws IOException {
    return HarnessPage.render(record(), sources());
  }

  /** The ratios with their intervals, the windows' medians, and how the bars stand. */
  @Override
  public Recomputation recompute() throws IOException {
    Recomputation again = new Recomputation();
    HarnessRecord record = record();
    for (NamedRatio named : record.ratios()) {
      RatioAgain.of(named.name(), named.ratio(), again);
    }
    record.turns().ifPresent(turns -> turns(turns, again));
    record.bars().forEach(bar -> RatioAgain.bar(bar, again));
    again.cannot(
        "the figures of each window: a harness keeps what it counted in a window, not its single"
            + " operations");
    return again;
  }

  /** Each round's ratios, from its windows, and each server's rate. */
  private static void turns(Turns turns, Recomputation again) {
    for (Turns.RoundRatio ratio : turns.ratios()) {
      List<Double> recorded = ratio.ratio().ofPairs();
      again.figures(
          recorded.size(),
          ratio.name() + " by round",
          recorded,
          turns.rounds().stream().flatMap(round -> round.ratio(ratio).stream()).toList());
    }
    for (Turns.Side side : turns.sides()) {
      again.figure(
          side.name() + ", messages a second",
          side.perSecondMedian(),
          PairedRatio.median(
              turns.windows().stream()
                  .filter(window -> window.side().equals(side.name()))
                  .mapToDouble(Turns.Window::perSecond)
                  .toArray()));
    }
  }

  @Override
  public PublishedPage.Published listed(String directory) throws IOException {
    return HarnessPage.listed(directory, record(), sources());
  }

  @Override
  public String defaultName() throws IOException {
    HarnessRecord record = record();
    return Bundle.named(record.startedAt(), record.bench());
  }

  private HarnessRecord record() throws IOException {
    return HarnessRecord.read(recordFile());
  }

  private Path recordFile() throws IOException {
    List<Path> records = recordFiles();
    if (records.size() != 1) {
      throw new IOException(
          path
              + " holds "
              + records.size()
              + " records of harnesses, and a page is of one: report publish takes its file");
    }
    return records.get(0);
  }
}
