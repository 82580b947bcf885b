package io.millrace.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads docker-compose.yml and what it mounts; docker itself is verify.sh's business. */
class ComposeTest {

  private static final Path COMPOSE = Path.of("docker-compose.yml");

  private static Map<?, ?> services() throws IOException {
    return (Map<?, ?>) Objects.requireNonNull(Rules.yaml(COMPOSE).get("services"));
  }

  private static List<?> list(Object owner, String key) {
    return ((Map<?, ?>) owner).get(key) instanceof List<?> list ? list : List.of();
  }

  @Test
  void whatIsMountedIsThere() throws IOException {
    int mounted = 0;
    Map<?, ?> named = (Map<?, ?>) Objects.requireNonNull(Rules.yaml(COMPOSE).get("volumes"));
    for (Object service : services().values()) {
      for (Object volume : list(service, "volumes")) {
        String source = String.valueOf(volume).split(":", 2)[0];
        if (source.startsWith("./")) {
          assertThat(Path.of(source)).exists();
          mounted++;
        } else {
          assertThat(named.containsKey(source)).as(source).isTrue();
        }
      }
    }
    assertThat(mounted).isPositive();
  }

  @Test
  void portsAreOnLoopbackAndVersionsArePinned() throws IOException {
    TreeSet<String> hostPorts = new TreeSet<>();
    for (Object service : services().values()) {
      for (Object port : list(service, "ports")) {
        assertThat(String.valueOf(port)).startsWith("127.0.0.1:");
        hostPorts.add(String.valueOf(port).split(":", 3)[1]);
      }
      Object image = ((Map<?, ?>) service).get("image");
      if (image != null) {
        assertThat(String.valueOf(image)).matches("[a-z/]+:v?\\d+\\.\\d+\\.\\d+");
      }
    }
    assertThat(hostPorts).containsExactly("3000", "9090", "9093", "9324", "9325");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "grafana/provisioning/datasources/prometheus.yml",
        "grafana/provisioning/dashboards/millrace.yml"
      })
  void whatGrafanaIsGivenIsYaml(String file) throws IOException {
    assertThat(Rules.yaml(Path.of(file)).get("apiVersion")).isEqualTo(1);
  }

  @Test
  void grafanaKnowsTheScrapeInterval() throws IOException {
    Pattern interval = Pattern.compile("(?:scrape_interval|timeInterval): (\\w+)");
    Matcher scraped = interval.matcher(Files.readString(Path.of("prometheus/prometheus.yml")));
    Matcher told =
        interval.matcher(
            Files.readString(Path.of("grafana/provisioning/datasources/prometheus.yml")));
    assertThat(scraped.find() && told.find()).isTrue();
    assertThat(told.group(1)).isEqualTo(scraped.group(1));
  }

  @Test
  void theServerInTheImageIsNobodysRoot() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("../Dockerfile"));
    assertThat(lines).contains("USER millrace").contains("FROM eclipse-temurin:25-jre");
    assertThat(lines.indexOf("USER millrace"))
        .isLessThan(
            lines.indexOf(
                lines.stream()
                    .filter(line -> line.startsWith("ENTRYPOINT"))
                    .findFirst()
                    .orElseThrow()));
  }
}
