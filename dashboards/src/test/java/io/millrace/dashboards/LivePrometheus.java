package io.millrace.dashboards;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A Prometheus on the configuration that is shipped, but for ports and a faster pace. */
final class LivePrometheus implements AutoCloseable {

  private static final Duration START_MAX = Duration.ofSeconds(60);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final URI uri;
  private final Instant started = Instant.now();

  private LivePrometheus(Process process, URI uri) {
    this.process = process;
    this.uri = uri;
  }

  /**
   * Starts one and waits until it is ready.
   *
   * @param folder for its data, its configuration and its log
   */
  static LivePrometheus start(Path program, Path folder, int adminPort, int labPort)
      throws IOException, InterruptedException {
    Path config = folder.resolve("prometheus.yml");
    String shipped = Files.readString(Path.of("prometheus", "prometheus.yml"));
    String rules = Path.of("prometheus", "rules").toAbsolutePath() + "/*.yml";
    Files.writeString(
        config,
        replaced(
            shipped,
            "127.0.0.1:9325",
            "127.0.0.1:" + adminPort,
            "127.0.0.1:9326",
            "127.0.0.1:" + labPort,
            "rules/*.yml",
            rules,
            "interval: 5s",
            "interval: 1s",
            "timeout: 4s",
            "timeout: 1s"));
    int port = freePort();
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--config.file=" + config,
                "--storage.tsdb.path=" + folder.resolve("tsdb"),
                "--enable-feature=exemplar-storage",
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
    LivePrometheus prometheus = new LivePrometheus(process, URI.create("http://127.0.0.1:" + port));
    try {
      prometheus.awaitReady(folder.resolve("prometheus.log"));
      return prometheus;
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      prometheus.close();
      throw e;
    }
  }

  private static String replaced(String text, String... pairs) {
    String result = text;
    for (int i = 0; i < pairs.length; i += 2) {
      if (!result.contains(pairs[i])) {
        throw new AssertionError("the configuration has no " + pairs[i]);
      }
      result = result.replace(pairs[i], pairs[i + 1]);
    }
    return result;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitReady(Path log) throws IOException, InterruptedException {
    long end = System.nanoTime() + START_MAX.toNanos();
    while (!isReady()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new AssertionError("Prometheus did not start:\n" + Files.readString(log));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  private boolean isReady() throws InterruptedException {
    try {
      return send("/-/ready").statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** The series an expression has had since the start, each with a number at least once. */
  List<JsonNode> series(String expression) throws IOException, InterruptedException {
    String query =
        "/api/v1/query_range?step=1&start=%d&end=%d&query=%s"
            .formatted(
                started.getEpochSecond(), Instant.now().getEpochSecond(), encoded(expression));
    List<JsonNode> series = new ArrayList<>();
    for (JsonNode each : answer(query, expression).path("result")) {
      boolean hasNumber =
          each.path("values")
              .valueStream()
              .anyMatch(value -> !value.path(1).asString().equals("NaN"));
      if (hasNumber) {
        series.add(each.path("metric"));
      }
    }
    return series;
  }

  /** The labels of the examples that the series of an expression have had since the start. */
  List<JsonNode> exemplars(String expression) throws IOException, InterruptedException {
    String query =
        "/api/v1/query_exemplars?start=%d&end=%d&query=%s"
            .formatted(
                started.getEpochSecond(), Instant.now().getEpochSecond(), encoded(expression));
    List<JsonNode> labels = new ArrayList<>();
    for (JsonNode series : answer(query, expression)) {
      series.path("exemplars").forEach(exemplar -> labels.add(exemplar.path("labels")));
    }
    return labels;
  }

  /** The values of a label of the series a selector matches. */
  List<String> labelValues(String label, String selector) throws IOException, InterruptedException {
    return answer("/api/v1/label/" + label + "/values?match[]=" + encoded(selector), selector)
        .valueStream()
        .map(JsonNode::asString)
        .toList();
  }

  private JsonNode answer(String path, String what) throws IOException, InterruptedException {
    HttpResponse<String> response = send(path.replace("[]", "%5B%5D"));
    if (response.statusCode() != 200) {
      throw new AssertionError(what + ": " + response.body());
    }
    return JsonMapper.shared().readTree(response.body()).path("data");
  }

  private HttpResponse<String> send(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(uri + path)).timeout(Duration.ofSeconds(30)).build(),
        BodyHandlers.ofString());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (process.waitFor(20, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }
}
