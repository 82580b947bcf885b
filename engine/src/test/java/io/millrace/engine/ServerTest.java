package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.shard.Durability;
import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.Limits;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import io.millrace.engine.wire.WireConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.PurgeQueueInProgressException;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDeletedRecentlyException;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** The whole server, journal included, as the AWS SDK for Java v2 sees it. */
@Timeout(120)
class ServerTest {

  private static final long START_MS = 1_800_000_000_000L;

  @TempDir Path data;

  private final AtomicLong clock = new AtomicLong(START_MS);
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private EngineConfig config() {
    return EngineConfig.at(data).withTime(clock::get);
  }

  private Server open(EngineConfig engine) throws IOException {
    return open(
        ServerConfig.of(
            engine,
            WireConfig.DEFAULT.at("127.0.0.1", 0),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
  }

  private Server open(ServerConfig config) throws IOException {
    Server server = Server.open(config);
    open.add(server);
    return server;
  }

  private Server restart(Server server) throws IOException {
    open.remove(server);
    server.close();
    return open(server.engine().config());
  }

  /** A client that does not try again, so that each failure is seen. */
  private SqsClient client(Server server) {
    SqsClient sqs =
        SqsClient.builder()
            .endpointOverride(URI.create("http://127.0.0.1:" + server.address().getPort()))
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
            .httpClientBuilder(ApacheHttpClient.builder())
            .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()))
            .build();
    open.add(sqs);
    return sqs;
  }

