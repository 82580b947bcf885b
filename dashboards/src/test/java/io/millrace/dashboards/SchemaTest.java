package io.millrace.dashboards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Holds the dashboards to the types of Grafana's own package {@code @grafana/schema}, as tsc reads
 * them, those of each kind of panel included; {@code npm ci} in {@code schema} brings both. The
 * types leave open what a query may say, which {@link LiveStackTest} asks a Prometheus.
 */
class SchemaTest {

  private static final Path SCHEMA = Path.of("schema");
  private static final Path DASHBOARDS = Path.of("grafana", "dashboards");

  @SuppressWarnings("NullAway.Init") // set before the first test
  private static Path node;

  @BeforeAll
  static void findTools() {
    node = Tool.require("node", "nodejs");
    for (String name : new String[] {"@grafana/schema", "typescript"}) {
      assumeTrue(
          Files.isDirectory(SCHEMA.resolve("node_modules").resolve(name)),
          "the npm packages of dashboards/schema are not installed (npm ci)");
    }
  }

  private static Tool.Ended check(Path dashboards) throws IOException, InterruptedException {
    return Tool.run(
        node, SCHEMA.resolve("check.mjs").toString(), dashboards.toAbsolutePath().toString());
  }

  @Test
  void everyDashboardIsOfGrafanasType() throws Exception {
    Tool.Ended ended = check(DASHBOARDS);
    assertThat(ended.status()).as(ended.output()).isZero();
    assertThat(ended.output()).contains(DashboardsTest.files().size() + " dashboards judged");
  }

  @ParameterizedTest
  @CsvSource({
    "'\"mode\" : \"absolute\"', '\"mode\" : \"absolut\"', '\"absolut\"'",
    "'\"refresh\" : 2', '\"refresh\" : 7', VariableRefresh",
    "'\"editable\" : false', '\"editabel\" : false', '\"editabel\"'",
    "'\"graphMode\" : \"area\"', '\"graphMode\" : \"aera\"', '\"aera\"'",
    "'\"showPoints\" : \"never\"', '\"showPoint\" : \"never\"', '\"showPoint\"'",
    "'\"yHistogram\" : false', '\"yHistogramm\" : false', '\"yHistogramm\"'"
  })
  void aMistakeIsFound(String right, String wrong, String named, @TempDir Path folder)
      throws Exception {
    String text = Files.readString(DASHBOARDS.resolve("millrace-api.json"));
    assertThat(text).contains(right);
    Files.writeString(folder.resolve("wrong.json"), text.replace(right, wrong));
    Tool.Ended ended = check(folder);
    assertThat(ended.status()).isNotZero();
    assertThat(ended.output()).contains(named);
  }
}
