package io.millrace.chaos.scenario;

import io.millrace.chaos.policy.ChaosJson;
import io.millrace.chaos.policy.ChaosPolicy;
import io.millrace.chaos.policy.FaultLog;
import io.millrace.chaos.policy.Mishap;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The chaos pages of a server's admin port: sets its policy, and hears of every fault that fires
 * there. The two processes share the machine's monotonic clock, so instants need no translation.
 *
 * <p>Threads: opened, set and closed by one; it listens on one of its own.
 */
final class FaultFeed implements AutoCloseable {

  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final URI admin;
  private final Consumer<FaultLog.Line> listener;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "fault-feed");
            thread.setDaemon(true);
            return thread;
          });

  /** Of the listening thread; and of the closing one, once that has ended. */
  private long heard;

  /** Written by the listening thread, read by the closing one. */
  private volatile @Nullable IOException broken;

  private FaultFeed(URI admin, Consumer<FaultLog.Line> listener) {
    this.admin = admin;
    this.listener = listener;
  }

  /** Listens from the first fault on. */
  static FaultFeed open(URI admin, Consumer<FaultLog.Line> listener) {
    FaultFeed feed = new FaultFeed(admin, listener);
    var unused =
        feed.timer.scheduleWithFixedDelay(feed::listen, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    return feed;
  }

  /** Puts a policy in force. */
  void set(ChaosPolicy policy) throws IOException {
    ask(
        HttpRequest.newBuilder(admin.resolve("/chaos"))
            .PUT(HttpRequest.BodyPublishers.ofString(ChaosJson.of(policy))));
  }

  /**
   * Hears everything that fired so far, and no more.
   *
   * @throws IOException if something may have been missed
   */
  @Override
  public void close() throws IOException {
    timer.shutdown();
    try {
      if (!timer.awaitTermination(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException("the server's faults are not told in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while listening to faults", e);
    }
    IOException before = broken;
    if (before != null) {
      throw before;
    }
    hear();
  }

  private void listen() {
    try {
      if (broken == null) {
        hear();
      }
    } catch (IOException e) {
      broken = e;
    }
  }

  private void hear() throws IOException {
    long before;
    do {
      before = heard;
      String lines = ask(HttpRequest.newBuilder(admin.resolve("/chaos/faults?since=" + heard)));
      for (String line : lines.lines().toList()) {
        FaultLog.Line fault = read(MAPPER.readTree(line));
        if (fault.number() != heard + 1) {
          throw new IOException(
              "faults " + (heard + 1) + " to " + (fault.number() - 1) + " were not heard of");
        }
        heard = fault.number();
        listener.accept(fault);
      }
    } while (heard > before);
  }

  private static FaultLog.Line read(JsonNode line) throws IOException {
    String kind = line.get("kind").asString();
    return new FaultLog.Line(
        line.get("number").asLong(),
        line.get("fault").asLong(),
        Mishap.named(kind).orElseThrow(() -> new IOException("no fault is called " + kind)),
        line.get("queue").asString(),
        line.get("target").asString(),
        FaultLog.Stage.valueOf(line.get("stage").asString()),
        line.get("atNanos").asLong(),
        line.get("detail").asString());
  }

  private String ask(HttpRequest.Builder request) throws IOException {
    try {
      HttpResponse<String> answer =
          http.send(request.timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException("the admin port says: " + answer.body());
      }
      return answer.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking the admin port", e);
    }
  }
}
