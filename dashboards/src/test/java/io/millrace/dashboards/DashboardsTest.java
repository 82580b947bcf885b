package io.millrace.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds the committed dashboards to the code that writes them and to good manners, most of them
 * rules of Grafana's own dashboard-linter.
 *
 * <p>To write the files anew: {@code ./mvnw -pl dashboards -am test -Dtest=DashboardsTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dmillrace.dashboards.write=true}
 */
class DashboardsTest {

  static final Path FOLDER = Path.of("grafana", "dashboards");

  /** The panels that come with every Grafana. */
  private static final Set<String> PANEL_TYPES =
      Set.of("row", "stat", "timeseries", "heatmap", "state-timeline");

  private static final Map<String, String> UNIT_BY_SUFFIX =
      Map.of("_seconds", "s", "_seconds_bucket", "s", "_bytes", "bytes");

  static List<Dashboard> dashboards() {
    return List.of(
        OverviewDashboard.build(),
        QueueDashboard.build(),
        ApiDashboard.build(),
        StorageDashboard.build(),
        JvmDashboard.build(),
        BenchmarkDashboard.build(),
        ChaosDashboard.build());
  }

  static List<JsonNode> files() throws IOException {
    List<JsonNode> files = new ArrayList<>();
    try (Stream<Path> paths = Files.list(FOLDER)) {
      for (Path path : paths.sorted().toList()) {
        files.add(JsonMapper.shared().readTree(Files.readString(path)));
      }
    }
    return files;
  }

  /** The panels of a dashboard, rows left out. */
  static List<JsonNode> panels(JsonNode dashboard) {
    return dashboard
        .path("panels")
        .valueStream()
        .filter(panel -> !panel.path("type").asString().equals("row"))
        .toList();
  }

