package io.millrace.dashboards;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The recording rules and alerts, read from their files. */
final class Rules {

  static final Path FOLDER = Path.of("prometheus", "rules");

  private Rules() {}

  /**
   * One rule.
   *
   * @param name of the alert or of the recorded metric
   * @param texts labels and annotations of an alert; empty for a recording rule
   */
  record Rule(String name, boolean isAlert, String expression, Map<String, String> texts) {}

  static List<Rule> all() throws IOException {
    List<Rule> rules = new ArrayList<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.sorted().toList()) {
        for (Map<?, ?> group : maps(yaml(file), "groups")) {
          for (Map<?, ?> rule : maps(group, "rules")) {
            boolean isAlert = rule.containsKey("alert");
            rules.add(
                new Rule(
                    String.valueOf(rule.get(isAlert ? "alert" : "record")),
                    isAlert,
                    String.valueOf(rule.get("expr")),
                    texts(rule)));
          }
        }
      }
    }
    return rules;
  }

  static List<Rule> alerts() throws IOException {
    return all().stream().filter(Rule::isAlert).toList();
  }

  static Map<?, ?> yaml(Path file) throws IOException {
    return (Map<?, ?>)
        new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
  }

  /** The maps of a list that must be there. */
  static List<Map<?, ?>> maps(Map<?, ?> owner, String key) {
    List<Map<?, ?>> maps = new ArrayList<>();
    for (Object element : (List<?>) Objects.requireNonNull(owner.get(key), key)) {
      maps.add((Map<?, ?>) element);
    }
    return maps;
  }

  private static Map<String, String> texts(Map<?, ?> rule) {
    Map<String, String> texts = new TreeMap<>();
    for (String part : List.of("labels", "annotations")) {
      if (rule.get(part) instanceof Map<?, ?> map) {
        map.forEach((key, value) -> texts.put(String.valueOf(key), String.valueOf(value)));
      }
    }
    return texts;
  }
}
