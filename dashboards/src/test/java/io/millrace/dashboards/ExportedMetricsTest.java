package io.millrace.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.shard.CountersFixture;
import io.millrace.engine.shard.ShardCounters;
import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.telemetry.AdminServer;
import io.millrace.engine.telemetry.BuildInfo;
import io.millrace.engine.telemetry.Health;
import io.millrace.engine.telemetry.Telemetry;
import io.millrace.engine.wire.Action;
import io.millrace.engine.wire.ConnectionCounters;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Looks up everything the dashboards name in a scrape of a real admin port. */
class ExportedMetricsTest {

  private static final Pattern SAMPLE = Pattern.compile("^([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? \\S+$");
  private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)=\"");
  private static final Pattern LEGEND_LABEL = Pattern.compile("\\{\\{\\s*(\\w+)\\s*}}");

  private static AdminServer server;

  private static String scraped = "";

  /** Label names by metric, as scraped; Prometheus adds job and instance to each. */
  private static final Map<String, Set<String>> EXPORTED = new HashMap<>();

  @BeforeAll
  static void scrape() throws IOException, InterruptedException {
    ShardCounters shard = new ShardCounters();
    CountersFixture.add(shard, "orders").sent.increment();
    shard.checkpointAtMs.set(1);
    Telemetry telemetry = Telemetry.create(BuildInfo.ofBuild());
    telemetry.show(shard, System::currentTimeMillis, Telemetry.QUEUES_SHOWN_DEFAULT);
    telemetry.show(new ConnectionCounters());
    telemetry.showDisk(Path.of("."));
    telemetry.shardObserver().forced(200_000, 3);
    telemetry.shardObserver().appended(2_000);
    telemetry.requestObserver().observed(Action.SEND_MESSAGE, Optional.empty(), 300_000, false);
    telemetry
        .requestObserver()
        .observed(Action.RECEIVE_MESSAGE, Optional.of(ErrorCode.OVER_LIMIT), 300_000, true);
    server =
        AdminServer.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            telemetry.registry(),
            () -> Health.OK,
            Map.of("/metrics/per-queue", AdminServer.metrics(telemetry::scrapePerQueue)));

    URI metrics =
        URI.create("http://127.0.0.1:" + server.address().getPort() + "/metrics/per-queue");
    scraped =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(metrics).timeout(Duration.ofSeconds(20)).build(),
                BodyHandlers.ofString())
            .body();
    scraped
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(
            line -> {
              Matcher sample = SAMPLE.matcher(line);
              assertThat(sample.matches()).as(line).isTrue();
              Set<String> labels =
                  EXPORTED.computeIfAbsent(sample.group(1), name -> new HashSet<>());
              Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
              while (label.find()) {
                labels.add(label.group(1));
              }
            });
    EXPORTED.put("up", new HashSet<>()); // Prometheus's own word on each target
    EXPORTED.values().forEach(labels -> labels.addAll(Set.of("job", "instance")));
  }

  @AfterAll
  static void close() {
    server.close();
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
