package io.millrace.reports;

import io.millrace.reports.record.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whether the numbers of a run's record stand in a text made of it. */
final class PageNumbers {
  private PageNumbers() {}

  /** The fields whose number does not stand in the text, with the number as it would read. */
  static List<String> missing(RunDirectory run, String text) throws IOException {
    JsonNode record = new JsonMapper().readTree(Files.readString(run.recordFile()));
    List<String> missing = new ArrayList<>();
    collect("", record, text, missing);
    return missing;
  }

  /** Looks for each number as its kind is formatted; the name of a field says its unit. */
  private static void collect(String path, JsonNode node, String text, List<String> missing) {
    if (node.isObject()) {
      node.properties()
          .forEach(child -> collect(path + "/" + child.getKey(), child.getValue(), text, missing));
    } else if (node.isArray()) {
      node.forEach(child -> collect(path + "[]", child, text, missing));
    } else if (node.isNumber() && !(path.endsWith("/max") && node.asDouble() == 0)) {
      String expected = formatted(path, node);
      if (!Pattern.compile("(?<![0-9.,])" + Pattern.quote(expected) + "(?![0-9])")
          .matcher(text)
          .find()) {
        missing.add(path + " = " + expected);
      }
    }
  }

  private static String formatted(String path, JsonNode node) {
    if (path.equals("/seed")) {
      return node.asString();
    }
    if (path.endsWith("Bytes")) {
      return Figures.bytes(node.asLong());
    }
    if (path.endsWith("/stealPercent")) {
      return Figures.percent(node.asDouble());
    }
    if (path.contains("/loadAverage")) {
      return Figures.decimal(node.asDouble());
    }
    if (path.startsWith("/windows")
        || path.endsWith("/killAtMs")
        || (path.startsWith("/faults") && path.endsWith("Ms"))) {
      return Figures.seconds(node.asLong());
    }
    if (path.endsWith("PerSecond")) {
      return Figures.rate(node.asDouble());
    }
    if (path.endsWith("/sloMs") || path.endsWith("/limitMs")) {
      return Figures.limit(node.asDouble());
    }
    return node.isIntegralNumber()
        ? Figures.count(node.asLong())
        : Figures.ms(OptionalDouble.of(node.asDouble()));
  }
}
