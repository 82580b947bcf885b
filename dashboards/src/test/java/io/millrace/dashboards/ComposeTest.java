package io.millrace.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  /** Where each container sees what is mounted into it, by the place in the container. */
  private static Map<String, Path> mounts(String service) throws IOException {
    Map<String, Path> mounts = new TreeMap<>();
    Object owner = Objects.requireNonNull(services().get(service), service);
    for (Object volume : list(owner, "volumes")) {
      String[] parts = String.valueOf(volume).split(":", -1);
      if (parts[0].startsWith("./")) {
        mounts.put(parts[1], Path.of(parts[0]).normalize());
      }
    }
    return mounts;
  }

  /** The value of an option in a container's command. */
  private static String option(String service, String name) throws IOException {
    Object owner = Objects.requireNonNull(services().get(service), service);
    return list(owner, "command").stream()
        .map(String::valueOf)
        .filter(argument -> argument.startsWith(name + "="))
        .map(argument -> argument.substring(name.length() + 1))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void allShareTheNetworkOfPrometheusWhichIsNotStartedAnew() throws IOException {
    for (Map.Entry<?, ?> service : services().entrySet()) {
      Map<?, ?> of = (Map<?, ?>) service.getValue();
      if (service.getKey().equals("prometheus")) {
        assertThat(of.containsKey("network_mode") || of.containsKey("restart")).isFalse();
      } else {
        assertThat(of.get("network_mode")).isEqualTo("service:prometheus");
        assertThat(list(of, "ports")).as("no ports of its own").isEmpty();
      }
    }
  }

  @Test
  void prometheusFindsWhatIsMountedForIt(@TempDir Path container) throws Exception {
    Map<String, Path> mounts = mounts("prometheus");
    String config = option("prometheus", "--config.file");
    assertThat(mounts).containsKey(config);
    for (Map.Entry<String, Path> mount : mounts.entrySet()) {
      Path place = container.resolve(mount.getKey().substring(1));
      try (Stream<Path> files = Files.walk(mount.getValue())) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Path copy = place.resolve(mount.getValue().relativize(file).toString());
          Files.createDirectories(Objects.requireNonNull(copy.getParent()));
          Files.copy(file, copy);
        }
      }
    }
    Tool.Ended check =
        Tool.run(
            Tool.require("promtool", "prometheus"),
            "check",
            "config",
            container.resolve(config.substring(1)).toString());
    assertThat(check.status()).as(check.output()).isZero();
    assertThat(check.output()).contains("2 rule files found");
    assertThat(container.resolve("etc/prometheus/alertmanagers/targets.yml")).exists();
    assertThat(Files.readString(Path.of("prometheus/prometheus.yml"))).contains("alertmanagers/*");
  }

  @ParameterizedTest
  @CsvSource({"prometheus, prometheus", "alertmanager, prometheus-alertmanager"})
  void theProgramsKnowTheOptionsTheyAreGiven(String service, String program) throws Exception {
    Object owner = Objects.requireNonNull(services().get(service), service);
    String help = Tool.run(Tool.require(program, program), "--help").output();
    assertThat(list(owner, "command")).isNotEmpty();
    for (Object argument : list(owner, "command")) {
      String[] option = String.valueOf(argument).split("=", 2);
      assertThat(help).contains(option[0]);
      if (option[0].equals("--enable-feature")) {
        assertThat(help).contains(option[1]);
      }
    }
  }

  @Test
  void alertmanagerFindsWhatIsMountedForIt() throws IOException {
    assertThat(mounts("alertmanager")).containsKey(option("alertmanager", "--config.file"));
  }

  @Test
  void grafanaFindsWhatIsMountedForIt() throws IOException {
    Map<String, Path> mounts = mounts("grafana");
    assertThat(mounts).containsEntry("/etc/grafana/provisioning", Path.of("grafana/provisioning"));
    Path provider = Path.of("grafana/provisioning/dashboards/millrace.yml");
    String folder = string(Rules.maps(Rules.yaml(provider), "providers").get(0), "options", "path");
    assertThat(mounts).containsEntry(folder, Path.of("grafana/dashboards"));
    String home =
        string(services(), "grafana", "environment", "GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH");
    assertThat(home).startsWith(folder + "/");
    assertThat(Path.of("grafana/dashboards", home.substring(folder.length() + 1))).exists();
  }

  private static String string(Map<?, ?> root, String... path) {
    Object at = root;
    for (String key : path) {
      at = Objects.requireNonNull(((Map<?, ?>) at).get(key), key);
    }
    return String.valueOf(at);
  }

  @Test
  void whoeverIsCalledListensOnAPortThatIsPublished() throws IOException {
    for (String file :
        List.of(
            "grafana/provisioning/datasources/prometheus.yml",
            "alertmanager/targets.yml",
            "docker-compose.yml",
            "verify.sh")) {
      Matcher called =
          Pattern.compile("127\\.0\\.0\\.1:(\\d+)[/\"\\s]")
              .matcher(Files.readString(Path.of(file)));
      int found = 0;
      while (called.find()) {
        assertThat(called.group(1)).as(file).isIn("3000", "9090", "9093");
        found++;
      }
      assertThat(found).as(file).isPositive();
    }
  }

  @Test
  void verifyIsAScriptThatLeavesTheUsersQueuesAlone() throws Exception {
    Tool.Ended syntax = Tool.run(Tool.require("sh", "dash"), "-n", "verify.sh");
    assertThat(syntax.status()).as(syntax.output()).isZero();
    assertThat(Path.of("verify.sh")).isExecutable();
    List<String> calls =
        Files.readAllLines(Path.of("verify.sh")).stream()
            .filter(line -> line.contains("docker compose ") && !line.startsWith("#"))
            .toList();
    assertThat(calls).containsExactly("  docker compose --project-name millrace-verify \"$@\"");
    assertThat(Rules.yaml(COMPOSE).get("name")).isNotEqualTo("millrace-verify");
  }
}
