package io.millrace.chaos.serve;

import io.millrace.chaos.policy.ChaosJson;
import io.millrace.chaos.policy.ChaosPolicy;
import io.millrace.chaos.policy.FaultLog;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The chaos pages of a server's admin port, from without: switches its faults, and tells what
 * became of them.
 *
 * <p>Owned by one thread.
 */
public final class ChaosAdmin {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final URI admin;
  private long heard;

  /**
   * Talks to a server, whose log of faults is read from its beginning.
   *
   * @param admin its admin port's address
   */
  public ChaosAdmin(URI admin) {
    this.admin = admin;
  }

  /**
   * Puts a policy in force.
   *
   * @throws IOException if the server does not answer or refuses it
   */
  public void set(ChaosPolicy policy) throws IOException {
    ask("PUT", "/chaos", HttpRequest.BodyPublishers.ofString(ChaosJson.of(policy)));
  }

  /** From here on nothing new goes wrong; what was begun may still end. */
  public void clear() throws IOException {
    ask("DELETE", "/chaos", HttpRequest.BodyPublishers.noBody());
  }

  /**
   * The lines of the fault log since the last call, in their order.
   *
   * @throws IOException if the server does not answer, or has forgotten lines that nobody has read
   */
  public List<FaultLog.Line> news() throws IOException {
    List<FaultLog.Line> news = new ArrayList<>();
    List<FaultLog.Line> lines;
    do {
      lines =
          ChaosJson.lines(
              ask("GET", "/chaos/faults?since=" + heard, HttpRequest.BodyPublishers.noBody()));
      for (FaultLog.Line line : lines) {
        if (line.number() != heard + 1) {
          throw new IOException(
              "lines %d to %d of the fault log are gone".formatted(heard + 1, line.number() - 1));
        }
        heard = line.number();
      }
      news.addAll(lines);
    } while (!lines.isEmpty());
    return news;
  }

  private String ask(String method, String page, HttpRequest.BodyPublisher body)
      throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(admin.resolve(page)).method(method, body).timeout(TIMEOUT).build();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IOException(
            "%s %s is answered %d: %s"
                .formatted(method, page, answer.statusCode(), answer.body().strip()));
      }
      return answer.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while asking the admin port", e);
    }
  }
}
