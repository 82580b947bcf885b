package io.millrace.reports.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Turns the records of a harness into series of figures. A record's {@code measured} is a tree of
 * the harness's own, so figures are known by their paths: numbers at one path are one series, and
 * elements of an array are told apart by the words in them, such as the side that was measured.
 */
public final class BenchReader {
  /** What is no figure: the warm-up is thrown away, the rest numbers or sums up others. */
  private static final Set<String> SKIPPED = Set.of("warmUp", "pair", "round", "ok", "other");

  private static final String OF_PAIRS = "ofPairs";
  private static final String BYTES_AN_OPERATION = "gc.alloc.rate.norm";
  private static final List<String> LOWER_ENDINGS =
      List.of("Us", "Ms", "MiB", "Bytes", "Seconds", "seconds", "nanosPerOperation");

  private final Map<String, List<Double>> values = new LinkedHashMap<>();
  private final Map<String, Better> better = new LinkedHashMap<>();
  private final List<Side.Bar> bars = new ArrayList<>();

  /** Created by {@link #read}. */
  private BenchReader() {}

  /** Whether a JSON document is the record of a harness. */
  public static boolean isRecord(JsonNode json) {
    return json.path("bench").isString() && json.has("measured");
  }

  /**
   * Reads the records of one side.
   *
   * @param name as the user named it
   * @param records as {@link #isRecord} knows them
   */
  public static Side.Benches read(String name, List<JsonNode> records) {
    BenchReader reader = new BenchReader();
    for (JsonNode record : records) {
      reader.take(record);
    }
    List<Side.Series> series = new ArrayList<>();
    reader.values.forEach(
        (path, values) -> {
          Better direction = reader.better.getOrDefault(path, Better.UNKNOWN);
          boolean steady =
              direction != Better.UNKNOWN
                  && (path.endsWith(OF_PAIRS) || path.endsWith(BYTES_AN_OPERATION));
          series.add(new Side.Series(path, direction, steady, values));
        });
    return new Side.Benches(name, series, reader.bars);
  }

  private void take(JsonNode record) {
    for (JsonNode bar : record.path("bars")) {
      bars.add(
          new Side.Bar(
              bar.path("name").asString(),
              bar.path("outcome").asString(),
              bar.path("measured").asDouble(),
              bar.path("bar").asDouble()));
    }
    walk(record.path("bench").asString(), "", record.path("measured"), record.path("bars"));
  }

  private void walk(String path, String field, JsonNode node, JsonNode asked) {
    if (SKIPPED.contains(field)) {
      return;
    }
    if (node.isObject() && node.has(OF_PAIRS)) {
      String ratio = path + " " + OF_PAIRS;
      node.path(OF_PAIRS).forEach(each -> add(ratio, each.asDouble()));
      better.put(ratio, asBarred(node, asked));
    } else if (node.isObject()) {
      node.properties()
          .forEach(each -> walk(path + " " + each.getKey(), each.getKey(), each.getValue(), asked));
    } else if (node.isArray()) {
      node.forEach(each -> walk(path + words(each), field, each, asked));
    } else if (node.isNumber()) {
      add(path, node.asDouble());
      better.put(path, direction(field));
    }
  }

  private void add(String path, double value) {
    values.computeIfAbsent(path, unseen -> new ArrayList<>()).add(value);
  }

  /** The words in an element, which tell it from its neighbours. */
  private static String words(JsonNode element) {
    return element.properties().stream()
        .filter(each -> each.getValue().isString())
        .map(each -> " " + each.getValue().asString())
        .collect(Collectors.joining());
  }

  /** A ratio is a rate or a cost; the bar asked of it, or of an end of its interval, says which. */
  private static Better asBarred(JsonNode ratio, JsonNode asked) {
    for (JsonNode bar : asked) {
      double measured = bar.path("measured").asDouble();
      if (Stream.of("median", "low", "high")
          .anyMatch(of -> ratio.path(of).asDouble(Double.NaN) == measured)) {
        return bar.path("atLeast").asBoolean() ? Better.HIGHER : Better.LOWER;
      }
    }
    return Better.UNKNOWN;
  }

  private static Better direction(String field) {
    if (field.endsWith("PerSecond") || field.equals("perSecond")) {
      return Better.HIGHER;
    }
    return field.equals(BYTES_AN_OPERATION) || LOWER_ENDINGS.stream().anyMatch(field::endsWith)
        ? Better.LOWER
        : Better.UNKNOWN;
  }
}