  @BeforeAll
  static void writeIfAsked() throws IOException {
    if (Boolean.getBoolean("millrace.dashboards.write")) {
      for (Dashboard dashboard : dashboards()) {
        Files.writeString(FOLDER.resolve(dashboard.file()), dashboard.json());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void theCommittedFileIsWhatTheCodeWrites(Dashboard dashboard) throws IOException {
    Path file = FOLDER.resolve(dashboard.file());
    assertThat(file).hasContent(dashboard.json());
  }

  @Test
  void everyCommittedFileHasItsCode() throws IOException {
    try (Stream<Path> paths = Files.list(FOLDER)) {
      assertThat(paths.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(dashboards().stream().map(Dashboard::file).toList());
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void aDashboardIsPortableAndReadOnly(JsonNode dashboard) {
    assertThat(dashboard.path("schemaVersion").asInt()).isBetween(39, 42);
    assertThat(dashboard.path("uid").asString()).matches("[a-z0-9-]{1,40}");
    assertThat(dashboard.path("title").asString()).isNotBlank();
    assertThat(dashboard.path("editable").asBoolean(true)).isFalse();
    assertThat(dashboard.path("graphTooltip").asInt()).isEqualTo(1);
    assertThat(dashboard.path("timezone").asString()).isEqualTo("browser");
    assertThat(dashboard.has("id")).as("an id is one installation's own").isFalse();
    assertThat(dashboard.findValues("pluginVersion")).isEmpty();
    dashboard
        .findValues("datasource")
        .forEach(
            source -> {
              assertThat(source.path("type").asString()).isEqualTo("prometheus");
              assertThat(source.path("uid").asString()).isEqualTo("${datasource}");
            });
  }

  @ParameterizedTest
  @MethodSource("files")
  void theVariablesChooseDataSourceJobAndInstance(JsonNode dashboard) {
    List<JsonNode> variables = dashboard.path("templating").path("list").valueStream().toList();
    assertThat(variables.stream().map(variable -> variable.path("name").asString()))
        .startsWith("datasource", "job", "instance");
    assertThat(variables.get(0).path("label").asString()).isEqualTo("Data source");
    assertThat(variables.get(0).path("query").asString()).isEqualTo("prometheus");
    for (JsonNode variable : variables.subList(1, variables.size())) {
      assertThat(variable.path("label").asString()).isEqualTo(variable.path("name").asString());
      assertThat(variable.path("multi").asBoolean()).isTrue();
      assertThat(variable.path("allValue").asString()).isEqualTo(".+");
      assertThat(variable.path("refresh").asInt()).as("on a change of time range").isEqualTo(2);
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void panelsHaveTheirOwnIdsTitlesAndPlaces(JsonNode dashboard) {
    Set<Integer> ids = new HashSet<>();
    Set<String> titles = new HashSet<>();
    Set<String> cells = new HashSet<>();
    int bottom = 0;
    for (JsonNode panel : dashboard.path("panels")) {
      String title = panel.path("title").asString();
      assertThat(ids.add(panel.path("id").intValue())).as("own id: " + title).isTrue();
      assertThat(titles.add(title)).as("own title: " + title).isTrue();
      assertThat(title).isNotBlank();
      assertThat(PANEL_TYPES).contains(panel.path("type").asString());
      JsonNode place = panel.path("gridPos");
      int right = place.path("x").intValue() + place.path("w").intValue();
      int end = place.path("y").intValue() + place.path("h").intValue();
      assertThat(right).as("within the grid: " + title).isLessThanOrEqualTo(24);
      for (int x = place.path("x").intValue(); x < right; x++) {
        for (int y = place.path("y").intValue(); y < end; y++) {
          assertThat(cells.add(x + "," + y)).as("no overlap: " + title).isTrue();
        }
      }
      bottom = Math.max(bottom, end);
    }
    assertThat(cells).as("no gaps").hasSize(24 * bottom);
    assertThat(panels(dashboard).size()).isBetween(1, 40);
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyPanelSaysWhatItMeansAndWhatToDo(JsonNode dashboard) {
    for (JsonNode panel : panels(dashboard)) {
      String title = panel.path("title").asString();
      assertThat(panel.path("description").asString())
          .as(title)
          .matches("(?s)[A-Z0-9].{20,}\\.\n\nWhat to do: .{20,}\\.");
      JsonNode defaults = panel.path("fieldConfig").path("defaults");
      assertThat(defaults.path("unit").asString()).as("unit of " + title).isNotBlank();
      assertThat(defaults.path("noValue").asString()).as("noValue of " + title).isNotBlank();
      List<JsonNode> steps = defaults.path("thresholds").path("steps").valueStream().toList();
      assertThat(steps).as("thresholds of " + title).isNotEmpty();
      assertThat(steps.get(0).path("value").isNull()).as(title).isTrue();
      for (int i = 2; i < steps.size(); i++) {
        assertThat(steps.get(i).path("value").asDouble())
            .as("rising thresholds of " + title)
            .isGreaterThan(steps.get(i - 1).path("value").asDouble());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void theLinesOfAPanelDifferInMoreThanTheirColour(JsonNode dashboard) {
    for (JsonNode panel : panels(dashboard)) {
      if (!panel.path("type").asString().equals("timeseries")
          || panel.path("targets").size() == 1) {
        continue;
      }
      Map<String, String> dashesByQuery = new HashMap<>();
      for (JsonNode override : panel.path("fieldConfig").path("overrides")) {
        assertThat(override.at("/matcher/id").asString()).isEqualTo("byFrameRefID");
        override
            .path("properties")
            .valueStream()
            .filter(property -> property.path("id").asString().equals("custom.lineStyle"))
            .forEach(
                property ->
                    dashesByQuery.put(
                        override.at("/matcher/options").asString(),
                        property.path("value").toString()));
      }
      String title = panel.path("title").asString();
      assertThat(dashesByQuery.keySet())
          .as(title)
          .containsExactlyInAnyOrderElementsOf(
              panel
                  .path("targets")
                  .valueStream()
                  .map(target -> target.path("refId").asString())
                  .toList());
      assertThat(dashesByQuery.values()).as(title).doesNotHaveDuplicates();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyQuerySelectsByJobAndInstanceAndReadsCountersAsRates(JsonNode dashboard) {
    for (JsonNode panel : panels(dashboard)) {
      String title = panel.path("title").asString();
      String unit = panel.path("fieldConfig").path("defaults").path("unit").asString();
      Set<String> refIds = new HashSet<>();
      assertThat(panel.path("targets").size()).as(title).isPositive();
      for (JsonNode target : panel.path("targets")) {
        String query = target.path("expr").asString();
        assertThat(refIds.add(target.path("refId").asString())).as(title).isTrue();
        assertThat(target.path("legendFormat").asString()).as(title).isNotBlank();
        Set<String> metrics = PromQl.metrics(query);
        assertThat(metrics).as(title).isNotEmpty();
        for (String metric : metrics) {
          String selected = metric + "{job=~\"$job\",instance=~\"$instance\"";
          assertThat(occurrences(query, selected)).as(query).isEqualTo(occurrences(query, metric));
          boolean counts = metric.matches(".*_(total|bucket|count|sum)");
          int asRates =
              occurrences(query, "rate(" + metric + "{")
                  + occurrences(query, "increase(" + metric + "{")
                  + occurrences(query, "changes(" + metric + "{");
          assertThat(asRates)
              .as("rate of counters, and of nothing else: " + query)
              .isEqualTo(counts ? occurrences(query, metric) : 0);
        }
        assertThat(query).doesNotContain("irate(").doesNotContain("rate(sum");
        assertThat(occurrences(query, "rate("))
            .as("the range follows the zoom: " + query)
            .isEqualTo(occurrences(query, "[$__rate_interval]"));
        UNIT_BY_SUFFIX.forEach(
            (suffix, expected) -> {
              boolean isShare = query.contains(" / ");
              if (!isShare && metrics.stream().allMatch(metric -> metric.endsWith(suffix))) {
                assertThat(unit).as(title).isEqualTo(expected);
              }
            });
      }
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyDashboardLeadsToTheOthersAndMarksWhatHappened(JsonNode dashboard) {
    JsonNode link = dashboard.path("links").path(0);
    assertThat(link.path("tags").path(0).asString())
        .isEqualTo(dashboard.path("tags").path(0).asString());
    assertThat(link.path("includeVars").asBoolean() && link.path("keepTime").asBoolean()).isTrue();
    assertThat(dashboard.path("annotations").path("list").size()).isPositive();
    for (JsonNode mark : dashboard.path("annotations").path("list")) {
      assertThat(PromQl.metrics(mark.path("expr").asString())).isNotEmpty();
      assertThat(mark.path("step").asString())
          .as("neighbouring samples join to one region only if the step is short")
          .isEqualTo("5s");
    }
  }

  private static int occurrences(String text, String part) {
    int count = 0;
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
      // A metric's name may begin another's; a match that goes on is another name.
      int end = at + part.length();
      boolean goesOn =
          Character.isLetterOrDigit(part.charAt(part.length() - 1))
              && end < text.length()
              && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_');
      if (!goesOn) {
        count++;
      }
    }
    return count;
  }
}
