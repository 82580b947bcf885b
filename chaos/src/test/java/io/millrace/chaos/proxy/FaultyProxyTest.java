package io.millrace.chaos.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.chaos.policy.Answer;
import io.millrace.chaos.policy.ChaosPolicy;
import io.millrace.chaos.policy.FaultLog;
import io.millrace.chaos.policy.FaultRule;
import io.millrace.chaos.policy.FaultSwitch;
import io.millrace.chaos.policy.Mishap;
import io.millrace.chaos.policy.QueueFaults;
import io.millrace.chaos.policy.Span;
import io.millrace.chaos.policy.SqsAction;
import io.millrace.engine.EngineConfig;
import io.millrace.engine.Server;
import io.millrace.engine.ServerConfig;
import io.millrace.engine.shard.Durability;
import io.millrace.engine.wire.WireConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.RequestThrottledException;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** Every network fault between a real server and both a raw client and the AWS SDK. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultyProxyTest {

  private static final long SEED = 7;

  private final FaultSwitch faults = new FaultSwitch(ChaosPolicy.NONE);
  private FaultLog log = new FaultLog();
  private String queue = "";

  @SuppressWarnings("NullAway.Init")
  private Server server;

  @SuppressWarnings("NullAway.Init")
  private SqsClient direct;

  @BeforeAll
  void open(@TempDir Path data) throws IOException {
    server =
        Server.open(
            ServerConfig.of(
                EngineConfig.at(data).withDurability(Durability.PROCESS_CRASH),
                WireConfig.DEFAULT.at("127.0.0.1", 0),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    direct = client(server.address());
  }

  @AfterAll
  void close() throws IOException {
    direct.close();
    server.close();
  }

  @BeforeEach
  void newQueue(TestInfo test) {
    queue = test.getTestMethod().orElseThrow().getName();
    log = new FaultLog();
    faults.set(ChaosPolicy.NONE);
    direct.createQueue(request -> request.queueName(queue));
  }

  @Test
  void withoutFaultsBothProtocolsPassUnchanged() throws IOException {
    try (FaultyProxy proxy = proxy();
        SqsClient sqs = client(proxy.address())) {
      String url = sqs.getQueueUrl(request -> request.queueName(queue)).queueUrl();
      assertThat(url).contains(":" + proxy.address().getPort() + "/");
      String body = "ü".repeat(100_000);
      sqs.sendMessage(request -> request.queueUrl(url).messageBody(body));
      assertThat(sqs.receiveMessage(request -> request.queueUrl(url)).messages())
          .extracting(Message::body)
          .containsExactly(body);
      try (RawConnection raw = new RawConnection(proxy.address())) {
        assertThat(raw.ask(query("SendMessage", "&MessageBody=b")))
            .contains("200 OK", "<MessageId>");
        assertThat(raw.ask(query("SendMessage", "&MessageBody=c"))).contains("200 OK");
      }
    }
    assertThat(waiting()).isEqualTo(2);
    assertThat(log.counts()).isEmpty();
  }

  @Test
  void lostAnswersAreThoseOfRequestsDone() throws IOException {
    inject(FaultRule.of(Mishap.NET_LOST_RESPONSE, 1));
    try (FaultyProxy proxy = proxy()) {
      try (RawConnection raw = new RawConnection(proxy.address())) {
        assertThatThrownBy(() -> raw.ask(json("SendMessage", "\"MessageBody\":\"a\"")))
            .isInstanceOf(SocketException.class)
            .hasMessageContaining("reset");
      }
      inject(FaultRule.of(Mishap.NET_LOST_RESPONSE, 1).answering(Answer.CLOSE));
      try (RawConnection raw = new RawConnection(proxy.address())) {
        assertThat(raw.ask(query("SendMessage", "&MessageBody=a"))).isEmpty();
      }
      inject(
          FaultRule.of(Mishap.NET_LOST_RESPONSE, 1)
              .answering(Answer.SILENCE)
              .lasting(Span.exactly(20)));
      try (RawConnection raw = new RawConnection(proxy.address())) {
        assertThatThrownBy(() -> raw.ask(json("SendMessage", "\"MessageBody\":\"a\"")))
            .isInstanceOf(SocketException.class);
      }
      inject(FaultRule.of(Mishap.NET_LOST_RESPONSE, 1).answering(Answer.ERROR));
      try (RawConnection raw = new RawConnection(proxy.address())) {
        assertThat(raw.ask(json("SendMessage", "\"MessageBody\":\"a\"")))
            .contains("500 Internal", "InternalFailure;Receiver");
        assertThat(raw.ask(query("SendMessage", "&MessageBody=a")))
            .contains("500 Internal", "<Code>InternalFailure</Code>");
      }
    }
    assertThat(waiting()).isEqualTo(5);
    assertFired(Mishap.NET_LOST_RESPONSE, 5);
  }

  @Test
  void lostReceiveLeavesItsMessagesInFlight() throws IOException {
    direct.sendMessage(request -> request.queueUrl(url(server.address())).messageBody("a"));
    inject(FaultRule.of(Mishap.NET_LOST_RESPONSE, 1).on(Set.of(SqsAction.RECEIVE_MESSAGE)));
    try (FaultyProxy proxy = proxy();
        RawConnection raw = new RawConnection(proxy.address())) {
      assertThatThrownBy(() -> raw.ask(json("ReceiveMessage", "\"WaitTimeSeconds\":5")))
          .isInstanceOf(SocketException.class);
    }
    assertThat(attribute(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
        .isEqualTo(1);
  }

  @Test
  void sdkThatTriesAgainAfterALostAnswerSendsTwice() throws IOException {
    inject(FaultRule.of(Mishap.NET_LOST_RESPONSE, 1).within(0, 1));
    try (FaultyProxy proxy = proxy();
        SqsClient sqs = client(proxy.address())) {
      sqs.sendMessage(request -> request.queueUrl(url(proxy.address())).messageBody("a"));
    }
    assertThat(waiting()).isEqualTo(2);
  }

  @Test
  void resetAndHalfOpenConnectionsDidNothing() throws IOException {
    try (FaultyProxy proxy = proxy()) {
      inject(FaultRule.of(Mishap.NET_RESET, 1));
      try (RawConnection raw = new RawConnection(proxy.address())) {
        assertThatThrownBy(() -> raw.ask(json("SendMessage", "\"MessageBody\":\"a\"")))
            .isInstanceOf(SocketException.class);
      }
      inject(FaultRule.of(Mishap.NET_HALF_OPEN, 1).lasting(Span.exactly(30_000)));
      try (RawConnection raw = new RawConnection(proxy.address())) {
        raw.patience(Duration.ofMillis(100));
        assertThatThrownBy(() -> raw.ask(json("SendMessage", "\"MessageBody\":\"a\"")))
            .isInstanceOf(SocketTimeoutException.class);
      }
    }
    assertThat(waiting()).isZero();
    assertFired(Mishap.NET_RESET, 1);
    assertFired(Mishap.NET_HALF_OPEN, 1);
  }

  @Test
  void throttledRequestsAreNotPassedOn() throws IOException {
    inject(FaultRule.of(Mishap.NET_THROTTLE, 1).on(Set.of(SqsAction.SEND_MESSAGE)));
    try (FaultyProxy proxy = proxy();
        SqsClient sqs = client(proxy.address());
        RawConnection raw = new RawConnection(proxy.address())) {
      assertThatThrownBy(
              () -> sqs.sendMessage(r -> r.queueUrl(url(proxy.address())).messageBody("a")))
          .isInstanceOf(RequestThrottledException.class)
          .satisfies(refused -> assertThat(((SqsException) refused).statusCode()).isEqualTo(403));
      assertThat(raw.ask(query("SendMessage", "&MessageBody=a")))
          .contains("403 Forbidden", "<Code>RequestThrottled</Code>");
      assertThat(raw.ask(json("ReceiveMessage", "\"WaitTimeSeconds\":0"))).contains("200 OK");
    }
    assertThat(waiting()).isZero();
  }

  @Test
  void duplicatedRequestIsDoneTwiceAndAnsweredOnce() throws IOException {
    inject(FaultRule.of(Mishap.NET_DUPLICATE_REQUEST, 1).within(0, 1));
    try (FaultyProxy proxy = proxy();
        RawConnection raw = new RawConnection(proxy.address())) {
      assertThat(raw.ask(json("SendMessage", "\"MessageBody\":\"a\""))).contains("200 OK");
      assertThat(raw.ask(json("ReceiveMessage", "\"MaxNumberOfMessages\":10")))
          .as("the answer to this request, not the second to the last")
          .contains("\"Messages\"");
    }
    assertThat(attribute(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
        .isEqualTo(2);
    assertFired(Mishap.NET_DUPLICATE_REQUEST, 1);
  }

  @Test
  void lateRequestsAndNarrowLinesTakeTheirTime() throws IOException {
    inject(
        FaultRule.of(Mishap.NET_LATENCY, 1).lasting(Span.exactly(120)),
        FaultRule.of(Mishap.NET_BANDWIDTH, 1).at(100_000));
    try (FaultyProxy proxy = proxy();
        RawConnection raw = new RawConnection(proxy.address())) {
      long began = System.nanoTime();
      assertThat(raw.ask(json("SendMessage", "\"MessageBody\":\"" + "x".repeat(20_000) + "\"")))
          .contains("200 OK");
      assertThat(raw.ask(json("ReceiveMessage", "\"WaitTimeSeconds\":0")))
          .contains("x".repeat(20_000));
      assertThat(Duration.ofNanos(System.nanoTime() - began))
          .as("twice 120 ms, and 40,000 bytes at 100,000 bytes a second")
          .isGreaterThan(Duration.ofMillis(600));
    }
    assertFired(Mishap.NET_LATENCY, 2);
    assertFired(Mishap.NET_BANDWIDTH, 2);
  }

  @Test
  void connectionThatClosesSlowlyIsAnnounced() throws IOException {
    inject(FaultRule.of(Mishap.NET_SLOW_CLOSE, 1).lasting(Span.exactly(100)));
    try (FaultyProxy proxy = proxy();
        RawConnection raw = new RawConnection(proxy.address())) {
      assertThat(
              raw.ask(json("SendMessage", "\"MessageBody\":\"a\""))
                  .toLowerCase(java.util.Locale.ROOT))
          .contains("connection: close");
      long answered = System.nanoTime();
      assertThat(raw.readByte()).isEqualTo(-1);
      assertThat(Duration.ofNanos(System.nanoTime() - answered))
          .isGreaterThan(Duration.ofMillis(50));
    }
    assertFired(Mishap.NET_SLOW_CLOSE, 1);
  }

  @Test
  void pollOfAClientThatWentIsWithdrawn() throws IOException {
    try (FaultyProxy proxy = proxy()) {
      try (RawConnection raw = new RawConnection(proxy.address())) {
        raw.send(json("ReceiveMessage", "\"WaitTimeSeconds\":20"));
        awaitMetric("millrace_long_polls_waiting 1.0");
      }
      awaitMetric("millrace_connections_cancelled_polls_total 1.0");
    }
  }

  @Test
  void missingEndpointResetsItsClients() throws IOException {
    int port;
    try (java.net.ServerSocket taken =
        new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }
    InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try (FaultyProxy proxy = FaultyProxy.open(anyPort(), nobody, faults, log);
        RawConnection raw = new RawConnection(proxy.address())) {
      assertThatThrownBy(() -> raw.ask(json("SendMessage", "\"MessageBody\":\"a\"")))
          .isInstanceOf(SocketException.class);
    }
  }

  // ----------------------------------------------------------------------------------------
  // helpers

  private void inject(FaultRule... rules) {
    faults.set(new ChaosPolicy(SEED, Map.of(queue, QueueFaults.of(rules)), List.of()));
  }

  private FaultyProxy proxy() throws IOException {
    return FaultyProxy.open(anyPort(), server.address(), faults, log);
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static SqsClient client(InetSocketAddress address) {
    return SqsClient.builder()
        .endpointOverride(URI.create("http://127.0.0.1:" + address.getPort()))
        .region(Region.US_EAST_1)
        .credentialsProvider(AnonymousCredentialsProvider.create())
        .httpClientBuilder(ApacheHttpClient.builder())
        .build();
  }

  private String url(InetSocketAddress address) {
    return "http://127.0.0.1:" + address.getPort() + "/000000000000/" + queue;
  }

  private String json(String action, String members) {
    String body = "{\"QueueUrl\":\"http://h/000000000000/%s\",%s}".formatted(queue, members);
    return """
    POST / HTTP/1.1\r
    Host: localhost\r
    Content-Type: application/x-amz-json-1.0\r
    X-Amz-Target: AmazonSQS.%s\r
    Content-Length: %d\r
    \r
    %s\
    """
        .formatted(action, body.getBytes(StandardCharsets.UTF_8).length, body);
  }

  private String query(String action, String parameters) {
    String body = "Action=" + action + "&Version=2012-11-05" + parameters;
    return """
    POST /000000000000/%s HTTP/1.1\r
    Host: localhost\r
    Content-Type: application/x-www-form-urlencoded\r
    Content-Length: %d\r
    \r
    %s\
    """
        .formatted(queue, body.length(), body);
  }

  private int waiting() {
    return attribute(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES);
  }

  private int attribute(QueueAttributeName name) {
    return Integer.parseInt(
        direct
            .getQueueAttributes(r -> r.queueUrl(url(server.address())).attributeNames(name))
            .attributes()
            .getOrDefault(name, "-1"));
  }

  /** Waits for a metric of the server to reach a value; the build's own limit bounds the wait. */
  private void awaitMetric(String line) throws IOException {
    String metrics;
    do {
      try (InputStream page =
          URI.create("http://127.0.0.1:" + server.adminAddress().getPort() + "/metrics")
              .toURL()
              .openStream()) {
        metrics = new String(page.readAllBytes(), StandardCharsets.UTF_8);
      }
    } while (metrics.lines().noneMatch(line::equals));
  }

  private void assertFired(Mishap kind, long times) {
    assertThat(log.fired(kind)).as("%s, seed %d", kind, SEED).isEqualTo(times);
  }

  /** A socket that reads one answer at a time. */
  private static final class RawConnection implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;

    RawConnection(InetSocketAddress address) throws IOException {
      socket = new Socket(address.getAddress(), address.getPort());
      socket.setSoTimeout(20_000);
      in = socket.getInputStream();
    }

    void patience(Duration limit) throws IOException {
      socket.setSoTimeout((int) limit.toMillis());
    }

    void send(String request) throws IOException {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    }

    /** The whole answer as text; empty when the connection ends first. */
    String ask(String request) throws IOException {
      send(request);
      ByteArrayOutputStream head = new ByteArrayOutputStream();
      while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
        int next = in.read();
        if (next < 0) {
          return head.toString(StandardCharsets.ISO_8859_1);
        }
        head.write(next);
      }
      String headers = head.toString(StandardCharsets.ISO_8859_1);
      int length =
          headers
              .lines()
              .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:"))
              .mapToInt(line -> Integer.parseInt(line.substring(15).trim()))
              .findFirst()
              .orElse(0);
      return headers + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    int readByte() throws IOException {
      return in.read();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
