package io.millrace.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dashboards.Rules.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds recording rules and alerts to the metrics that exist, to their runbook, and to promtool.
 */
class RulesTest {

  private static final Path TESTS = Path.of("prometheus", "tests", "alerts_test.yml");
  private static final Path RUNBOOK = Path.of("RUNBOOK.md");
  private static final String PROMETHEUS = "prometheus";

  /** Metrics that exist, recorded ones included. */
  private static final Set<String> THERE = new HashSet<>();

  @BeforeAll
  static void scrape() throws IOException, InterruptedException {
    THERE.addAll(Exported.ofServer().samples().keySet());
    THERE.add("up"); // Prometheus's own word on each target
    THERE.addAll(Exported.ofLab().samples().keySet());
    Rules.all().stream().filter(rule -> !rule.isAlert()).map(Rule::name).forEach(THERE::add);
  }

  static List<Rule> rules() throws IOException {
    return Rules.all();
  }

  static List<Rule> alerts() throws IOException {
    return Rules.alerts();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void aRuleReadsMetricsThatExist(Rule rule) {
    Set<String> read = PromQl.metrics(rule.expression());
    assertThat(read).isNotEmpty();
    assertThat(THERE).as(rule.expression()).containsAll(read);
    assertThat(rule.expression()).doesNotContain("irate(").doesNotContain("rate(sum");
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void anAlertSaysWhatItSawAndWhereToReadWhatToDo(Rule alert) throws IOException {
    assertThat(alert.texts()).containsKeys("summary", "description");
    assertThat(alert.texts().get("severity")).isIn("page", "ticket");
    assertThat(alert.texts().get("description")).endsWith(".");
    String anchor = alert.name().toLowerCase(Locale.ROOT);
    assertThat(alert.texts()).containsEntry("runbook_url", "RUNBOOK.md#" + anchor);
    assertThat(Files.readString(RUNBOOK)).containsOnlyOnce("\n## " + alert.name() + "\n\n");
  }

  @Test
  void theRunbookHasNoAlertThatIsGone() throws IOException {
    Set<String> headings =
        Files.readAllLines(RUNBOOK).stream()
            .filter(line -> line.startsWith("## "))
            .map(line -> line.substring(3))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(headings)
        .isEqualTo(Rules.alerts().stream().map(Rule::name).collect(Collectors.toSet()));
  }

  @Test
  void everyAlertIsFiredByATest() throws IOException {
    Set<String> fired = new TreeSet<>();
    for (var test : Rules.maps(Rules.yaml(TESTS), "tests")) {
      for (var check : Rules.maps(test, "alert_rule_test")) {
        if (!Rules.maps(check, "exp_alerts").isEmpty()) {
          fired.add(String.valueOf(check.get("alertname")));
        }
      }
    }
    assertThat(fired)
        .isEqualTo(Rules.alerts().stream().map(Rule::name).collect(Collectors.toSet()));
  }

  @Test
  void theServiceLevelIsABoundOfTheHistogram() throws IOException, InterruptedException {
    assertThat(Exported.ofServer().text())
        .contains(
            "millrace_api_request_duration_seconds_bucket{action=\"SendMessage\",le=\"0.01\"}");
    assertThat(Files.readString(Rules.FOLDER.resolve("recording.yml"))).contains("le=\"0.01\"");
  }

  @Test
  void promtoolFindsConfigurationAndRulesSound() throws IOException, InterruptedException {
    Path promtool = Tool.require("promtool", PROMETHEUS);
    Tool.Ended config = Tool.run(promtool, "check", "config", "prometheus/prometheus.yml");
    assertThat(config.status()).as(config.output()).isZero();
    Tool.Ended rules =
        Tool.run(
            promtool,
            "check",
            "rules",
            "--lint=all",
            "--lint-fatal",
            "prometheus/rules/alerts.yml",
            "prometheus/rules/recording.yml");
    assertThat(rules.status()).as(rules.output()).isZero();
  }

  @Test
  void promtoolFiresEveryAlertAsExpected() throws IOException, InterruptedException {
    Path promtool = Tool.require("promtool", PROMETHEUS);
    Tool.Ended tests = Tool.run(promtool, "test", "rules", TESTS.toString());
    assertThat(tests.status()).as(tests.output()).isZero();
    assertThat(tests.output()).contains("SUCCESS");
  }

  @Test
  void amtoolFindsTheExampleSound() throws IOException, InterruptedException {
    Path amtool = Tool.require("amtool", "prometheus-alertmanager");
    Tool.Ended config = Tool.run(amtool, "check-config", "alertmanager/alertmanager.yml");
    assertThat(config.status()).as(config.output()).isZero();
  }
}
