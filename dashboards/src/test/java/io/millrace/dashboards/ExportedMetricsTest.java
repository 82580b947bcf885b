package io.millrace.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Looks up everything the dashboards name in a scrape of a real admin port. */
class ExportedMetricsTest {

  private static final Pattern LEGEND_LABEL = Pattern.compile("\\{\\{\\s*(\\w+)\\s*}}");

  private static String scraped = "";

  /** Label names by metric, as scraped; Prometheus adds job and instance to each. */
  private static final Map<String, Set<String>> EXPORTED = new HashMap<>();

  @BeforeAll
  static void scrape() throws IOException, InterruptedException {
    Exported exported = Exported.ofEngine();
    scraped = exported.text();
    EXPORTED.putAll(exported.samples());
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
