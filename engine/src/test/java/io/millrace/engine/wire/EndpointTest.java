package io.millrace.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EndpointTest {

  private static final String URL = "http://sqs.test:9324/000000000000/orders";

  @Test
  void aMessageGoesInAndComesOutAndIsDeleted() throws Exception {
    try (SqsEndpoint endpoint =
            SqsEndpoint.open(
                WireConfig.DEFAULT.at("127.0.0.1", 0),
                new ScriptedQueueService(),
                RequestObserver.NONE);
        RawClient client = new RawClient(endpoint)) {
      assertThat(client.call(RawClient.json("CreateQueue", "{\"QueueName\":\"orders\"}")).body())
          .isEqualTo("{\"QueueUrl\":\"" + URL + "\"}");
      assertThat(
              client
                  .call(
                      RawClient.json(
                          "SendMessage",
                          "{\"QueueUrl\":\"" + URL + "\",\"MessageBody\":\"hello\"}"))
                  .body())
          .isEqualTo(
              "{\"MD5OfMessageBody\":\"5d41402abc4b2a76b9719d911017c592\","
                  + "\"MessageId\":\"00000000-0000-4000-0000-000000000001\"}");
      assertThat(
              client
                  .call(RawClient.json("ReceiveMessage", "{\"QueueUrl\":\"" + URL + "\"}"))
                  .body())
          .isEqualTo(
              "{\"Messages\":[{\"MessageId\":\"00000000-0000-4000-0000-000000000001\","
                  + "\"ReceiptHandle\":\"handle-1\","
                  + "\"MD5OfBody\":\"5d41402abc4b2a76b9719d911017c592\",\"Body\":\"hello\"}]}");
      RawClient.Answer deleted =
          client.call(
              RawClient.json(
                  "DeleteMessage",
                  "{\"QueueUrl\":\"" + URL + "\",\"ReceiptHandle\":\"handle-1\"}"));
      assertThat(deleted.status()).isEqualTo(200);
      assertThat(deleted.header("Content-Length")).isEqualTo("0");
    }
  }
}
