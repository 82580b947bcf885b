package io.millrace.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Looks up everything the dashboards name in a scrape of a real admin port. */
class ExportedMetricsTest {

  private static final Pattern LEGEND_LABEL = Pattern.compile("\\{\\{\\s*(\\w+)\\s*}}");

  private static final Pattern NOT_CHARTED_ROW = Pattern.compile("\\| `(\\w+)` .* not charted \\|");

  private static String scraped = "";

  /** Label names by metric, as scraped; Prometheus adds job and instance to each. */
  private static final Map<String, Set<String>> EXPORTED = new HashMap<>();

  @BeforeAll
  static void scrape() throws IOException, InterruptedException {
    Exported exported = Exported.ofServer();
    scraped = exported.text();
    EXPORTED.putAll(exported.samples());
    Exported lab = Exported.ofLab();
    scraped += lab.text();
    lab.samples()
        .forEach(
            (metric, labels) ->
                EXPORTED.computeIfAbsent(metric, name -> new HashSet<>()).addAll(labels));
    EXPORTED.put("up", new HashSet<>()); // Prometheus's own word on each target
    EXPORTED.values().forEach(labels -> labels.addAll(Set.of("job", "instance")));
  }

  @Test
  void everyMetricAPanelNamesIsExported() throws IOException {
    for (JsonNode dashboard : DashboardsTest.files()) {
      for (JsonNode panel : DashboardsTest.panels(dashboard)) {
        for (JsonNode target : panel.path("targets")) {
          assertThat(EXPORTED.keySet())
              .as(panel.path("title").asString())
              .containsAll(PromQl.metrics(target.path("expr").asString()));
        }
      }
    }
  }

  @Test
  void everyLabelAPanelNamesIsOnItsMetrics() throws IOException {
    for (JsonNode dashboard : DashboardsTest.files()) {
      for (JsonNode panel : DashboardsTest.panels(dashboard)) {
        for (JsonNode target : panel.path("targets")) {
          String query = target.path("expr").asString();
          Set<String> there = new HashSet<>();
          PromQl.metrics(query).forEach(metric -> there.addAll(EXPORTED.get(metric)));
          assertThat(there).as(query).containsAll(PromQl.labels(query));
          Matcher legend = LEGEND_LABEL.matcher(target.path("legendFormat").asString());
          while (legend.find()) {
            assertThat(PromQl.labels(query))
                .as("a label of the legend survives the grouping: " + query)
                .contains(legend.group(1));
          }
        }
      }
    }
  }

  @Test
  void everyVariableAsksForALabelThatIsThere() throws IOException {
    Pattern labelValues = Pattern.compile("label_values\\((.+), (\\w+)\\)");
    for (JsonNode dashboard : DashboardsTest.files()) {
      for (JsonNode variable : dashboard.path("templating").path("list")) {
        if (variable.path("type").asString().equals("query")) {
          Matcher query = labelValues.matcher(variable.path("query").path("query").asString());
          assertThat(query.matches()).isTrue();
          for (String metric : PromQl.metrics(query.group(1))) {
            assertThat(EXPORTED.get(metric)).as(metric).contains(query.group(2));
          }
        }
      }
    }
  }

  /** On no panel and in no rule; the README lists the same, METRICS.md those of the JVM. */
  private static final Set<String> NOT_CHARTED =
      Set.of("millrace_lab_scrapes_total", "millrace_recovery_records");

  @Test
  void everyMetricIsOnAPanelInARuleOrListedAsNotCharted() throws IOException {
    Set<String> read = new HashSet<>(NOT_CHARTED);
    read.addAll(MetricsReference.readers().keySet());
    Files.readAllLines(Path.of("METRICS.md")).stream()
        .map(NOT_CHARTED_ROW::matcher)
        .filter(Matcher::matches)
        .forEach(row -> read.add(row.group(1)));
    Set<String> unread = new TreeSet<>(EXPORTED.keySet());
    unread.removeIf(
        metric ->
            read.contains(metric)
                || read.contains(metric.replaceAll("_(count|sum)$", "_bucket"))
                || read.contains(metric.replaceAll("_(count|sum)$", "_sum"))
                || metric.endsWith("_created"));
    assertThat(unread).isEmpty();
    assertThat(Files.readString(Path.of("README.md"))).contains(NOT_CHARTED);
  }

  @Test
  void theMatchedValuesOccur() throws IOException {
    // The panels match actions, states and bounds by value; a value never exported shows nothing.
    Pattern exact = Pattern.compile("(action|state|le)=(~?)\"([^\"]+)\"");
    for (JsonNode dashboard : DashboardsTest.files()) {
      for (JsonNode panel : DashboardsTest.panels(dashboard)) {
        for (JsonNode target : panel.path("targets")) {
          Matcher matcher = exact.matcher(target.path("expr").asString());
          while (matcher.find()) {
            for (String value : matcher.group(3).split("\\|", -1)) {
              assertThat(scraped)
                  .as(matcher.group())
                  .contains(matcher.group(1) + "=\"" + value + "\"");
            }
          }
        }
      }
    }
  }
}
