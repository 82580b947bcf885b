package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.wire.WireConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a server tells of single requests: examples on its histograms, its access log. */
@Timeout(60)
class ObservedRequestsTest {

  private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
  private static final String TRACEPARENT = "00-" + TRACE_ID + "-b7ad6b7169203331-01";
  private static final String X_RAY = "Root=1-0af76519-16cd43dd8448eb211c80319c;Sampled=1";
  private static final String[] NO_HEADERS = {};

  @TempDir Path directory;

  private Optional<Server> server = Optional.empty();

  @AfterEach
  void stop() throws IOException {
    if (server.isPresent()) {
      server.get().close();
      server = Optional.empty();
    }
  }

  private Server open(WireConfig wire, Optional<Path> accessLog) throws IOException {
    Server opened =
        Server.open(
            ServerConfig.of(
                    EngineConfig.at(directory.resolve("data")),
                    wire.at("127.0.0.1", 0),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withAccessLog(accessLog));
    server = Optional.of(opened);
    return opened;
  }

  private Server open() throws Exception {
    Server opened = open(WireConfig.DEFAULT, Optional.empty());
    call(opened, "CreateQueue", "{\"QueueName\":\"orders\"}", NO_HEADERS);
    return opened;
  }

  private static HttpResponse<String> call(
      Server server, String action, String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.address().getPort() + "/"))
            .version(HttpClient.Version.HTTP_1_1)
            .header("Content-Type", "application/x-amz-json-1.0")
            .header("X-Amz-Target", "AmazonSQS." + action)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> send(Server server, String... headers) throws Exception {
    return call(
        server,
        "SendMessage",
        "{\"QueueUrl\":\"http://localhost/000000000000/orders\",\"MessageBody\":\"m\"}",
        headers);
  }

  private static String metrics(Server server, String accept) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(
                    URI.create("http://127.0.0.1:" + server.adminAddress().getPort() + "/metrics"))
                .header("Accept", accept)
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /** The sampled lines of the latency of sends that have an example. */
  private static List<String> examples(Server server) throws Exception {
    return metrics(server, "application/openmetrics-text; version=1.0.0")
        .lines()
        .filter(
            line ->
                line.startsWith("millrace_api_request_duration_seconds_bucket")
                    && line.contains("SendMessage")
                    && line.contains(" # {"))
        .toList();
  }

  @Test
  void aTraceIsTheExampleOfItsLatencyWhicheverWayItCame() throws Exception {
    for (String[] header :
        List.of(
            new String[] {"traceparent", TRACEPARENT},
            new String[] {"X-Amzn-Trace-Id", X_RAY},
            new String[] {"X-Amzn-Trace-Id", X_RAY.replace(";Sampled=1", "")})) {
      Server opened = open();
      assertThat(send(opened, header).statusCode()).isEqualTo(200);
      List<String> examples = examples(opened);
      assertThat(examples).as(header[0]).hasSize(1);
      Matcher example =
          Pattern.compile(".*le=\"(\\S+)\"} \\d+ # \\{trace_id=\"(\\w+)\"} (\\S+) \\S+")
              .matcher(examples.get(0));
      assertThat(example.matches()).as(examples.get(0)).isTrue();
      assertThat(example.group(2)).isEqualTo(TRACE_ID);
      assertThat(Double.parseDouble(example.group(3)))
          .isPositive()
          .isLessThanOrEqualTo(Double.parseDouble(example.group(1).replace("+Inf", "Infinity")));
      assertThat(metrics(opened, "text/plain")).doesNotContain(TRACE_ID);
      stop();
    }
  }

  @Test
  void whatIsNotKeptOrNoTraceIsNoExample() throws Exception {
    Server opened = open();
    assertThat(send(opened, NO_HEADERS).statusCode()).isEqualTo(200);
    for (String notSampled :
        List.of(
            TRACEPARENT.replace("-01", "-00"),
            "nonsense",
            "00-" + "0".repeat(32) + "-b7ad6b7169203331-01")) {
      assertThat(send(opened, "traceparent", notSampled).statusCode()).isEqualTo(200);
    }
    assertThat(send(opened, "X-Amzn-Trace-Id", X_RAY.replace("=1", "=0")).statusCode())
        .isEqualTo(200);
    assertThat(send(opened, "X-Amzn-Trace-Id", "Self=1-2").statusCode()).isEqualTo(200);
    assertThat(examples(opened)).isEmpty();
  }

