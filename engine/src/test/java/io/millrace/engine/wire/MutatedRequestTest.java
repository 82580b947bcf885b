package io.millrace.engine.wire;

import static io.millrace.engine.wire.TestEndpoints.URL;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineConfig;
import io.millrace.engine.shard.Durability;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Requests that were fine before someone damaged them, eleven thousand of both protocols, against
 * an endpoint with an engine behind it: each gets a well-formed answer, no connection wedges, the
 * engine survives, and what was refused has left no record in its journal.
 */
class MutatedRequestTest {

  private static final String QUEUE = "{\"QueueUrl\":\"" + URL + "\"";

  private static final List<String[]> JSON =
      List.of(
          new String[] {
            "SendMessage",
            QUEUE
                + ",\"MessageBody\":\"h\u00e4llo \\u20ac\",\"DelaySeconds\":1,\"MessageAttributes\":{"
                + "\"a\":{\"DataType\":\"String\",\"StringValue\":\"1\"},"
                + "\"b\":{\"DataType\":\"Binary\",\"BinaryValue\":\"AAEC\"}}}"
          },
          new String[] {
            "SendMessageBatch",
            QUEUE
                + ",\"Entries\":[{\"Id\":\"a\",\"MessageBody\":\"x\"},{\"Id\":\"b\",\"MessageBody\":\"y\"}]}"
          },
          new String[] {
            "ReceiveMessage",
            QUEUE
                + ",\"MaxNumberOfMessages\":10,\"AttributeNames\":[\"All\"],\"MessageAttributeNames\":[\"*\"]}"
          },
          new String[] {
            "DeleteMessageBatch",
            QUEUE + ",\"Entries\":[{\"Id\":\"a\",\"ReceiptHandle\":\"handle-1\"}]}"
          },
          new String[] {
            "CreateQueue", "{\"QueueName\":\"q\",\"Attributes\":{\"DelaySeconds\":\"0\"}}"
          },
          new String[] {"GetQueueAttributes", QUEUE + ",\"AttributeNames\":[\"All\"]}"},
          new String[] {
            "SetQueueAttributes",
            QUEUE
                + ",\"Attributes\":{\"VisibilityTimeout\":\"0\",\"RedrivePolicy\":\"{\\\"deadLetterTargetArn\\\":"
                + "\\\"arn:aws:sqs:us-east-1:000000000000:orders\\\",\\\"maxReceiveCount\\\":\\\"5\\\"}\"}}"
          },
          new String[] {
            "ChangeMessageVisibility",
            QUEUE + ",\"ReceiptHandle\":\"ASNWwQEAAAABAAAA\",\"VisibilityTimeout\":30}"
          },
          new String[] {"GetQueueUrl", "{\"QueueName\":\"orders\"}"},
          new String[] {"ListQueues", "{\"QueueNamePrefix\":\"o\",\"MaxResults\":3}"});

  private static final List<String> FORMS =
      List.of(
          "Action=SendMessage&QueueUrl=%2F000000000000%2Forders&MessageBody=h%C3%A4llo+you"
              + "&MessageAttribute.1.Name=a&MessageAttribute.1.Value.DataType=Number"
              + "&MessageAttribute.1.Value.StringValue=1",
          "Action=DeleteMessageBatch&QueueUrl=orders&DeleteMessageBatchRequestEntry.1.Id=a"
              + "&DeleteMessageBatchRequestEntry.1.ReceiptHandle=handle-1",
          "Action=ReceiveMessage&QueueUrl=orders&MaxNumberOfMessages=3&AttributeName.1=All",
          "Action=CreateQueue&QueueName=q&Attribute.1.Name=DelaySeconds&Attribute.1.Value=0",
          "Action=SetQueueAttributes&QueueUrl=orders&Attribute.1.Name=VisibilityTimeout"
              + "&Attribute.1.Value=0",
          "Action=ChangeMessageVisibilityBatch&QueueUrl=orders"
              + "&ChangeMessageVisibilityBatchRequestEntry.1.Id=a"
              + "&ChangeMessageVisibilityBatchRequestEntry.1.ReceiptHandle=handle-1"
              + "&ChangeMessageVisibilityBatchRequestEntry.1.VisibilityTimeout=0",
          "Action=GetQueueAttributes&QueueUrl=orders&AttributeName.1=All");

  /** How many answers had which status, to show that both outcomes were met. */
  private static final Map<Integer, Integer> answers = new TreeMap<>();

  @SuppressWarnings("NullAway.Init")
  private static Path directory;

  @SuppressWarnings("NullAway.Init")
  private static Engine engine;

  @SuppressWarnings("NullAway.Init")
  private static SqsEndpoint endpoint;

  @SuppressWarnings("NullAway.Init")
  private static RawClient client;

  @BeforeContainer
  static void open() throws IOException {
    directory = Files.createTempDirectory("millrace-mutated");
    engine = Engine.open(EngineConfig.at(directory).withDurability(Durability.PROCESS_CRASH));
    endpoint = TestEndpoints.open(engine);
    client = new RawClient(endpoint);
    assertThat(client.call(RawClient.json("CreateQueue", "{\"QueueName\":\"orders\"}")).status())
        .isEqualTo(200);
  }

  @AfterContainer
  static void close() throws IOException {
    client.close();
    endpoint.close();
    Optional<Throwable> failure = engine.failure();
    engine.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    assertThat(failure).isEmpty();
    System.out.println("answers by status: " + answers);
    assertThat(answers.keySet()).contains(200, 400);
  }

