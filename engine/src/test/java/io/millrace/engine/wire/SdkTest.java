package io.millrace.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeNameForSends;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;
import software.amazon.awssdk.services.sqs.model.UnsupportedOperationException;

/** The AWS SDK for Java v2 understands every answer, checks every digest, and maps every error. */
class SdkTest {

  private final ScriptedQueueService service = new ScriptedQueueService();
  private SqsEndpoint endpoint;
  private SqsClient sqs;
  private String url;

  @BeforeEach
  void open() throws Exception {
    endpoint = TestEndpoints.open(service);
    sqs =
        SqsClient.builder()
            .endpointOverride(URI.create("http://127.0.0.1:" + endpoint.port()))
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret")))
            .httpClientBuilder(ApacheHttpClient.builder())
            .overrideConfiguration(o -> o.retryStrategy(RetryMode.STANDARD))
            .build();
    url = sqs.createQueue(q -> q.queueName("orders")).queueUrl();
  }

  @AfterEach
  void close() {
    sqs.close();
    endpoint.close();
  }

  @Test
  void aMessageWithAttributesGoesThereAndBack() {
    MessageAttributeValue number =
        MessageAttributeValue.builder().dataType("Number.int").stringValue("42").build();
    MessageAttributeValue binary =
        MessageAttributeValue.builder()
            .dataType("Binary")
            .binaryValue(SdkBytes.fromByteArray(new byte[] {0, 1, -1}))
            .build();
    Map<String, MessageAttributeValue> attributes = Map.of("n", number, "b", binary);
    sqs.sendMessage(
        m ->
            m.queueUrl(url)
                .messageBody("h\u00e4llo \ud83d\ude00 <&>\r\n")
                .messageAttributes(attributes)
                .messageGroupId("group-1")
                .messageSystemAttributes(
                    Map.of(
                        MessageSystemAttributeNameForSends.AWS_TRACE_HEADER,
                        MessageSystemAttributeValue.builder()
                            .dataType("String")
                            .stringValue("Root=1-5759e988-bd862e3fe1be46a994272793")
                            .build())));
    Message message =
        sqs.receiveMessage(
                r ->
                    r.queueUrl(url)
                        .messageAttributeNames("All")
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
            .messages()
            .get(0);
    assertThat(message.body()).isEqualTo("h\u00e4llo \ud83d\ude00 <&>\r\n");
    assertThat(message.messageAttributes()).isEqualTo(attributes);
    assertThat(message.attributes())
        .containsEntry(MessageSystemAttributeName.MESSAGE_GROUP_ID, "group-1")
        .containsEntry(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1")
        .containsEntry(
            MessageSystemAttributeName.AWS_TRACE_HEADER,
            "Root=1-5759e988-bd862e3fe1be46a994272793");
    sqs.changeMessageVisibility(
        c -> c.queueUrl(url).receiptHandle(message.receiptHandle()).visibilityTimeout(10));
    sqs.deleteMessage(d -> d.queueUrl(url).receiptHandle(message.receiptHandle()));
    assertThat(sqs.receiveMessage(r -> r.queueUrl(url)).messages()).isEmpty();
  }

  @Test
  void batchesSucceedAndFailEntryByEntry() {
    SendMessageBatchResponse sent =
        sqs.sendMessageBatch(
            b ->
                b.queueUrl(url)
                    .entries(
                        SendMessageBatchRequestEntry.builder().id("a").messageBody("one").build(),
                        SendMessageBatchRequestEntry.builder()
                            .id("b")
                            .messageBody("bad \u0001")
                            .build()));
    assertThat(sent.successful()).extracting("id").containsExactly("a");
    assertThat(sent.failed())
        .containsExactly(
            BatchResultErrorEntry.builder()
                .id("b")
                .senderFault(true)
                .code("InvalidMessageContents")
                .message(
                    "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20"
                        + " to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF")
                .build());
    String handle = sqs.receiveMessage(r -> r.queueUrl(url)).messages().get(0).receiptHandle();
    assertThat(
            sqs.changeMessageVisibilityBatch(
                    c ->
                        c.queueUrl(url)
                            .entries(
                                ChangeMessageVisibilityBatchRequestEntry.builder()
                                    .id("v")
                                    .receiptHandle(handle)
                                    .visibilityTimeout(5)
                                    .build()))
                .successful())
        .hasSize(1);
    assertThat(
            sqs.deleteMessageBatch(
                    d ->
                        d.queueUrl(url)
                            .entries(
                                DeleteMessageBatchRequestEntry.builder()
                                    .id("d")
                                    .receiptHandle(handle)
                                    .build()))
                .successful())
        .hasSize(1);
  }

  @Test
  void queuesAreManaged() {
    assertThat(url).isEqualTo("http://127.0.0.1:" + endpoint.port() + "/000000000000/orders");
    assertThat(sqs.getQueueUrl(q -> q.queueName("orders")).queueUrl()).isEqualTo(url);
    sqs.createQueue(q -> q.queueName("orders-2"));
    sqs.createQueue(q -> q.queueName("orders-3"));
    assertThat(sqs.listQueuesPaginator(l -> l.maxResults(1)).queueUrls()).hasSize(3);
    sqs.setQueueAttributes(
        s -> s.queueUrl(url).attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "7")));
    assertThat(
            sqs.getQueueAttributes(g -> g.queueUrl(url).attributeNames(QueueAttributeName.ALL))
                .attributes())
        .containsEntry(QueueAttributeName.VISIBILITY_TIMEOUT, "7")
        .containsEntry(QueueAttributeName.QUEUE_ARN, "arn:aws:sqs:us-east-1:000000000000:orders");
    sqs.purgeQueue(p -> p.queueUrl(url));
    sqs.deleteQueue(d -> d.queueUrl(url));
    assertThat(sqs.listQueues(l -> l.queueNamePrefix("orders")).queueUrls()).hasSize(2);
  }

