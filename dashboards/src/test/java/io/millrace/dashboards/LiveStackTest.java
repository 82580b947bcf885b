package io.millrace.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.EngineConfig;
import io.millrace.engine.Server;
import io.millrace.engine.ServerConfig;
import io.millrace.engine.wire.WireConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * A real server under traffic and a real {@code run --quick}, seen by a real Prometheus on the
 * configuration that is shipped: every query of every dashboard and rule must answer with data.
 */
class LiveStackTest {

  private static final long RUN_SECONDS_MAX = 300;
  private static final Pattern LEGEND_LABEL = Pattern.compile("\\{\\{\\s*(\\w+)\\s*}}");
  private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+), (\\w+)\\)");

  @TempDir private static Path folder = Path.of("unset");

  private static final List<AutoCloseable> OPEN = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // set before the first test
  private static LivePrometheus prometheus;

  @BeforeAll
  static void observeARun() throws Exception {
    Path program = Tool.require("prometheus", "prometheus");
    EngineConfig defaults = EngineConfig.at(folder.resolve("data"));
    Server server =
        Server.open(
            ServerConfig.of(
                defaults.withJournal(defaults.segmentBytes(), 64 << 10),
                WireConfig.DEFAULT.at("127.0.0.1", 0),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    OPEN.add(server);
    int labPort = LivePrometheus.freePort();
    prometheus = LivePrometheus.start(program, folder, server.adminAddress().getPort(), labPort);
    OPEN.add(0, prometheus);
    OPEN.add(
        0, LiveTraffic.start(URI.create("http://127.0.0.1:" + server.address().getPort() + "/")));

    Path log = folder.resolve("run.log");
    Process run = run(labPort, log);
    try {
      assertThat(run.waitFor(RUN_SECONDS_MAX, TimeUnit.SECONDS)).as("the run ended").isTrue();
      assertThat(run.exitValue()).as(Files.readString(log)).isIn(0, 3);
    } finally {
      run.destroyForcibly();
    }
  }

  /** {@code ./millrace run --quick}, from this JVM's class path. */
  private static Process run(int labPort, Path log) throws IOException {
    Path engine = Path.of("../engine/src/main/resources/io/millrace/engine");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + engine.resolve("jvm.flags"));
    if (Runtime.version().feature() >= 24) {
      command.add("@" + engine.resolve("jvm-24.flags"));
    }
    command.add("@../chaos/src/main/resources/io/millrace/chaos/lab.flags");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("io.millrace.chaos.Main", "run", "--quick", "--rate", "200"));
    command.addAll(List.of("--out", folder.resolve("run").toString()));
    command.addAll(List.of("--metrics-port", Integer.toString(labPort)));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  @AfterAll
  static void close() throws Exception {
    for (AutoCloseable each : OPEN) {
      each.close();
    }
  }

  static List<JsonNode> dashboards() throws IOException {
    return DashboardsTest.files();
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void everyPanelHasDataAndTheLabelsOfItsLegend(JsonNode dashboard) throws Exception {
    List<String> without = new ArrayList<>();
    for (JsonNode panel : DashboardsTest.panels(dashboard)) {
      for (JsonNode target : panel.path("targets")) {
        String query = filledIn(target.path("expr").asString());
        List<JsonNode> series = prometheus.series(query);
        if (series.isEmpty()) {
          without.add(panel.path("title").asString() + ": " + query);
        }
        Matcher legend = LEGEND_LABEL.matcher(target.path("legendFormat").asString());
        while (legend.find()) {
          assertThat(series).as(query).allMatch(labels -> labels.has(legend.group(1)));
        }
        if (target.path("exemplar").asBoolean()) {
          assertThat(prometheus.exemplars(query))
              .as("examples of " + query)
              .extracting(labels -> labels.path("trace_id").asString())
              .contains(LiveTraffic.TRACE_ID);
        }
      }
    }
    assertThat(without).as("panels of %s without data", dashboard.path("title")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void everyVariableHasValues(JsonNode dashboard) throws Exception {
    for (JsonNode variable : dashboard.path("templating").path("list")) {
      if (variable.path("type").asString().equals("query")) {
        Matcher query = LABEL_VALUES.matcher(variable.path("query").path("query").asString());
        assertThat(query.matches()).isTrue();
        assertThat(prometheus.labelValues(query.group(2), filledIn(query.group(1))))
            .as(query.group())
            .isNotEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void everyAnnotationMarksSomething(JsonNode dashboard) throws Exception {
    for (JsonNode mark : dashboard.path("annotations").path("list")) {
      String query = filledIn(mark.path("expr").asString());
      List<JsonNode> series = prometheus.series(query);
      assertThat(series).as(query).isNotEmpty();
      for (String tag : mark.path("tagKeys").asString().split(",", -1)) {
        assertThat(series).as(query).allMatch(labels -> labels.has(tag));
      }
    }
  }

  @Test
  void everyRecordingRuleRecordsAndEveryAlertReadsDataThatIsThere() throws Exception {
    Set<String> without = new TreeSet<>();
    for (Rules.Rule rule : Rules.all()) {
      for (String metric : PromQl.metrics(rule.expression())) {
        if (prometheus.series(metric).isEmpty()) {
          without.add(rule.name() + " reads " + metric);
        }
      }
      for (String selector : PromQl.selectors(rule.expression())) {
        if (prometheus.series(selector).isEmpty()) {
          without.add(rule.name() + " selects nothing by " + selector);
        }
      }
      if (!rule.isAlert() && prometheus.series(rule.name()).isEmpty()) {
        without.add(rule.name() + " records nothing");
      }
    }
    assertThat(without).isEmpty();
  }

  @Test
  void theCheckFellBehindTheRunAndCaughtUp() throws Exception {
    String lag = "millrace_lab_check_lag_seconds";
    assertThat(prometheus.series(lag + " == 0 and max_over_time(" + lag + "[5m]) > 5"))
        .as("judged to the end after seconds of history")
        .isNotEmpty();
  }

  private static String filledIn(String query) {
    return query
        .replace("$__rate_interval", "10s")
        .replace("$job", ".+")
        .replace("$instance", ".+")
        .replace("$queue", ".+");
  }
}
