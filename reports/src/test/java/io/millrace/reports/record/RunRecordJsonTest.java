package io.millrace.reports.record;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.reports.SyntheticRun;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class RunRecordJsonTest {

  @Test
  void whatWasWrittenIsReadBackEqual() throws IOException {
    RunRecord healthy = SyntheticRun.healthy(7).record();
    assertThat(RunRecordJson.fromJson(RunRecordJson.toJson(healthy))).isEqualTo(healthy);
    RunRecord lossy = SyntheticRun.lossy(7).record();
    assertThat(RunRecordJson.fromJson(RunRecordJson.toJson(lossy))).isEqualTo(lossy);
  }

  @Test
  void theFieldsAreThoseOfTheGoldenList() throws IOException {
    JsonNode tree =
        new JsonMapper().readTree(RunRecordJson.toJson(SyntheticRun.healthy(7).record()));
    Set<String> paths = new TreeSet<>();
    collect("", tree, paths);
    assertThat(String.join("\n", paths) + "\n").isEqualTo(resource("run-record-fields.txt"));
  }

  @Test
  void theHeadlineFieldsStandFirstAndInTheirDocumentedOrder() throws IOException {
    JsonNode tree =
        new JsonMapper().readTree(RunRecordJson.toJson(SyntheticRun.healthy(7).record()));
    assertThat(tree.propertyNames())
        .startsWith(
            "schema",
            "verdict",
            "verdictReasons",
            "latencyVerdict",
            "latencyReason",
            "latencyChecks",
            "sent",
            "acked",
            "unknown",
            "received",
            "deleted",
            "lost");
    assertThat(tree.path("verdict").asString()).isEqualTo("VALID");
    assertThat(tree.path("latencyVerdict").asString()).isEqualTo("PASS");
    assertThat(tree.path("latencyMs").path("publish").propertyNames())
        .containsExactly("p50", "p99", "p99.9", "p99.99", "max", "count");
    assertThat(tree.path("latencyMs")).isEqualTo(tree.path("phases").path("steady"));
    assertThat(tree.path("latencyMs").path("publish").path("p99.99").isNull())
        .as("p99.99 of fewer than 100,000 samples")
        .isTrue();
    assertThat(tree.path("started").asString()).isEqualTo("2026-01-01T12:00:00Z");
  }

  @Test
  void anotherSchemaIsRefusedAndAnUnknownFieldIsNot() throws IOException {
    RunRecord record = SyntheticRun.healthy(7).record();
    String json = RunRecordJson.toJson(record);
    assertThatThrownBy(
            () -> RunRecordJson.fromJson(json.replace("\"schema\" : 2", "\"schema\" : 1")))
        .isInstanceOf(RunRecordJson.UnreadableRecordException.class)
        .hasMessage("schema 1 where 2 is understood");
    assertThat(RunRecordJson.fromJson(json.replace("\"seed\"", "\"fromTheFuture\" : 1, \"seed\"")))
        .isEqualTo(record);
  }

  @Test
  void whatIsNotARecordIsRefused() {
    assertThatThrownBy(() -> RunRecordJson.fromJson("{\"schema\":2}"))
        .isInstanceOf(RunRecordJson.UnreadableRecordException.class);
    assertThatThrownBy(() -> RunRecordJson.fromJson("not json"))
        .isInstanceOf(RunRecordJson.UnreadableRecordException.class);
  }

  private static void collect(String path, JsonNode node, Set<String> paths) {
    if (node.isObject() && !path.equals("errors") && !path.equals("counters")) {
      for (var property : node.properties()) {
        collect(
            path.isEmpty() ? property.getKey() : path + "/" + property.getKey(),
            property.getValue(),
            paths);
      }
    } else if (node.isArray() && !node.isEmpty() && node.get(0).isObject()) {
      collect(path + "[]", node.get(0), paths);
    } else {
      paths.add(path);
    }
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = RunRecordJsonTest.class.getResourceAsStream(name)) {
      return new String(requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
