package io.millrace.chaos.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the session makes of every way in which an answer can fail to come. */
class SdkSessionTest {

  private static final OutgoingMessage MESSAGE =
      OutgoingMessage.of("hello", Map.of("Kind", new Attribute("String", "greeting")));

  private final AtomicInteger requests = new AtomicInteger();
  private final HttpServer server = server();
  private @Nullable HttpContext answering;

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void refusedConnectionIsAFailure() throws IOException {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }

    Outcome<Sent> outcome = send(URI.create("http://127.0.0.1:" + port), Duration.ofSeconds(5));

    assertThat(outcome).isInstanceOf(Outcome.Fail.class);
    assertThat(outcome.code()).contains("Connect");
  }

  @Test
  void refusalByTheServerIsAFailureWithItsCode() {
    answer(
        400,
        "{\"__type\":\"com.amazonaws.sqs#QueueDoesNotExist\",\"message\":\"no\"}",
        "AWS.SimpleQueueService.NonExistentQueue;Sender");

    Outcome<Sent> outcome = send(uri(), Duration.ofSeconds(5));

    assertThat(outcome).isInstanceOf(Outcome.Fail.class);
    assertThat(outcome.code()).contains("NonExistentQueue");
  }

  @Test
  void errorOfTheServerIsUnknownAndNotTriedAgain() {
    answer(503, "{}", "");

    Outcome<Sent> outcome = send(uri(), Duration.ofSeconds(5));

    assertThat(outcome).isInstanceOf(Outcome.Unknown.class);
    assertThat(requests).hasValue(1);
  }

  @Test
  void cutConnectionIsUnknownAndNotTriedAgain() throws IOException {
    AtomicInteger connections = new AtomicInteger();
    try (ServerSocket cutter = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread thread =
          new Thread(
              () -> {
                while (!cutter.isClosed()) {
                  try (Socket socket = cutter.accept()) {
                    connections.incrementAndGet();
                    assertThat(socket.getInputStream().read()).isPositive();
                  } catch (IOException closed) {
                    return;
                  }
                }
              });
      thread.setDaemon(true);
      thread.start();

      Outcome<Sent> outcome =
          send(URI.create("http://127.0.0.1:" + cutter.getLocalPort()), Duration.ofSeconds(5));

      assertThat(outcome).isInstanceOf(Outcome.Unknown.class);
      assertThat(connections).hasValue(1);
    }
  }

  @Test
  void silenceIsUnknown() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Outcome<Sent> outcome =
          send(URI.create("http://127.0.0.1:" + silent.getLocalPort()), Duration.ofMillis(200));

      assertThat(outcome).isEqualTo(new Outcome.Unknown<>("SocketTimeoutException"));
    }
  }

  @Test
  void digestsInTheAnswerAreCompared() {
    answer(
        200,
        """
        {"MessageId":"m","MD5OfMessageBody":"%s","MD5OfMessageAttributes":"%s"}
        """
            .formatted(Digests.ofBody("hello"), Digests.ofAttributes(MESSAGE.attributes())),
        "");
    Outcome<Sent> right = send(uri(), Duration.ofSeconds(5));
    answer(200, "{\"MessageId\":\"m\",\"MD5OfMessageBody\":\"00\"}", "");
    Outcome<Sent> wrong = send(uri(), Duration.ofSeconds(5));

    assertThat(right).isEqualTo(new Outcome.Ok<>(new Sent("m", true)));
    assertThat(wrong).isEqualTo(new Outcome.Ok<>(new Sent("m", false)));
  }

  @Test
  void eachEntryOfABatchOfDeletesHasItsOwnOutcome() {
    answer(
        200,
        """
        {"Successful":[{"Id":"0"}],
         "Failed":[{"Id":"2","Code":"ReceiptHandleIsInvalid","SenderFault":true},
                   {"Id":"3","Code":"InternalError","SenderFault":false}]}
        """,
        "");

    try (SqsEndpoint endpoint = SqsEndpoint.of(uri(), 1, Duration.ofSeconds(5))) {
      BatchOutcome<Done> outcome =
          endpoint
              .session(uri() + "/000000000000/q")
              .deleteBatch(BatchItem.numbered(List.of("a", "b", "c", "d")));

      assertThat(outcome.whole()).isEqualTo(new Outcome.Ok<>(new BatchOutcome.Answer(1, 2, 0)));
      assertThat(outcome.entries())
          .containsExactly(
              new Outcome.Ok<>(Done.DONE),
              new Outcome.Unknown<>("NotInTheAnswer"),
              new Outcome.Fail<>("ReceiptHandleIsInvalid"),
              new Outcome.Unknown<>("InternalError"));
    }
  }

  private Outcome<Sent> send(URI uri, Duration timeout) {
    try (SqsEndpoint endpoint = SqsEndpoint.of(uri, 1, timeout)) {
      return endpoint.session(uri + "/000000000000/q").send(MESSAGE);
    }
  }

  private URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void answer(int status, String body, String queryError) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    HttpHandler handler =
        exchange -> {
          requests.incrementAndGet();
          exchange.getRequestBody().readAllBytes();
          if (!queryError.isEmpty()) {
            exchange.getResponseHeaders().set("x-amzn-query-error", queryError);
          }
          exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        };
    requests.set(0);
    if (answering != null) {
      server.removeContext(answering);
    }
    answering = server.createContext("/", handler);
  }

  private static HttpServer server() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
