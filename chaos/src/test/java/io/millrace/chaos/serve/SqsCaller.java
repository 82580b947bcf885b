package io.millrace.chaos.serve;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks the JSON protocol and to the admin port, without an SDK between. */
public final class SqsCaller {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String base;
  private final String admin;

  /** Calls an endpoint and its admin port. */
  public SqsCaller(InetSocketAddress address, InetSocketAddress adminAddress) {
    this.base = "http://127.0.0.1:" + address.getPort();
    this.admin = "http://127.0.0.1:" + adminAddress.getPort();
  }

  /** An answer. */
  public record Answer(int status, JsonNode body) {}

  /** Makes a queue and returns its URL. */
  public String createQueue(String name) throws IOException {
    return ask("CreateQueue", Map.of("QueueName", name)).body().get("QueueUrl").asString();
  }

  /** Asks for an action of a queue. */
  public Answer ask(String action, String queueUrl, Map<String, Object> more) throws IOException {
    Map<String, Object> members = new TreeMap<>(more);
    members.put("QueueUrl", queueUrl);
    return ask(action, members);
  }

  private Answer ask(String action, Map<String, ?> members) throws IOException {
    HttpResponse<String> response =
        send(
            HttpRequest.newBuilder(URI.create(base + "/"))
                .header("Content-Type", "application/x-amz-json-1.0")
                .header("X-Amz-Target", "AmazonSQS." + action)
                .POST(HttpRequest.BodyPublishers.ofString(MAPPER.writeValueAsString(members))));
    return answer(response);
  }

  /** Asks the admin port. */
  public HttpResponse<String> admin(String method, String path, String body) throws IOException {
    return send(
        HttpRequest.newBuilder(URI.create(admin + path))
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body)));
  }

  /** A text as JSON. */
  public static JsonNode json(String text) {
    return MAPPER.readTree(text);
  }

  private static Answer answer(HttpResponse<String> response) {
    String body = response.body();
    return new Answer(response.statusCode(), json(body.isEmpty() ? "{}" : body));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return http.send(
          request.timeout(Duration.ofSeconds(40)).build(), HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
