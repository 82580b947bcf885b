package io.millrace.engine.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpHandler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminServerTest {

  private static final InetSocketAddress FREE =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final HttpHandler BROKEN =
      exchange -> {
        throw new IllegalStateException("broken on purpose");
      };
  private static final HttpHandler NO_CONTENT = exchange -> exchange.sendResponseHeaders(204, -1);

  private final AtomicReference<Health> health = new AtomicReference<>(Health.OK);
  private final Telemetry telemetry = Telemetry.create(new BuildInfo("1.2.3", "abc"));
  private final HttpClient client = HttpClient.newHttpClient();
  private AdminServer server;

  @BeforeEach
  void open() throws IOException {
    server =
        AdminServer.open(
            FREE,
            telemetry.registry(),
            health::get,
            Map.of("/broken", BROKEN, "/faults/", NO_CONTENT));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void healthIsOkWhileTheServerCanWork() throws Exception {
    HttpResponse<String> response = get("/health");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("ok\n");
  }

  @Test
  void healthSaysWhyTheServerCannotWork() throws Exception {
    health.set(Health.failing("the disk is full"));
    HttpResponse<String> response = get("/health");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).isEqualTo("the disk is full\n");
  }

  @Test
  void metricsComeInPrometheusTextByDefault() throws Exception {
    HttpResponse<String> response = get("/metrics");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    assertThat(response.body())
        .contains("# TYPE millrace_api_requests_total counter")
        .doesNotContain("# EOF");
  }

  @Test
  void metricsComeInOpenMetricsTextToWhoAsks() throws Exception {
    HttpResponse<String> response =
        send(request("/metrics").header("Accept", "application/openmetrics-text; version=1.0.0"));
    assertThat(response.headers().firstValue("Content-Type"))
        .contains("application/openmetrics-text; version=1.0.0; charset=utf-8");
    assertThat(response.body())
        .contains("# TYPE millrace_api_requests counter")
        .endsWith("# EOF\n");
  }

  @Test
  void whatPrometheusSendsIsUnderstood() throws Exception {
    for (String accept :
        new String[] {
          // Prometheus 2.42, and 3 with UTF-8 names.
          "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;"
              + "q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
          "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
              + "application/openmetrics-text;version=0.0.1;q=0.5,"
              + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3"
        }) {
      HttpResponse<String> response = send(request("/metrics").header("Accept", accept));
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).contains("millrace_build_info{");
    }
  }

  @Test
  void aHeadRequestGetsTheStatusAlone() throws Exception {
    HttpResponse<String> response =
        send(request("/metrics").method("HEAD", HttpRequest.BodyPublishers.noBody()));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void writingMethodsAreRefused() throws Exception {
    for (String path : new String[] {"/", "/health", "/metrics"}) {
      HttpResponse<String> response =
          send(request(path).POST(HttpRequest.BodyPublishers.ofString("x")));
      assertThat(response.statusCode()).as(path).isEqualTo(405);
      assertThat(response.headers().firstValue("Allow")).contains("GET, HEAD");
    }
  }

  @Test
  void otherPathsAreNotFound() throws Exception {
    for (String path : new String[] {"/x", "/index.html", "/metricsx", "/metrics/", "/health/x"}) {
      assertThat(get(path).statusCode()).as(path).isEqualTo(404);
    }
  }

  @Test
  void theRootIsAPageThatLoadsNothingFromElsewhere() throws IOException, InterruptedException {
    HttpResponse<String> page = get("/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'")
        .contains("connect-src 'self'");
    assertThat(page.body()).startsWith("<!doctype html>").doesNotContain("http://", "https://");
  }

  @Test
  void addedHandlersAnswerUnderTheirPath() throws Exception {
    assertThat(get("/faults/").statusCode()).isEqualTo(204);
    assertThat(get("/faults/pause").statusCode()).isEqualTo(204);
    assertThat(get("/faults").statusCode()).isEqualTo(404);
  }

  @Test
  void aBrokenHandlerCostsItsCallerAloneA500() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(get("/broken").statusCode()).isEqualTo(500);
    }
    assertThat(get("/health").statusCode()).isEqualTo(200);
  }

  @Test
  void thePathsOfTheAdminPortCannotBeTaken() {
    assertThatThrownBy(
            () ->
                AdminServer.open(
                    FREE, new PrometheusRegistry(), health::get, Map.of("/metrics", NO_CONTENT)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("/metrics");
  }

  @Test
  void aTakenPortIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address = (InetSocketAddress) taken.getLocalSocketAddress();
      AddressUnavailableException refusal =
          catchThrowableOfType(
              AddressUnavailableException.class,
              () ->
                  AdminServer.open(address, new PrometheusRegistry(), health::get, Map.of())
                      .close());
      assertThat(refusal.address()).isEqualTo(address);
      assertThat(refusal).hasMessageContaining(":" + address.getPort() + ": ");
    }
  }

  @Test
  void aClosedServerFreesItsPort() throws Exception {
    InetSocketAddress address = server.address();
    get("/health");
    server.close();
    server = AdminServer.open(address, new PrometheusRegistry(), health::get, Map.of());
    assertThat(get("/health").statusCode()).isEqualTo(200);
  }

  @Test
  void callersThatNeverFinishTheirRequestDoNotHoldTheServer() throws Exception {
    try (Socket one = unfinishedRequest();
        Socket two = unfinishedRequest()) {
      assertThat(get("/health").statusCode()).isEqualTo(200);
      assertThat(one.getInputStream().read()).as("cut off").isEqualTo(-1);
      assertThat(two.getInputStream().read()).as("cut off").isEqualTo(-1);
    }
  }

  private Socket unfinishedRequest() throws IOException {
    Socket socket = new Socket(server.address().getAddress(), server.address().getPort());
    socket.setSoTimeout(20_000);
    socket.getOutputStream().write("GET /health HTTP/1.1\r\nX: ".getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
    return socket;
  }

  @Test
  void itsThreadsDoNotKeepTheProcessAlive() throws Exception {
    get("/health");
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(
            thread ->
                thread.getName().startsWith("millrace-admin")
                    || thread.getName().equals("HTTP-Dispatcher"))
        .hasSizeGreaterThanOrEqualTo(2)
        .allMatch(Thread::isDaemon);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + server.address().getPort() + path))
        .timeout(Duration.ofSeconds(20));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }
}
