package io.millrace.engine.wire;

import static io.millrace.engine.wire.TestEndpoints.URL;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
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
 * Requests that were fine before someone damaged them: each gets a well-formed answer, and no
 * connection wedges.
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
          new String[] {"GetQueueAttributes", QUEUE + ",\"AttributeNames\":[\"All\"]}"});

  private static final List<String> FORMS =
      List.of(
          "Action=SendMessage&QueueUrl=%2F000000000000%2Forders&MessageBody=h%C3%A4llo+you"
              + "&MessageAttribute.1.Name=a&MessageAttribute.1.Value.DataType=Number"
              + "&MessageAttribute.1.Value.StringValue=1",
          "Action=DeleteMessageBatch&QueueUrl=orders&DeleteMessageBatchRequestEntry.1.Id=a"
              + "&DeleteMessageBatchRequestEntry.1.ReceiptHandle=handle-1",
          "Action=ReceiveMessage&QueueUrl=orders&MaxNumberOfMessages=3&AttributeName.1=All");

  @SuppressWarnings("NullAway.Init")
  private static SqsEndpoint endpoint;

  @BeforeContainer
  static void open() throws IOException {
    endpoint = TestEndpoints.open(TestEndpoints.service());
  }

  @AfterContainer
  static void close() {
    endpoint.close();
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

  @Property(tries = 1500)
  void aDamagedJsonBodyIsAnsweredAndTheConnectionServesOn(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 5) int times) throws Exception {
    String[] request = JSON.get(random.nextInt(JSON.size()));
    String head = "POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: AmazonSQS." + request[0] + "\r\n";
    try (RawClient client = new RawClient(endpoint)) {
      client.send(framed(head, damaged(request[1].getBytes(UTF_8), times, random)));
      assertWellFormed(client.read());
      assertStillServes(client);
    }
  }

  @Property(tries = 1000)
  void aDamagedFormIsAnsweredAndTheConnectionServesOn(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 5) int times) throws Exception {
    byte[] form = FORMS.get(random.nextInt(FORMS.size())).getBytes(UTF_8);
    try (RawClient client = new RawClient(endpoint)) {
      client.send(framed("POST / HTTP/1.1\r\nHost: x\r\n", damaged(form, times, random)));
      assertWellFormed(client.read());
      assertStillServes(client);
    }
  }

  @Property(tries = 1000)
  void damagedHttpIsAnsweredWellOrNotAtAllAndHarmsNobodyElse(
      @ForAll Random random, @ForAll @IntRange(min = 1, max = 4) int times) throws Exception {
    String[] request = JSON.get(random.nextInt(JSON.size()));
    byte[] whole = RawClient.json(request[0], request[1]).getBytes(UTF_8);
    try (RawClient client = new RawClient(endpoint)) {
      client.send(damaged(whole, times, random));
      client.finishOutput();
      RawClient.Answer answer = client.readOrEnd();
      while (answer != null) {
        assertThat(answer.status()).isIn(200, 400, 403, 404, 405, 413, 414, 417, 431);
        assertBodyWellFormed(answer);
        answer = client.readOrEnd();
      }
    }
    try (RawClient other = new RawClient(endpoint)) {
      assertStillServes(other);
    }
  }
}
