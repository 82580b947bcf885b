package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.engine.wire.WireConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeNameForSends;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/**
 * The trace a message was sent under reaches whoever receives it, however late and in whichever
 * queue. X-Ray's goes with the message as {@code AWSTraceHeader}; W3C's goes as the message
 * attributes in which OpenTelemetry puts it, and as an HTTP header it is the request's alone.
 */
@Timeout(120)
class TracesTest {

  private static final String TRACE =
      "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
  private static final String OTHER_TRACE = "Root=1-6759e988-cd862e3fe1be46a994272794";
  private static final String TRACEPARENT =
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @TempDir Path data;

  private final AtomicLong clock = new AtomicLong(1_800_000_000_000L);
  private final List<AutoCloseable> open = new ArrayList<>();
  private Server server;
  private SqsClient sqs;

  /** The ways a message can be given X-Ray's trace. */
  private enum Door {
    SDK_SYSTEM_ATTRIBUTE {
      @Override
      void send(TracesTest test, String url) {
        test.sqs.sendMessage(
            m ->
                m.queueUrl(url)
                    .messageBody("m")
                    .messageSystemAttributes(
                        Map.of(
                            MessageSystemAttributeNameForSends.AWS_TRACE_HEADER, system(TRACE))));
      }
    },
    SDK_HTTP_HEADER {
      @Override
      void send(TracesTest test, String url) {
        test.sqs.sendMessage(
            m ->
                m.queueUrl(url)
                    .messageBody("m")
                    .overrideConfiguration(o -> o.putHeader("X-Amzn-Trace-Id", TRACE)));
      }
    },
    JSON_HTTP_HEADER {
      @Override
      void send(TracesTest test, String url) throws Exception {
        String answer =
            test.json(
                "{\"QueueUrl\":\"" + url + "\",\"MessageBody\":\"m\"}", "x-amzn-trace-id", TRACE);
        assertThat(answer).contains("MD5OfMessageSystemAttributes");
      }
    },
    QUERY_SYSTEM_ATTRIBUTE {
      @Override
      void send(TracesTest test, String url) throws Exception {
        String answer =
            test.query(
                "Action=SendMessage&MessageBody=m&QueueUrl="
                    + encoded(url)
                    + "&MessageSystemAttribute.1.Name=AWSTraceHeader"
                    + "&MessageSystemAttribute.1.Value.DataType=String"
                    + "&MessageSystemAttribute.1.Value.StringValue="
                    + encoded(TRACE));
        assertThat(answer).contains("MD5OfMessageSystemAttributes");
      }
    };

    abstract void send(TracesTest test, String url) throws Exception;
  }

  @BeforeEach
  void start() throws IOException {
    server =
        Server.open(
            ServerConfig.of(
                EngineConfig.at(data).withTime(clock::get),
                WireConfig.DEFAULT.at("127.0.0.1", 0),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
    sqs =
        SqsClient.builder()
            .endpointOverride(URI.create("http://127.0.0.1:" + server.address().getPort()))
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
            .httpClientBuilder(ApacheHttpClient.builder())
            .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()))
            .build();
    open.add(server);
    open.add(sqs);
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
    open.clear();
  }

  private void restart() throws Exception {
    stop();
    start();
  }

  @ParameterizedTest
  @EnumSource(Door.class)
  void aTraceOutlivesRedeliveryTheDeadLetterQueueAndRestarts(Door door) throws Exception {
    String dead = sqs.createQueue(q -> q.queueName("dead")).queueUrl();
    String deadArn =
        sqs.getQueueAttributes(g -> g.queueUrl(dead).attributeNames(QueueAttributeName.QUEUE_ARN))
            .attributes()
            .get(QueueAttributeName.QUEUE_ARN);
    String url =
        sqs.createQueue(
                q ->
                    q.queueName("orders")
                        .attributes(
                            Map.of(
                                QueueAttributeName.REDRIVE_POLICY,
                                "{\"deadLetterTargetArn\":\""
                                    + deadArn
                                    + "\",\"maxReceiveCount\":2}")))
            .queueUrl();
    door.send(this, url);
    restart();
    assertThat(trace(only("orders", 30))).as("first delivery").isEqualTo(TRACE);
    restart();
    clock.addAndGet(30_000);
    assertThat(trace(only("orders", 30))).as("redelivery").isEqualTo(TRACE);
    clock.addAndGet(30_000);
    assertThat(receive("orders", 30)).as("moved").isEmpty();
    restart();
    Message moved = only("dead", 30);
    assertThat(trace(moved)).as("in the dead-letter queue").isEqualTo(TRACE);
    assertThat(moved.body()).isEqualTo("m");
    assertThat(moved.messageAttributes()).isEmpty();
  }

