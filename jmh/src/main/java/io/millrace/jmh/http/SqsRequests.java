package io.millrace.jmh.http;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Whole HTTP requests as bytes, as an AWS SDK sends them in AWS JSON 1.0: about 0.7 KB of headers
 * (user agent, invocation id, a signature's shape), then the body. The signature is a well-formed
 * one of unknown keys.
 */
public final class SqsRequests {

  /** The queue the benchmarks use. */
  static final String QUEUE = "bench";

  /** How many messages one batch holds (Amazon SQS quotas, 2025). */
  public static final int BATCH = 10;

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:";

  private static final String ACCOUNT = "000000000000";

  private final String host;

  private SqsRequests(String host) {
    this.host = host;
  }

  public static SqsRequests to(InetSocketAddress server) {
    return new SqsRequests(server.getAddress().getHostAddress() + ":" + server.getPort());
  }

  /** SendMessage of a body of printable ASCII, the same for the same seed. */
  public byte[] send(String queue, int bodyBytes, long seed) {
    return request(
        "SendMessage",
        "{\"QueueUrl\":\""
            + url(queue)
            + "\",\"MessageBody\":\""
            + text(bodyBytes, new Random(seed))
            + "\"}");
  }

  /** SendMessage of a body of printable ASCII without quotes or backslashes. */
  public byte[] send(String queue, String body) {
    return request(
        "SendMessage", "{\"QueueUrl\":\"" + url(queue) + "\",\"MessageBody\":\"" + body + "\"}");
  }

  /** SendMessageBatch of such bodies, at most {@value #BATCH}. */
  public byte[] sendBatch(String queue, List<String> bodies) {
    return request(
        "SendMessageBatch",
        IntStream.range(0, bodies.size())
            .mapToObj(i -> "{\"Id\":\"" + i + "\",\"MessageBody\":\"" + bodies.get(i) + "\"}")
            .collect(
                Collectors.joining(
                    ",", "{\"QueueUrl\":\"" + url(queue) + "\",\"Entries\":[", "]}")));
  }

  /** SendMessageBatch of {@value #BATCH} such bodies, each another. */
  public byte[] sendBatch(String queue, int bodyBytes, long seed) {
    Random random = new Random(seed);
    return request(
        "SendMessageBatch",
        IntStream.range(0, BATCH)
            .mapToObj(
                i -> "{\"Id\":\"" + i + "\",\"MessageBody\":\"" + text(bodyBytes, random) + "\"}")
            .collect(
                Collectors.joining(
                    ",", "{\"QueueUrl\":\"" + url(queue) + "\",\"Entries\":[", "]}")));
  }

  /** DeleteMessageBatch of these receipts, at most {@value #BATCH}. */
  public byte[] deleteBatch(String queue, List<String> receiptHandles) {
    return request(
        "DeleteMessageBatch",
        IntStream.range(0, receiptHandles.size())
            .mapToObj(
                i -> "{\"Id\":\"" + i + "\",\"ReceiptHandle\":\"" + receiptHandles.get(i) + "\"}")
            .collect(
                Collectors.joining(
                    ",", "{\"QueueUrl\":\"" + url(queue) + "\",\"Entries\":[", "]}")));
  }

  /** DeleteQueue. */
  public byte[] deleteQueue(String queue) {
    return request("DeleteQueue", "{\"QueueUrl\":\"" + url(queue) + "\"}");
  }

  /** CreateQueue with a visibility timeout, in seconds. */
  public byte[] createQueue(String queue, int visibilitySeconds) {
    return request(
        "CreateQueue",
        "{\"QueueName\":\""
            + queue
            + "\",\"Attributes\":{\"VisibilityTimeout\":\""
            + visibilitySeconds
            + "\"}}");
  }

  /** ReceiveMessage of one message, waiting up to this many seconds, 0 to 20. */
  byte[] receive(String queue, int waitSeconds) {
    return receive(queue, 1, waitSeconds);
  }

  /** ReceiveMessage of up to so many messages, 1 to {@value #BATCH}. */
  public byte[] receive(String queue, int max, int waitSeconds) {
    return request(
        "ReceiveMessage",
        "{\"QueueUrl\":\""
            + url(queue)
            + "\",\"MaxNumberOfMessages\":"
            + max
            + ",\"WaitTimeSeconds\":"
            + waitSeconds
            + "}");
  }

  private static String text(int bytes, Random random) {
    StringBuilder text = new StringBuilder(bytes);
    for (int i = 0; i < bytes; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  private String url(String queue) {
    return "http://" + host + "/" + ACCOUNT + "/" + queue;
  }

  private byte[] request(String action, String body) {
    byte[] content = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "POST / HTTP/1.1\r\n"
            + "Host: "
            + host
            + "\r\n"
            + "amz-sdk-invocation-id: 3f0a4c1e-9d0b-4f6e-8c58-2f1f6f0d7a11\r\n"
            + "amz-sdk-request: attempt=1; max=1\r\n"
            + "Authorization: AWS4-HMAC-SHA256"
            + " Credential=AKIDEXAMPLE/20260101/us-east-1/sqs/aws4_request,"
            + " SignedHeaders=amz-sdk-invocation-id;amz-sdk-request;content-length;content-type;host;x-amz-date;"
            + "x-amz-target;x-amzn-query-mode,"
            + " Signature=5f0d3a1c9be1d53c0b4a7e3b1f5f3f4f5a0c1d2e3f405162738495a6b7c8d9e0\r\n"
            + "Content-Type: application/x-amz-json-1.0\r\n"
            + "User-Agent: aws-sdk-java/2.40.2 md/io#sync md/http#Apache ua/2.1 api/SQS#2.40.x"
            + " os/Linux#6 lang/java#17 md/OpenJDK_64-Bit_Server_VM m/E,e\r\n"
            + "X-Amz-Date: 20260101T000000Z\r\n"
            + "X-Amz-Target: AmazonSQS."
            + action
            + "\r\n"
            + "x-amzn-query-mode: true\r\n"
            + "Content-Length: "
            + content.length
            + "\r\n"
            + "Connection: Keep-Alive\r\n"
            + "\r\n";
    byte[] headBytes = head.getBytes(StandardCharsets.US_ASCII);
    byte[] whole = new byte[headBytes.length + content.length];
    System.arraycopy(headBytes, 0, whole, 0, headBytes.length);
    System.arraycopy(content, 0, whole, headBytes.length, content.length);
    return whole;
  }
}
