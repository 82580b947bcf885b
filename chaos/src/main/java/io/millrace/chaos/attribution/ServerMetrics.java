package io.millrace.chaos.attribution;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** What a server says of itself on its admin port, in Prometheus's text format. */
public final class ServerMetrics {

  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final URI metrics;

  /** Of the server with this admin port. */
  public ServerMetrics(URI admin) {
    this.metrics = admin.resolve("/metrics");
  }

  /**
   * How long the compilers of its JVM have worked since it was started, in seconds.
   *
   * @throws IOException if it does not answer, or does not tell
   */
  public double compiledSeconds() throws IOException {
    return sample("jvm_compilation_time_seconds_total");
  }

  /**
   * The value of a metric that has no labels, now.
   *
   * @throws IOException if the server does not answer, or has no such metric
   */
  public double sample(String name) throws IOException {
    String head = name + " ";
    Optional<String> line = scrape().lines().filter(each -> each.startsWith(head)).findFirst();
    if (line.isEmpty()) {
      throw new IOException(metrics + " does not tell " + name);
    }
    return Double.parseDouble(line.get().substring(head.length()));
  }

  private String scrape() throws IOException {
    HttpRequest request = HttpRequest.newBuilder(metrics).timeout(TIMEOUT).build();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException(metrics + " is answered " + answer.statusCode());
      }
      return answer.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the server's metrics were asked for", e);
    }
  }
}
