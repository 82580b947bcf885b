package io.millrace.engine.wire;

import static io.millrace.engine.wire.TestEndpoints.URL;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.sqs.Limits;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.Request;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each limit is kept at N and broken at N+1. */
class RequestLimitsTest {

  private static final int MIB = 1_048_576;

  private final ScriptedQueueService service = TestEndpoints.service();
  private SqsEndpoint endpoint;
  private RawClient client;

  @BeforeEach
  void open() throws IOException {
    endpoint = TestEndpoints.open(service);
    client = new RawClient(endpoint);
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    endpoint.close();
  }

  private RawClient.Answer json(String action, String members) throws IOException {
    return client.call(RawClient.json(action, "{\"QueueUrl\":\"" + URL + "\"," + members + "}"));
  }

  private RawClient.Answer send(String members) throws IOException {
    return json("SendMessage", members);
  }

  private static String attribute(String name, String value) {
    return "\"MessageBody\":\"m\",\"MessageAttributes\":{\""
        + name
        + "\":{\"DataType\":\"String\",\"StringValue\":\""
        + value
        + "\"}}";
  }

  private void assertTaken(RawClient.Answer answer) {
    assertThat(answer.status()).as(answer.raw()).isEqualTo(200);
  }

  private void assertRefused(RawClient.Answer answer, String code) {
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("x-amzn-query-error")).isEqualTo(code + ";Sender");
  }

  @Test
  void aBodyOfOneMebibytePassesAndOneByteMoreDoesNot() throws Exception {
    assertTaken(send("\"MessageBody\":\"" + "x".repeat(MIB) + "\""));
    RawClient.Answer refused = send("\"MessageBody\":\"" + "x".repeat(MIB + 1) + "\"");
    assertThat(refused.body())
        .endsWith(
            "\"One or more parameters are invalid. Reason: Message must be shorter than 1048576"
                + " bytes.\"}");
  }

  @Test
  void aMessageIsMeasuredInBytesNotCharacters() throws Exception {
    assertTaken(send("\"MessageBody\":\"" + "\u20ac".repeat(MIB / 3) + "x\""));
    assertRefused(
        send("\"MessageBody\":\"" + "\u20ac".repeat(MIB / 3) + "xx\""), "InvalidParameterValue");
  }

  @Test
  void attributesCountWithNameTypeAndValue() throws Exception {
    int overhead = "m".length() + "name".length() + "String".length();
    assertTaken(send(attribute("name", "x".repeat(MIB - overhead))));
    assertRefused(send(attribute("name", "x".repeat(MIB - overhead + 1))), "InvalidParameterValue");
  }

  @Test
  void theTraceHeaderIsNotCounted() throws Exception {
    assertTaken(
        send(
            "\"MessageBody\":\""
                + "x".repeat(MIB)
                + "\",\"MessageSystemAttributes\":{\"AWSTraceHeader\":{\"DataType\":\"String\","
                + "\"StringValue\":\"Root=1\"}}"));
  }

  @Test
  void aBatchOfOneMebibytePassesAndOneByteMoreDoesNot() throws Exception {
    String entries =
        "\"Entries\":[{\"Id\":\"a\",\"MessageBody\":\"%s\"},{\"Id\":\"b\",\"MessageBody\":\"%s\"}]";
    String half = "x".repeat(MIB / 2);
    assertTaken(json("SendMessageBatch", String.format(entries, half, half)));
    RawClient.Answer refused = json("SendMessageBatch", String.format(entries, half, half + "x"));
    assertRefused(refused, "AWS.SimpleQueueService.BatchRequestTooLong");
    assertThat(refused.body())
        .contains(
            "Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.");
  }

  @Test
  void classicLimitsAreAQuarter() throws Exception {
    WireConfig classic = WireConfig.DEFAULT.at("127.0.0.1", 0).under(Limits.CLASSIC);
    try (SqsEndpoint old = SqsEndpoint.open(classic, service, RequestObserver.NONE);
        RawClient caller = new RawClient(old)) {
      assertTaken(caller.call(TestEndpoints.send("x".repeat(262_144))));
      assertThat(caller.call(TestEndpoints.send("x".repeat(262_145))).body())
          .contains("Message must be shorter than 262144 bytes.");
    }
  }

  @Test
  void tenAttributesPassAndElevenDoNot() throws Exception {
    assertTaken(send("\"MessageBody\":\"m\",\"MessageAttributes\":{" + attributes(10) + "}"));
    assertThat(send("\"MessageBody\":\"m\",\"MessageAttributes\":{" + attributes(11) + "}").body())
        .contains("Number of message attributes [11] exceeds the allowed maximum [10].");
  }

  private static String attributes(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"a" + i + "\":{\"DataType\":\"String\",\"StringValue\":\"x\"}")
        .collect(Collectors.joining(","));
  }

  @Test
  void anAttributesNameIsShorterThan256Bytes() throws Exception {
    assertTaken(send(attribute("n".repeat(255), "v")));
    assertRefused(send(attribute("n".repeat(256), "v")), "InvalidParameterValue");
    assertRefused(send(attribute("\u00e4".repeat(128), "v")), "InvalidParameterValue");
  }

  @Test
  void numbersMayHaveSignFractionAndExponentAndNothingElse() throws Exception {
    for (String number : new String[] {"0", "-1.5", "+.5", "1.", "1e10", "2E-128", "007"}) {
      assertTaken(send(attribute("n", number).replace("\"String\"", "\"Number\"")));
    }
    for (String other : new String[] {"x", "1e", "0x1", "1_0", ".", "1e9999", " 1", "NaN"}) {
      assertRefused(
          send(attribute("n", other).replace("\"String\"", "\"Number\"")), "InvalidParameterValue");
    }
  }

  @Test
  void aDelayIsAtMost900Seconds() throws Exception {
    assertTaken(send("\"MessageBody\":\"m\",\"DelaySeconds\":900"));
    assertRefused(send("\"MessageBody\":\"m\",\"DelaySeconds\":901"), "InvalidParameterValue");
    assertRefused(send("\"MessageBody\":\"m\",\"DelaySeconds\":-1"), "InvalidParameterValue");
  }

  @Test
  void aGroupIdHasAtMost128Characters() throws Exception {
    assertTaken(send("\"MessageBody\":\"m\",\"MessageGroupId\":\"" + "g".repeat(128) + "\""));
    assertRefused(
        send("\"MessageBody\":\"m\",\"MessageGroupId\":\"" + "g".repeat(129) + "\""),
        "InvalidParameterValue");
    assertRefused(send("\"MessageBody\":\"m\",\"MessageGroupId\":\"\""), "InvalidParameterValue");
  }

  @Test
  void anEntrysIdHasAtMost80Characters() throws Exception {
    String entry = "\"Entries\":[{\"Id\":\"%s\",\"ReceiptHandle\":\"handle-1\"}]";
    assertTaken(json("DeleteMessageBatch", String.format(entry, "i".repeat(80))));
    assertRefused(
        json("DeleteMessageBatch", String.format(entry, "i".repeat(81))),
        "AWS.SimpleQueueService.InvalidBatchEntryId");
  }

  @Test
  void aQueuesNameHasAtMost80Characters() throws Exception {
    assertTaken(
        client.call(RawClient.json("CreateQueue", "{\"QueueName\":\"" + "q".repeat(80) + "\"}")));
    assertRefused(
        client.call(RawClient.json("CreateQueue", "{\"QueueName\":\"" + "q".repeat(81) + "\"}")),
        "InvalidParameterValue");
  }

  @Test
  void aPageHasAtMostAThousandNames() throws Exception {
    assertTaken(client.call(RawClient.json("ListQueues", "{\"MaxResults\":1000}")));
    assertRefused(
        client.call(RawClient.json("ListQueues", "{\"MaxResults\":1001}")),
        "InvalidParameterValue");
    assertRefused(
        client.call(RawClient.json("ListQueues", "{\"MaxResults\":0}")), "InvalidParameterValue");
  }

  @Test
  void jsonNestsAtMost32Deep() throws Exception {
    String ignored = "{\"Ignored\":%s}";
    assertTaken(
        client.call(
            RawClient.json("ListQueues", String.format(ignored, "[".repeat(31) + "]".repeat(31)))));
    assertRefused(
        client.call(
            RawClient.json("ListQueues", String.format(ignored, "[".repeat(32) + "]".repeat(32)))),
        "MalformedInput");
  }

  @Test
  void aFormHasAtMostTwoThousandParameters() throws Exception {
    String many = "&x=1".repeat(FormParameters.PARAMETERS_MAX - 1);
    assertTaken(client.call(RawClient.form("/", "Action=ListQueues" + many)));
    RawClient.Answer refused = client.call(RawClient.form("/", "Action=ListQueues&y=1" + many));
    assertThat(refused.body()).contains("<Code>MalformedInput</Code>");
  }

  @Test
  void hugeListNumbersSizeNothing() throws Exception {
    RawClient.Answer answer =
        client.call(
            RawClient.form(
                "/000000000000/orders",
                "Action=SendMessageBatch&SendMessageBatchRequestEntry.999999.Id=a"
                    + "&SendMessageBatchRequestEntry.999999.MessageBody=m"
                    + "&SendMessageBatchRequestEntry.99999999999999999999.Id=b"
                    + "&SendMessageBatchRequestEntry.-1.Id=c"));
    assertThat(answer.body()).contains("<Id>a</Id>").doesNotContain("<Id>b</Id>");
  }

  @Test
  void theTraceHeaderOfHttpBecomesTheSystemAttribute() throws Exception {
    RawClient.Answer answer =
        client.call(
            TestEndpoints.send("m")
                .replace(
                    "Host:", "X-Amzn-Trace-Id: Root=1-5759e988-bd862e3fe1be46a994272793\r\nHost:"));
    assertThat(answer.body())
        .contains("\"MD5OfMessageSystemAttributes\":\"62a56dd927315f2b2e12832b84617ea5\"");
    OutgoingMessage sent = ((Request.SendMessage) service.requests().get(0)).message();
    assertThat(sent.traceHeader()).isEqualTo("Root=1-5759e988-bd862e3fe1be46a994272793");
  }

  @Test
  void aTraceHeaderHasAtMost1024PrintableCharacters() throws Exception {
    assertTaken(send(traced("x".repeat(1024))));
    assertRefused(send(traced("x".repeat(1025))), "InvalidParameterValue");
    assertRefused(send(traced("x".repeat(70_000))), "InvalidParameterValue");
    assertRefused(send(traced("Root=1\\r\\nX: y")), "InvalidParameterValue");
    assertRefused(send(traced("\u00e9")), "InvalidParameterValue");
    assertThat(service.requests()).hasSize(1);
  }

  private static String traced(String value) {
    return "\"MessageBody\":\"m\",\"MessageSystemAttributes\":{\"AWSTraceHeader\":{\"DataType\":"
        + "\"String\",\"StringValue\":\""
        + value
        + "\"}}";
  }

  @Test
  void aTraceHeaderOfHttpThatBreaksTheRuleIsLeftOut() throws Exception {
    for (String trace : List.of("x".repeat(1025), "R\u00f6\u00f6t=1")) {
      assertTaken(
          client.call(
              TestEndpoints.send("m").replace("Host:", "X-Amzn-Trace-Id: " + trace + "\r\nHost:")));
    }
    for (Request request : service.requests()) {
      assertThat(((Request.SendMessage) request).message().traceHeader())
          .isEqualTo(OutgoingMessage.NONE);
    }
    assertThat(service.requests()).hasSize(2);
  }

  @Test
  void theTraceOfAMessageWinsOverThatOfItsRequest() throws Exception {
    assertTaken(
        client.call(
            RawClient.json("SendMessage", "{\"QueueUrl\":\"" + URL + "\"," + traced("Root=2") + "}")
                .replace("Host:", "X-Amzn-Trace-Id: Root=1\r\nHost:")));
    OutgoingMessage sent = ((Request.SendMessage) service.requests().get(0)).message();
    assertThat(sent.traceHeader()).isEqualTo("Root=2");
  }

  @Test
  void aPolicyHasAtMost8192Bytes() throws Exception {
    assertTaken(setPolicy("x".repeat(8192)));
    assertRefused(setPolicy("x".repeat(8193)), "InvalidAttributeValue");
    assertRefused(setPolicy("x".repeat(3_000_000)), "InvalidAttributeValue");
  }

  private RawClient.Answer setPolicy(String policy) throws IOException {
    return json("SetQueueAttributes", "\"Attributes\":{\"Policy\":\"" + policy + "\"}");
  }

  @Test
  void ofEqualMembersTheLastCounts() throws Exception {
    assertTaken(send("\"MessageBody\":\"a\",\"MessageBody\":\"b\""));
    OutgoingMessage sent = ((Request.SendMessage) service.requests().get(0)).message();
    assertThat(ScriptedQueueService.text(sent.body())).isEqualTo("b");
  }

  @Test
  void whatIsNotGivenIsLeftToTheQueue() throws Exception {
    json("ReceiveMessage", "\"Foo\":{\"Bar\":[1,2]}");
    Request.ReceiveMessage receive = (Request.ReceiveMessage) service.requests().get(0);
    assertThat(receive.maxMessages()).isEqualTo(1);
    assertThat(receive.waitSeconds()).isEqualTo(Request.QUEUE_DEFAULT);
    assertThat(receive.visibilitySeconds()).isEqualTo(Request.QUEUE_DEFAULT);
    send("\"MessageBody\":\"m\"");
    OutgoingMessage sent = ((Request.SendMessage) service.requests().get(1)).message();
    assertThat(sent.delaySeconds()).isEqualTo(OutgoingMessage.QUEUE_DELAY);
    assertThat(sent.groupId()).isEqualTo(OutgoingMessage.NONE);
  }

  @Test
  void aRefusedRequestNeverReachesTheService() throws Exception {
    send("\"MessageBody\":\"\"");
    json("SendMessageBatch", "\"Entries\":[{\"Id\":\"a\",\"MessageBody\":\"\"}]");
    json("DeleteMessage", "\"ReceiptHandle\":5");
    assertThat(service.requests()).isEmpty();
  }
}
