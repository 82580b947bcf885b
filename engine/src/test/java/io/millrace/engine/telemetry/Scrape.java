package io.millrace.engine.telemetry;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One scrape in OpenMetrics text, taken apart.
 *
 * @param types by family
 * @param units by family, of those that have one
 * @param help by family
 * @param samples by name and labels as written, such as {@code x_total{queue="a"}}
 */
record Scrape(
    Map<String, String> types,
    Map<String, String> units,
    Map<String, String> help,
    Map<String, Double> samples) {

  /** Of the page that has single queues. */
  static Scrape of(Telemetry telemetry) {
    return of(telemetry.scrapePerQueue());
  }

  static Scrape of(MetricSnapshots scraped) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      OpenMetricsTextFormatWriter.create().write(text, scraped, EscapingScheme.UNDERSCORE_ESCAPING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return parse(text.toString(StandardCharsets.UTF_8));
  }

  static Scrape parse(String text) {
    Scrape scrape =
        new Scrape(
            new LinkedHashMap<>(),
            new LinkedHashMap<>(),
            new LinkedHashMap<>(),
            new LinkedHashMap<>());
    text.lines().forEach(scrape::line);
    return scrape;
  }

  private void line(String line) {
    if (line.startsWith("# ")) {
      String[] words = line.split(" ", 4);
      switch (words[1]) {
        case "TYPE" -> types.put(words[2], words[3]);
        case "UNIT" -> units.put(words[2], words[3]);
        case "HELP" -> help.put(words[2], words[3]);
        default -> {}
      }
      return;
    }
    // Label values may hold blanks; the sample's value follows the labels or the bare name.
    int nameEnd = line.indexOf('}') < 0 ? line.indexOf(' ') : line.lastIndexOf('}') + 1;
    Double before =
        samples.put(line.substring(0, nameEnd), Double.valueOf(line.substring(nameEnd).trim()));
    if (before != null) {
      throw new AssertionError("two samples of " + line.substring(0, nameEnd));
    }
  }

  /** The sample's value; an error if there is none. */
  double value(String sample) {
    Double value = samples.get(sample);
    if (value == null) {
      throw new AssertionError("no sample " + sample);
    }
    return value;
  }
}