  private static byte[] damaged(byte[] bytes, int times, Random random) {
    byte[] now = bytes;
    for (int i = 0; i < times && now.length > 0; i++) {
      int at = random.nextInt(now.length);
      int count = Math.min(now.length - at, 1 + random.nextInt(8));
      ByteArrayOutputStream next = new ByteArrayOutputStream();
      next.write(now, 0, at);
      switch (random.nextInt(5)) {
        case 0 -> next.write(now, at + count, now.length - at - count); // cut out
        case 1 -> { // said twice
          next.write(now, at, count);
          next.write(now, at, now.length - at);
        }
        case 2 -> { // one byte another
          next.write(random.nextInt(256));
          next.write(now, at + 1, now.length - at - 1);
        }
        case 3 -> { // something that means something put in
          byte[] sign =
              List.of("\"", "{", "]", "\\u", "\r\n", "null", "%", "&", "1e9", "\0")
                  .get(random.nextInt(10))
                  .getBytes(UTF_8);
          next.write(sign, 0, sign.length);
          next.write(now, at, now.length - at);
        }
        default -> {} // the rest gone
      }
      now = next.toByteArray();
    }
    return now;
  }

  private static byte[] framed(String head, byte[] body) {
    byte[] start = (head + "Content-Length: " + body.length + "\r\n\r\n").getBytes(ISO_8859_1);
    byte[] all = java.util.Arrays.copyOf(start, start.length + body.length);
    System.arraycopy(body, 0, all, start.length, body.length);
    return all;
  }

  private static void assertWellFormed(RawClient.Answer answer) throws Exception {
    assertThat(answer.status()).isIn(200, 400, 403, 404);
    assertThat(answer.header("x-amzn-RequestId")).hasSize(36);
    assertBodyWellFormed(answer);
  }

  private static void assertBodyWellFormed(RawClient.Answer answer) throws Exception {
    byte[] body = answer.body().getBytes(UTF_8);
    if (answer.header("Content-Type").equals("text/xml")) {
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new ByteArrayInputStream(body));
    } else if (body.length > 0) {
      try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), body)) {
        assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
        parser.skipChildren();
        assertThat(parser.nextToken()).isNull();
      }
    }
    if (answer.status() >= 400 && answer.header("Content-Type").contains("amz-json")) {
      assertThat(answer.header("x-amzn-query-error")).matches("[A-Za-z.]+;(Sender|Receiver)");
    }
  }

  private static void assertStillServes(RawClient client) throws IOException {
    assertThat(client.call(RawClient.get("/?Action=ListQueues")).status()).isEqualTo(200);
  }

  /**
   * Answers a request on the connection that all share, and holds the answer against the journal: a
   * request that was refused has left nothing in it.
   */
  private static void assertAnsweredWellAndRefusedWithoutEffect(byte[] request) throws Exception {
    long recordsBefore = engine.counters().journalRecords.get();
    RawClient.Answer answer = client.send(request).read();
    assertWellFormed(answer);
    if (answer.status() != 200) {
      assertThat(engine.counters().journalRecords.get())
          .as("records after " + answer.raw())
          .isEqualTo(recordsBefore);
    }
    answers.merge(answer.status(), 1, Integer::sum);
  }

  @Property(tries = 5_000)
  void aDamagedJsonBodyIsAnsweredAndTheConnectionServesOn(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 5) int times) throws Exception {
    String[] request = JSON.get(random.nextInt(JSON.size()));
    String head = "POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: AmazonSQS." + request[0] + "\r\n";
    assertAnsweredWellAndRefusedWithoutEffect(
        framed(head, damaged(request[1].getBytes(UTF_8), times, random)));
  }

  @Property(tries = 4_000)
  void aDamagedFormIsAnsweredAndTheConnectionServesOn(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 5) int times) throws Exception {
    byte[] form = FORMS.get(random.nextInt(FORMS.size())).getBytes(UTF_8);
    assertAnsweredWellAndRefusedWithoutEffect(
        framed("POST / HTTP/1.1\r\nHost: x\r\n", damaged(form, times, random)));
  }

  @Property(tries = 2_000)
  void damagedHttpIsAnsweredWellOrNotAtAllAndHarmsNobodyElse(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 4) int times) throws Exception {
    String[] request = JSON.get(random.nextInt(JSON.size()));
    byte[] whole =
        random.nextBoolean()
            ? RawClient.json(request[0], request[1]).getBytes(UTF_8)
            : RawClient.form("/", FORMS.get(random.nextInt(FORMS.size()))).getBytes(UTF_8);
    long recordsBefore = engine.counters().journalRecords.get();
    int refused = 0;
    int done = 0;
    try (RawClient one = new RawClient(endpoint)) {
      one.send(damaged(whole, times, random));
      one.finishOutput();
      RawClient.Answer answer = one.readOrEnd();
      while (answer != null) {
        assertThat(answer.status()).isIn(200, 400, 403, 404, 405, 413, 414, 417, 431);
        assertBodyWellFormed(answer);
        if (answer.status() == 200) {
          done++;
        } else {
          refused++;
        }
        answer = one.readOrEnd();
      }
    }
    // Without any answer nothing is said: a poll of a client that stops talking goes unanswered.
    if (refused > 0 && done == 0) {
      assertThat(engine.counters().journalRecords.get()).isEqualTo(recordsBefore);
    }
    assertStillServes(client);
  }
}