  private static double metric(Server server, String series)
      throws IOException, InterruptedException {
    HttpResponse<String> scrape =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(
                            "http://127.0.0.1:"
                                + server.adminAddress().getPort()
                                + "/metrics/per-queue"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    return scrape
        .body()
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + series + " in\n" + scrape.body()));
  }

  private static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("the condition did not come to hold");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static String queue(SqsClient sqs, String name) {
    return sqs.createQueue(q -> q.queueName(name)).queueUrl();
  }

  private static void send(SqsClient sqs, String url, String body) {
    assertThat(sqs.sendMessage(m -> m.queueUrl(url).messageBody(body)).messageId()).hasSize(36);
  }

  private static List<Message> receive(SqsClient sqs, String url, int visibilitySeconds) {
    return sqs.receiveMessage(
            r ->
                r.queueUrl(url)
                    .maxNumberOfMessages(10)
                    .visibilityTimeout(visibilitySeconds)
                    .messageAttributeNames("All")
                    .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
        .messages();
  }

  private static String attribute(SqsClient sqs, String url, QueueAttributeName name) {
    return Objects.requireNonNull(
        sqs.getQueueAttributes(g -> g.queueUrl(url).attributeNames(name)).attributes().get(name));
  }

  @Test
  void aBodysDigestIsKeptWithItOrComputedForTheAnswer() throws Exception {
    Server server = open(config());
    SqsClient sqs = client(server);
    String url = queue(sqs, "orders");
    QueueName orders = new QueueName("orders");

    send(sqs, url, "x");
    var receive = new Request.ReceiveMessage(Caller.LOCAL, orders, 1, 0, 30);
    Reply reply = server.engine().submit(receive).get();
    assertThat(reply)
        .isInstanceOfSatisfying(
            Reply.MessagesReceived.class,
            received ->
                assertThat(HexFormat.of().formatHex(received.messages().get(0).bodyMd5()))
                    .isEqualTo("9dd4e461268c8034f5c8564e155c67a6"));

    var past = new Request.SendMessage(Caller.LOCAL, orders, OutgoingMessage.of("x"));
    assertThat(server.engine().submit(past).get()).isInstanceOf(Reply.MessageSent.class);
    assertThat(receive(sqs, url, 30).get(0).md5OfBody())
        .isEqualTo("9dd4e461268c8034f5c8564e155c67a6");
  }

  @ParameterizedTest
  @EnumSource(Durability.class)
  void allFourteenActionsWork(Durability durability) throws Exception {
    SqsClient sqs = client(open(config().withDurability(durability)));
    String url =
        sqs.createQueue(
                q ->
                    q.queueName("orders")
                        .attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "40")))
            .queueUrl();
    assertThat(sqs.getQueueUrl(q -> q.queueName("orders")).queueUrl()).isEqualTo(url);
    queue(sqs, "orders-2");
    queue(sqs, "other");
    assertThat(sqs.listQueues(l -> l.queueNamePrefix("orders")).queueUrls()).hasSize(2);
    assertThat(sqs.listQueuesPaginator(l -> l.maxResults(1)).queueUrls()).hasSize(3);
    sqs.setQueueAttributes(
        s -> s.queueUrl(url).attributes(Map.of(QueueAttributeName.DELAY_SECONDS, "5")));
    assertThat(attribute(sqs, url, QueueAttributeName.DELAY_SECONDS)).isEqualTo("5");
    assertThat(attribute(sqs, url, QueueAttributeName.VISIBILITY_TIMEOUT)).isEqualTo("40");

    MessageAttributeValue kind =
        MessageAttributeValue.builder().dataType("String").stringValue("new").build();
    String id =
        sqs.sendMessage(
                m ->
                    m.queueUrl(url)
                        .messageBody("one \u00e4\ud83d\ude00")
                        .messageAttributes(Map.of("kind", kind)))
            .messageId();
    assertThat(receive(sqs, url, 30)).as("delayed").isEmpty();
    assertThat(attribute(sqs, url, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED))
        .isEqualTo("1");
    clock.addAndGet(5_000);
    Message one = receive(sqs, url, 30).get(0);
    assertThat(one.messageId()).isEqualTo(id);
    assertThat(one.body()).isEqualTo("one \u00e4\ud83d\ude00");
    assertThat(one.messageAttributes()).isEqualTo(Map.of("kind", kind));
    assertThat(one.attributes())
        .containsEntry(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1")
        .containsEntry(MessageSystemAttributeName.SENT_TIMESTAMP, Long.toString(START_MS));
    sqs.changeMessageVisibility(
        c -> c.queueUrl(url).receiptHandle(one.receiptHandle()).visibilityTimeout(0));
    Message again = receive(sqs, url, 30).get(0);
    assertThat(again.attributes())
        .containsEntry(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "2");
    sqs.deleteMessage(d -> d.queueUrl(url).receiptHandle(again.receiptHandle()));

    var sent =
        sqs.sendMessageBatch(
            b ->
                b.queueUrl(url)
                    .entries(
                        entry("a", "first").delaySeconds(0).build(),
                        entry("b", "second").delaySeconds(0).build(),
                        entry("c", "bad \u0001").build()));
    assertThat(sent.successful()).extracting("id").containsExactly("a", "b");
    assertThat(sent.failed())
        .extracting(BatchResultErrorEntry::code)
        .containsExactly("InvalidMessageContents");
    List<Message> batch = receive(sqs, url, 30);
    assertThat(batch).extracting(Message::body).containsExactly("first", "second");
    var changed =
        sqs.changeMessageVisibilityBatch(
            c ->
                c.queueUrl(url)
                    .entries(
                        ChangeMessageVisibilityBatchRequestEntry.builder()
                            .id("v")
                            .receiptHandle(batch.get(0).receiptHandle())
                            .visibilityTimeout(0)
                            .build(),
                        ChangeMessageVisibilityBatchRequestEntry.builder()
                            .id("w")
                            .receiptHandle("garbage")
                            .visibilityTimeout(0)
                            .build()));
    assertThat(changed.successful()).extracting("id").containsExactly("v");
    assertThat(changed.failed())
        .extracting(BatchResultErrorEntry::code)
        .containsExactly("ReceiptHandleIsInvalid");
    assertThat(receive(sqs, url, 30)).extracting(Message::body).containsExactly("first");
    var deleted =
        sqs.deleteMessageBatch(
            d ->
                d.queueUrl(url)
                    .entries(
                        DeleteMessageBatchRequestEntry.builder()
                            .id("d")
                            .receiptHandle(batch.get(1).receiptHandle())
                            .build()));
    assertThat(deleted.successful()).extracting("id").containsExactly("d");

    sqs.purgeQueue(p -> p.queueUrl(url));
    clock.addAndGet(30_000);
    assertThat(receive(sqs, url, 30)).as("purged").isEmpty();
    assertThatThrownBy(() -> sqs.purgeQueue(p -> p.queueUrl(url)))
        .isInstanceOf(PurgeQueueInProgressException.class);
    sqs.deleteQueue(d -> d.queueUrl(url));
    assertThatThrownBy(() -> receive(sqs, url, 30)).isInstanceOf(QueueDoesNotExistException.class);
    assertThatThrownBy(() -> queue(sqs, "orders"))
        .isInstanceOf(QueueDeletedRecentlyException.class);
    clock.addAndGet(60_000);
    queue(sqs, "orders");
  }

  private static SendMessageBatchRequestEntry.Builder entry(String id, String body) {
    return SendMessageBatchRequestEntry.builder().id(id).messageBody(body);
  }

  @ParameterizedTest
  @EnumSource(Durability.class)
  void aRestartKeepsQueuesMessagesAndReceipts(Durability durability) throws Exception {
    Server first = open(config().withDurability(durability));
    SqsClient before = client(first);
    String url = queue(before, "orders");
    for (String body : List.of("held", "deleted before", "deleted after", "waiting")) {
      send(before, url, body);
    }
    List<Message> messages = receive(before, url, 100).subList(0, 3);
    before.changeMessageVisibility(
        c ->
            c.queueUrl(url).receiptHandle(messages.get(0).receiptHandle()).visibilityTimeout(1000));
    before.deleteMessage(d -> d.queueUrl(url).receiptHandle(messages.get(1).receiptHandle()));

    SqsClient after = client(restart(first));
    String sameQueue = after.getQueueUrl(q -> q.queueName("orders")).queueUrl();
    after.deleteMessage(d -> d.queueUrl(sameQueue).receiptHandle(messages.get(2).receiptHandle()));
    assertThat(receive(after, sameQueue, 30)).as("leases outlive the process").isEmpty();
    assertThat(
            attribute(
                after, sameQueue, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
        .isEqualTo("2");
    clock.addAndGet(100_000);
    assertThat(receive(after, sameQueue, 0)).extracting(Message::body).containsExactly("waiting");
    after.changeMessageVisibility(
        c ->
            c.queueUrl(sameQueue)
                .receiptHandle(messages.get(0).receiptHandle())
                .visibilityTimeout(0));
    assertThat(receive(after, sameQueue, 30))
        .extracting(Message::body)
        .containsExactlyInAnyOrder("waiting", "held");
  }

  @Test
  void aMessageMayBeAsLongAsTheLimitsSay() throws Exception {
    for (Limits limits : List.of(Limits.CURRENT, Limits.CLASSIC)) {
      Server server = open(config().withLimits(limits));
      SqsClient sqs = client(server);
      String url = queue(sqs, "orders");
      String longest = "x".repeat(limits.messageBytesMax());
      send(sqs, url, longest);
      assertThat(receive(sqs, url, 30)).extracting(Message::body).containsExactly(longest);
      assertThatThrownBy(() -> send(sqs, url, longest + "x"))
          .isInstanceOf(SqsException.class)
          .hasMessageContaining(
              "Message must be shorter than " + limits.messageBytesMax() + " bytes.");
      assertThatThrownBy(
              () ->
                  sqs.sendMessageBatch(
                      b ->
                          b.queueUrl(url)
                              .entries(entry("a", longest).build(), entry("b", "x").build())))
          .hasMessageContaining("You have sent " + (limits.batchBytesMax() + 1) + " bytes.");
      open.remove(server);
      server.close();
    }
  }

  @Test
  void aReceiveThatFoundAMessageIsTimedAsOneAndOneThatWaitedApart() throws Exception {
    Server server = open(EngineConfig.at(data));
    SqsClient sqs = client(server);
    String url = queue(sqs, "orders");
    send(sqs, url, "there");
    assertThat(poll(sqs, url, 20).join()).hasSize(1);
    String latency = "millrace_api_request_duration_seconds_count{action=\"ReceiveMessage\"}";
    String held = "millrace_api_long_poll_duration_seconds_count";
    assertThat(metric(server, latency)).isEqualTo(1);
    assertThat(metric(server, held)).isZero();

    CompletableFuture<List<Message>> waiting = poll(sqs, url, 20);
    until(() -> server.engine().counters().waitingPolls.get() == 1);
    send(sqs, url, "wake up");
    assertThat(waiting.orTimeout(20, TimeUnit.SECONDS).join()).hasSize(1);
    assertThat(metric(server, latency)).isEqualTo(1);
    assertThat(metric(server, held)).isEqualTo(1);

    assertThat(poll(sqs, url, 1).orTimeout(20, TimeUnit.SECONDS).join()).isEmpty();
    assertThat(metric(server, latency)).isEqualTo(1);
    assertThat(metric(server, held)).isEqualTo(2);
  }

  private static CompletableFuture<List<Message>> poll(SqsClient sqs, String url, int waitSeconds) {
    return CompletableFuture.supplyAsync(
        () ->
            sqs.receiveMessage(
                    r -> r.queueUrl(url).waitTimeSeconds(waitSeconds).visibilityTimeout(600))
                .messages());
  }

  @Test
  void theAgeOfTheOldestMessageIsByTheEnginesClockAndCountsThoseInFlight() throws Exception {
    Server server = open(config());
    SqsClient sqs = client(server);
    String url = queue(sqs, "orders");
    send(sqs, url, "old");
    assertThat(receive(sqs, url, 600)).hasSize(1);
    clock.addAndGet(60_000);
    String age = "millrace_queue_oldest_message_age_seconds{queue=\"orders\"}";
    until(() -> server.engine().nowMs() == clock.get());
    assertThat(metric(server, age)).isEqualTo(60);
  }

  @Test
  void asManyQueuesHaveMetricsOfTheirOwnAsWereAskedFor() throws Exception {
    Server server =
        open(
            ServerConfig.of(
                    config(),
                    WireConfig.DEFAULT.at("127.0.0.1", 0),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .withQueuesShown(1));
    SqsClient sqs = client(server);
    send(sqs, queue(sqs, "first"), "m");
    assertThat(metric(server, "millrace_queue_messages_sent_total{queue=\"first\"}")).isEqualTo(1);
    send(sqs, queue(sqs, "second"), "m");
    assertThat(metric(server, "millrace_queue_messages_sent_total{queue=\"_other\"}")).isEqualTo(1);
    assertThat(metric(server, "millrace_metrics_folded_queues")).isEqualTo(1);
  }

  @Test
  void theAgeOfADeadLetterCountsFromItsMoveThroughARestart() throws Exception {
    Server server = open(config());
    SqsClient sqs = client(server);
    String dead = queue(sqs, "dead");
    String arn = attribute(sqs, dead, QueueAttributeName.QUEUE_ARN);
    String policy = "{\"deadLetterTargetArn\":\"" + arn + "\",\"maxReceiveCount\":1}";
    String url =
        sqs.createQueue(
                q ->
                    q.queueName("orders")
                        .attributes(Map.of(QueueAttributeName.REDRIVE_POLICY, policy)))
            .queueUrl();
    send(sqs, url, "poison");
    assertThat(receive(sqs, url, 30)).hasSize(1);
    clock.addAndGet(3_600_000);
    until(() -> server.engine().nowMs() == clock.get());
    assertThat(receive(sqs, url, 30)).as("moved instead").isEmpty();
    Server after = restart(server);
    queue(client(after), "dead"); // once it answers, the shard has turned
    clock.addAndGet(60_000);
    until(() -> after.engine().nowMs() == clock.get());
    String labels = "{queue=\"dead\"}";
    assertThat(metric(after, "millrace_queue_oldest_message_age_seconds" + labels)).isEqualTo(60);
    assertThat(metric(after, "millrace_queue_oldest_message_age_without_poison_seconds" + labels))
        .isEqualTo(60);
    assertThat(metric(after, "millrace_queue_oldest_message_since_send_seconds" + labels))
        .isEqualTo(3_660);
  }

  @Test
  void stoppingAnswersAWaitingReceiveEmptyAndThenNobody() throws Exception {
    Server server = open(EngineConfig.at(data));
    SqsClient sqs = client(server);
    String url = queue(sqs, "orders");
    CompletableFuture<List<Message>> waiting = poll(sqs, url, 20);
    until(() -> server.engine().counters().waitingPolls.get() == 1);
    open.remove(server);
    server.close();
    assertThat(waiting.orTimeout(20, TimeUnit.SECONDS).join()).isEmpty();
    assertThatThrownBy(() -> send(sqs, url, "late")).isInstanceOf(SdkException.class);
  }

  @Test
  void aServerThatCannotListenLetsItsDataGo() throws Exception {
    Server other = open(EngineConfig.at(data.resolve("other")));
    ServerConfig taken =
        ServerConfig.of(
            EngineConfig.at(data.resolve("mine")),
            WireConfig.DEFAULT.at("127.0.0.1", other.address().getPort()),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    assertThatThrownBy(() -> Server.open(taken)).isInstanceOf(IOException.class);
    ServerConfig adminTaken =
        ServerConfig.of(
            EngineConfig.at(data.resolve("mine")),
            WireConfig.DEFAULT.at("127.0.0.1", 0),
            other.adminAddress());
    assertThatThrownBy(() -> Server.open(adminTaken)).isInstanceOf(IOException.class);
    open(EngineConfig.at(data.resolve("mine")));
  }
}
