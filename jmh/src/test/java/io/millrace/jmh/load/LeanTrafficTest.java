package io.millrace.jmh.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The lean client, before a server that only counts. */
class LeanTrafficTest {

  private static final int SENDS_MAX = 4;
  private static final int COUNT = 40;

  private final Map<Integer, AtomicInteger> requestsByPort = new ConcurrentHashMap<>();

  /** Otherwise those at the bottom of a pile idle until the server closes them. */
  @Test
  @Timeout(60)
  void connectionsForSendsAreUsedInTurn() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          requestsByPort
              .computeIfAbsent(exchange.getRemoteAddress().getPort(), port -> new AtomicInteger())
              .incrementAndGet();
          exchange.getRequestBody().readAllBytes();
          byte[] answer = "{}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    Samples samples = new Samples(new Arrivals.Constant().dueNs(200, COUNT, 1), 0);
    try (LeanTraffic traffic =
        new LeanTraffic(
            server.getAddress(),
            List.of("queue"),
            workload(),
            new Workload.Step(200, 1, 0),
            new Pace(COUNT),
            samples)) {
      traffic.startReceiving();
      traffic.startSending();
      while (!traffic.sentAll()) {
        traffic.check();
        Thread.onSpinWait();
      }
    } finally {
      server.stop(0);
    }

    assertThat(samples.errors()).isEmpty();
    assertThat(requestsByPort.values())
        .hasSize(SENDS_MAX)
        .allSatisfy(requests -> assertThat(requests.get()).isBetween(8, 12));
  }

  private static Workload workload() {
    return new Workload(
        "in turn",
        "x",
        new Arrivals.Constant(),
        List.of(200),
        1,
        128,
        "none",
        List.of(1),
        List.of(1),
        0,
        1,
        0,
        SENDS_MAX,
        10);
  }
}