  @Test
  void theTraceOfABatchIsThatOfItsMessagesUnlessOneHasItsOwn() {
    String url = sqs.createQueue(q -> q.queueName("orders")).queueUrl();
    sqs.sendMessageBatch(
        b ->
            b.queueUrl(url)
                .overrideConfiguration(o -> o.putHeader("X-Amzn-Trace-Id", TRACE))
                .entries(
                    SendMessageBatchRequestEntry.builder().id("a").messageBody("follows").build(),
                    SendMessageBatchRequestEntry.builder()
                        .id("b")
                        .messageBody("own")
                        .messageSystemAttributes(
                            Map.of(
                                MessageSystemAttributeNameForSends.AWS_TRACE_HEADER,
                                system(OTHER_TRACE)))
                        .build()));
    assertThat(receive("orders", 30))
        .extracting(Message::body, TracesTest::trace)
        .containsExactlyInAnyOrder(tuple("follows", TRACE), tuple("own", OTHER_TRACE));
  }

  @Test
  void aTraceIsShownOnlyToWhoAsksForIt() {
    String url = sqs.createQueue(q -> q.queueName("orders")).queueUrl();
    sqs.sendMessage(
        m ->
            m.queueUrl(url)
                .messageBody("m")
                .overrideConfiguration(o -> o.putHeader("X-Amzn-Trace-Id", TRACE)));
    List<Message> unasked =
        sqs.receiveMessage(r -> r.queueUrl(url).visibilityTimeout(0)).messages();
    assertThat(unasked).hasSize(1);
    assertThat(unasked.get(0).attributes()).isEmpty();
    assertThat(
            sqs.receiveMessage(
                    r ->
                        r.queueUrl(url)
                            .messageSystemAttributeNames(
                                MessageSystemAttributeName.AWS_TRACE_HEADER))
                .messages())
        .extracting(Message::attributes)
        .containsExactly(Map.of(MessageSystemAttributeName.AWS_TRACE_HEADER, TRACE));
  }

  /** OpenTelemetry's SDK instrumentation puts W3C's context there when told to. */
  @Test
  void contextInMessageAttributesIsLeftAsItIs() throws Exception {
    String url = sqs.createQueue(q -> q.queueName("orders")).queueUrl();
    Map<String, MessageAttributeValue> context =
        Map.of(
            "traceparent", text(TRACEPARENT),
            "tracestate", text("congo=t61rcWkgMzE"),
            "baggage", text("tenant=blue"));
    sqs.sendMessage(m -> m.queueUrl(url).messageBody("m").messageAttributes(context));
    restart();
    assertThat(only("orders", 0).messageAttributes()).isEqualTo(context);
    assertThat(only("orders", 30).messageAttributes()).as("again").isEqualTo(context);
  }

  /**
   * As in SQS: an attribute nobody sent would be in the digest that the sender checks, and would
   * count against the ten.
   */
  @Test
  void contextInTheHeadersOfHttpIsTheRequestsAndLeavesTheMessageAlone() throws Exception {
    String url = sqs.createQueue(q -> q.queueName("orders")).queueUrl();
    String answer =
        json("{\"QueueUrl\":\"" + url + "\",\"MessageBody\":\"m\"}", "traceparent", TRACEPARENT);
    assertThat(answer).contains("MessageId").doesNotContain("MD5OfMessageSystemAttributes");
    Message message = only("orders", 30);
    assertThat(message.messageAttributes()).isEmpty();
    assertThat(message.attributes()).doesNotContainKey(MessageSystemAttributeName.AWS_TRACE_HEADER);
  }

  private String json(String body, String header, String value) throws Exception {
    return call(
        body, "application/x-amz-json-1.0", "X-Amz-Target", "AmazonSQS.SendMessage", header, value);
  }

  private String query(String body) throws Exception {
    return call(body, "application/x-www-form-urlencoded", "Accept", "text/xml");
  }

  private String call(String body, String type, String... headers) throws Exception {
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.address().getPort() + "/"))
                    .header("Content-Type", type)
                    .headers(headers)
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  private Message only(String queue, int visibilitySeconds) {
    List<Message> messages = receive(queue, visibilitySeconds);
    assertThat(messages).hasSize(1);
    return messages.get(0);
  }

  private List<Message> receive(String queue, int visibilitySeconds) {
    String url = sqs.getQueueUrl(q -> q.queueName(queue)).queueUrl();
    return sqs.receiveMessage(
            r ->
                r.queueUrl(url)
                    .maxNumberOfMessages(10)
                    .visibilityTimeout(visibilitySeconds)
                    .messageAttributeNames("All")
                    .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
        .messages();
  }

  private static String trace(Message message) {
    return message.attributes().getOrDefault(MessageSystemAttributeName.AWS_TRACE_HEADER, "none");
  }

  private static MessageSystemAttributeValue system(String value) {
    return MessageSystemAttributeValue.builder().dataType("String").stringValue(value).build();
  }

  private static MessageAttributeValue text(String value) {
    return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