  @Test
  void errorsAreTheSdksOwnTypesAndCodes() {
    sqs.deleteQueue(d -> d.queueUrl(url));
    assertThatThrownBy(() -> sqs.sendMessage(m -> m.queueUrl(url).messageBody("m")))
        .isInstanceOfSatisfying(
            QueueDoesNotExistException.class,
            e -> {
              assertThat(e.awsErrorDetails().errorCode())
                  .isEqualTo("AWS.SimpleQueueService.NonExistentQueue");
              assertThat(e.awsErrorDetails().errorMessage())
                  .isEqualTo("The specified queue does not exist.");
              assertThat(e.statusCode()).isEqualTo(400);
              assertThat(e.requestId()).hasSize(36);
            });
    sqs.createQueue(q -> q.queueName("orders"));
    assertThatThrownBy(() -> sqs.deleteMessage(d -> d.queueUrl(url).receiptHandle("garbage")))
        .isInstanceOf(ReceiptHandleIsInvalidException.class);
    assertThatThrownBy(
            () ->
                sqs.createQueue(
                    q ->
                        q.queueName("orders")
                            .attributes(Map.of(QueueAttributeName.DELAY_SECONDS, "9"))))
        .isInstanceOf(QueueNameExistsException.class);
    assertThatThrownBy(() -> sqs.receiveMessage(r -> r.queueUrl(url).maxNumberOfMessages(11)))
        .isInstanceOfSatisfying(
            SqsException.class,
            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("InvalidParameterValue"));
    assertThatThrownBy(() -> sqs.listQueueTags(t -> t.queueUrl(url)))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> sqs.sendMessageBatch(b -> b.queueUrl(url).entries(List.of())))
        .isInstanceOf(software.amazon.awssdk.services.sqs.model.EmptyBatchRequestException.class);
  }
}
