package io.millrace.dashboards;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.run.LabMetrics;
import io.millrace.engine.EngineConfig;
import io.millrace.engine.Server;
import io.millrace.engine.ServerConfig;
import io.millrace.engine.wire.WireConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
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
    Tool.Ended shown =
        Tool.run(
            browser,
            "--headless=new",
            "--no-sandbox", // root's browser has none
            "--disable-gpu",
            "--user-data-dir=" + folder.resolve("browser"),
            "--virtual-time-budget=" + PAGE_MS,
            "--dump-dom",
            "http://127.0.0.1:" + port + "/");
    assertThat(shown.status()).as(shown.output()).isZero();
    return shown.output();
  }
}
