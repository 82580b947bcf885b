package io.millrace.dashboards;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client that brings forth everything a dashboard shows of a server: messages done at once, late,
 * again and never, polls that wait, mistakes, and a dead-letter queue. Runs on a thread of its own
 * until closed.
 */
final class LiveTraffic implements AutoCloseable {

  private static final int ROUNDS_AWAITED = 3;

  private final HttpClient http = HttpClient.newHttpClient();

  /** Of every request. */
  static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";

  private final URI endpoint;
  private final Thread thread;
  private final CountDownLatch rounds = new CountDownLatch(ROUNDS_AWAITED);
  private volatile boolean stopped;

  /** What ended it before it was told to end. */
  private volatile Optional<Throwable> failure = Optional.empty();

  private LiveTraffic(URI endpoint) {
    this.endpoint = endpoint;
    this.thread = new Thread(this::run, "live-traffic");
  }

  static LiveTraffic start(URI endpoint) {
    LiveTraffic traffic = new LiveTraffic(endpoint);
    traffic.thread.start();
    return traffic;
  }

  /** Waits until a few rounds of it are done. */
  void awaitRounds() throws InterruptedException {
    if (!rounds.await(30, TimeUnit.SECONDS)) {
      throw new AssertionError("the traffic does not flow: " + failure);
    }
  }

  /** Stops, and tells if something went wrong meanwhile. */
  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    failure.ifPresent(
        cause -> {
          throw new AssertionError("the traffic failed", cause);
        });
  }

  private void run() {
    try {
      String dead = queue("live-dead", "{}");
      String orders =
          queue(
              "live-orders",
              """
              {"VisibilityTimeout":"1","RedrivePolicy":"{\\"deadLetterTargetArn\\":\\"%s\\",\\"maxReceiveCount\\":\\"2\\"}"}"""
                  .formatted(attribute(dead, "QueueArn")));
      String idle = queue("live-idle", "{}");
      for (int round = 0; !stopped; round++) {
        round(orders, idle, round);
        rounds.countDown();
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      failure = Optional.of(e);
    }
  }

  private void round(String orders, String idle, int round)
      throws IOException, InterruptedException {
    for (int i = 0; i < 5; i++) {
      ask("SendMessage", orders, ",\"MessageBody\":\"order %d %d\"".formatted(round, i));
    }
    JsonNode messages =
        ask("ReceiveMessage", orders, ",\"MaxNumberOfMessages\":10").path("Messages");
    int number = 0;
    for (JsonNode message : messages) {
      String handle =
          ",\"ReceiptHandle\":\"%s\"".formatted(message.path("ReceiptHandle").asString());
      number++;
      if (number == 1) {
        ask("ChangeMessageVisibility", orders, handle + ",\"VisibilityTimeout\":0");
      } else if (number > 2 || round % 4 != 0) {
        ask("DeleteMessage", orders, handle);
      }
    }
    ask("DeleteMessage", orders, ",\"ReceiptHandle\":\"no handle\"");
    ask("ReceiveMessage", idle, ""); // finds nothing
    if (round % 10 == 0) {
      ask("ReceiveMessage", idle, ",\"WaitTimeSeconds\":1"); // waits for nothing
    }
  }

  private String queue(String name, String attributes) throws IOException, InterruptedException {
    return call(
            "CreateQueue", "{\"QueueName\":\"%s\",\"Attributes\":%s}".formatted(name, attributes))
        .path("QueueUrl")
        .asString();
  }

  private String attribute(String queue, String name) throws IOException, InterruptedException {
    return ask("GetQueueAttributes", queue, ",\"AttributeNames\":[\"All\"]")
        .path("Attributes")
        .path(name)
        .asString();
  }

  private JsonNode ask(String action, String queue, String more)
      throws IOException, InterruptedException {
    return call(action, "{\"QueueUrl\":\"%s\"%s}".formatted(queue, more));
  }

  private JsonNode call(String action, String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(endpoint)
            .header("Content-Type", "application/x-amz-json-1.0")
            .header("X-Amz-Target", "AmazonSQS." + action)
            .header("traceparent", "00-" + TRACE_ID + "-b7ad6b7169203331-01")
            .timeout(Duration.ofSeconds(20))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    String answer = http.send(request, BodyHandlers.ofString()).body();
    return JsonMapper.shared().readTree(answer.isEmpty() ? "{}" : answer);
  }
}
