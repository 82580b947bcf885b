package io.millrace.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.millrace.chaos.run.LabMetrics;
import io.millrace.chaos.serve.FaultMetricsFixture;
import io.millrace.engine.EngineConfig;
import io.millrace.engine.Server;
import io.millrace.engine.ServerConfig;
import io.millrace.engine.telemetry.AdminServer;
import io.millrace.engine.telemetry.BuildInfo;
import io.millrace.engine.telemetry.Health;
import io.millrace.engine.telemetry.Telemetry;
import io.millrace.engine.wire.WireConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The admin port's page in a real browser, without a window. */
class LivePageTest {

  /** How far the browser turns its clock on before it shows what it has: a few readings. */
  private static final int PAGE_MS = 7_000;

  @TempDir private Path folder = Path.of("unset");

  @Test
  void aServerShowsItsQueuesAndRates() throws Exception {
    Path browser = Tool.require("chromium", "chromium");
    try (Server server =
            Server.open(
                ServerConfig.of(
                    EngineConfig.at(folder.resolve("data")),
                    WireConfig.DEFAULT.at("127.0.0.1", 0),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        LiveTraffic traffic =
            LiveTraffic.start(URI.create("http://127.0.0.1:" + server.address().getPort() + "/"))) {
      traffic.awaitRounds();
      String page = dom(browser, server.adminAddress().getPort());
      assertThat(page).contains("data-state=\"live\">Live.");
      assertThat(page).contains("<th scope=\"row\">live-orders</th>");
      assertThat(page).contains("<dt>send p99, at most</dt>");
      assertThat(page).as("no figure is broken").doesNotContain("NaN", "undefined");
      assertThat(page).contains("<section id=\"lab\" aria-labelledby=\"lab-title\" hidden=\"\">");
    }
  }

  @Test
  void aServerThatMisbehavesOnPurposeSaysWhatItDid() throws Exception {
    Path browser = Tool.require("chromium", "chromium");
    Telemetry telemetry = Telemetry.create(BuildInfo.ofBuild());
    FaultMetricsFixture.register(telemetry.registry());
    try (AdminServer admin =
        AdminServer.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            telemetry.registry(),
            () -> Health.OK,
            Map.of())) {
      assertThat(dom(browser, admin.address().getPort()))
          .contains(
              "Faults injected since the start: <span id=\"injected-kinds\">duplicate-now 1</span>");
    }
  }

  /** A process that was stopped keeps its connections and answers nothing. */
  @Test
  void aServerThatNoLongerAnswersIsNotCalledLive() throws Exception {
    Path browser = Tool.require("chromium", "chromium");
    try (Stalled server = Stalled.start()) {
      String page = shown(browser, server.port());
      assertThat(page).contains("data-state=\"lost\">No answer");
      assertThat(server.asked.get()).as("readings the page has tried").isGreaterThanOrEqualTo(3);
    }
  }

  /**
   * The live page of a server that answers one reading and then none. A picture on it arrives once
   * the page has given a reading up and tries again; the browser takes it for loaded only then.
   */
  private record Stalled(
      HttpServer server, ExecutorService threads, AtomicInteger asked, CountDownLatch gaveUp)
      implements AutoCloseable {

    private static final int GIVES_UP_SECONDS_MAX = 60;

    static Stalled start() throws IOException {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      Stalled stalled =
          new Stalled(
              server, Executors.newCachedThreadPool(), new AtomicInteger(), new CountDownLatch(1));
      server.setExecutor(stalled.threads);
      server.createContext("/", stalled::page);
      server.createContext("/metrics/per-queue", stalled::reading);
      server.createContext("/picture", stalled::picture);
      server.start();
      return stalled;
    }

    int port() {
      return server.getAddress().getPort();
    }

    private void page(HttpExchange exchange) throws IOException {
      try (InputStream in = AdminServer.class.getResourceAsStream("live.html")) {
        byte[] live = Objects.requireNonNull(in).readAllBytes();
        byte[] picture = "<img src=\"/picture\" alt=\"\">".getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        exchange.sendResponseHeaders(200, live.length + picture.length);
        exchange.getResponseBody().write(live);
        exchange.getResponseBody().write(picture);
      }
      exchange.close();
    }

    /** Holds all but the first until the end. */
    private void reading(HttpExchange exchange) throws IOException {
      int reading = asked.incrementAndGet();
      if (reading == 1) {
        byte[] metrics = "millrace_build_info 1\n".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, metrics.length);
        exchange.getResponseBody().write(metrics);
        exchange.close();
      } else if (reading == 3) {
        gaveUp.countDown();
      }
    }

    private void picture(HttpExchange exchange) throws IOException {
      try {
        boolean inTime = gaveUp.await(GIVES_UP_SECONDS_MAX, TimeUnit.SECONDS);
        exchange.sendResponseHeaders(inTime ? 404 : 410, -1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      exchange.close();
    }

    @Override
    public void close() {
      server.stop(0);
      threads.shutdownNow();
    }
  }

  @Test
  void aLabShowsItsRun() throws Exception {
    Path browser = Tool.require("chromium", "chromium");
    try (LabMetrics lab = LabMetrics.open(0)) {
      String page = dom(browser, lab.uri().getPort());
      assertThat(page).contains("data-state=\"live\">Live.");
      assertThat(page).contains("<span id=\"verdict\">not judged yet</span>");
      assertThat(page).contains("<dt>due /s</dt>");
      assertThat(page)
          .contains("<section id=\"queues\" aria-labelledby=\"queues-title\" hidden=\"\">");
    }
  }

  private String dom(Path browser, int port) throws IOException, InterruptedException {
    return shown(browser, port, "--virtual-time-budget=" + PAGE_MS);
  }

  /** What the browser has once it has loaded all; it does not turn its clock on. */
  private String shown(Path browser, int port, String... options)
      throws IOException, InterruptedException {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--headless=new",
                "--no-sandbox", // root's browser has none
                "--disable-gpu",
                "--user-data-dir=" + folder.resolve("browser"),
                "--dump-dom"));
    all.addAll(List.of(options));
    all.add("http://127.0.0.1:" + port + "/");
    Tool.Ended shown = Tool.run(browser, all.toArray(String[]::new));
    assertThat(shown.status()).as(shown.output()).isZero();
    return shown.output();
  }
}