  @Test
  void theAccessLogHasALineForEachRequest() throws Exception {
    Path file = directory.resolve("access.log");
    Server opened = open(WireConfig.DEFAULT, Optional.of(file));
    call(opened, "CreateQueue", "{\"QueueName\":\"orders\"}", NO_HEADERS);
    String sent = requestId(send(opened, "traceparent", TRACEPARENT));
    String missing =
        requestId(
            call(
                opened,
                "GetQueueUrl",
                "{\"QueueName\":\"missing\"}",
                "X-Amzn-Trace-Id",
                X_RAY.replace("Sampled=1", "Sampled=0")));
    String illegal = requestId(call(opened, "FooBar\"", "{}", NO_HEADERS));
    try (Socket raw = new Socket(InetAddress.getLoopbackAddress(), opened.address().getPort())) {
      raw.getOutputStream()
          .write("PUT / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(raw.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 405 ");
    }
    stop();

    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(5).allMatch(line -> line.startsWith("{") && line.endsWith("\"}"));
    assertThat(lines.get(1))
        .matches(".*\"time\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\S*Z\".*")
        .matches(".*\"latency_us\":[1-9]\\d*,.*")
        .matches(".*\"request_bytes\":[1-9]\\d*,\"answer_bytes\":[1-9]\\d*,.*")
        .contains("\"action\":\"SendMessage\",\"queue\":\"orders\",\"status\":200,\"error\":\"\"")
        .contains("\"request_id\":\"" + sent + "\",\"trace_id\":\"" + TRACE_ID + "\"");
    assertThat(lines.get(2))
        .contains("\"queue\":\"missing\",\"status\":400,\"error\":\"QueueDoesNotExist\"")
        .contains("\"request_id\":\"" + missing + "\",\"trace_id\":\"" + TRACE_ID + "\"");
    assertThat(lines.get(3))
        .contains("\"action\":\"Unknown\",\"queue\":\"\",\"status\":400")
        .contains("\"request_id\":\"" + illegal + "\",\"trace_id\":\"\"");
    assertThat(lines.get(4)).contains("\"status\":405,\"error\":\"MethodNotAllowed\"");
  }

  private static String requestId(HttpResponse<String> answer) {
    return answer.headers().firstValue("x-amzn-RequestId").orElse("no id");
  }

  @Test
  void anAccessLogThatCannotBeWrittenKeepsTheServerFromStartingAndLetsItsDataGo() throws Exception {
    Path file = directory.resolve("nowhere").resolve("access.log");
    assertThatThrownBy(() -> open(WireConfig.DEFAULT, Optional.of(file)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
    assertThat(open(WireConfig.DEFAULT, Optional.empty()).address().getPort()).isPositive();
  }

  @Test
  void whatIsToldToComeAgainIsCountedByWhatWasFull() throws Exception {
    WireConfig one =
        WireConfig.DEFAULT.within(
            WireConfig.Sizes.DEFAULT,
            WireConfig.Times.DEFAULT,
            new WireConfig.Counts(
                1,
                WireConfig.Counts.DEFAULT.pipelinedMax(),
                WireConfig.Counts.DEFAULT.receivesMax()));
    Server opened = open(one, Optional.empty());
    assertThat(throttled(opened)).as("each cause is there before its first").hasSize(5);
    assertThat(throttled(opened)).allMatch(line -> line.endsWith(" 0.0"));
    int port = opened.address().getPort();
    try (Socket first = new Socket(InetAddress.getLoopbackAddress(), port)) {
      first
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(first.getInputStream().read()).isEqualTo('H');
      try (Socket second = new Socket(InetAddress.getLoopbackAddress(), port)) {
        assertThat(new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .startsWith("HTTP/1.1 503 ");
      }
    }
    assertThat(throttled(opened).stream().filter(line -> !line.endsWith(" 0.0")))
        .containsExactly("millrace_api_throttled_total{cause=\"connections\"} 1.0");
  }

  private static List<String> throttled(Server server) throws Exception {
    return metrics(server, "text/plain")
        .lines()
        .filter(line -> line.startsWith("millrace_api_throttled_total{"))
        .toList();
  }
}
