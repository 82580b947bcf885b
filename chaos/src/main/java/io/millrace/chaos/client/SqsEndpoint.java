package io.millrace.chaos.client;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * An SQS endpoint reached through the AWS SDK for Java v2, by its blocking client over Apache's
 * HTTP client: the client most Java programs use. Retries are off, every timeout is explicit.
 *
 * <p>Safe for use by several threads.
 */
public final class SqsEndpoint implements AutoCloseable {

  /**
   * How long a connection may take. The lab's servers are near; one that is down refuses at once.
   */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  private final SqsClient client;

  private SqsEndpoint(SqsClient client) {
    this.client = client;
  }

  /**
   * An endpoint; no connection is made yet.
   *
   * @param uri such as {@code http://127.0.0.1:9324}
   * @param connections how many requests may be under way at once; no request waits for a
   *     connection
   * @param answerTimeout how long an answer may take, long polls included
   */
  public static SqsEndpoint of(URI uri, int connections, Duration answerTimeout) {
    return new SqsEndpoint(
        SqsClient.builder()
            .endpointOverride(uri)
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("millrace", "lab")))
            .checksumValidationEnabled(false)
            .overrideConfiguration(
                overrides -> overrides.retryStrategy(AwsRetryStrategy.doNotRetry()))
            .httpClientBuilder(
                ApacheHttpClient.builder()
                    .maxConnections(connections)
                    .connectionTimeout(CONNECT_TIMEOUT)
                    .connectionAcquisitionTimeout(CONNECT_TIMEOUT)
                    .socketTimeout(answerTimeout)
                    .tcpKeepAlive(false)
                    .expectContinueEnabled(false))
            .build());
  }

  /**
   * Makes a queue.
   *
   * @param name its name
   * @param visibility its visibility timeout, whole seconds
   * @return its URL
   * @throws software.amazon.awssdk.core.exception.SdkException if the endpoint refused or was not
   *     reached
   */
  public String createQueue(String name, Duration visibility) {
    return client
        .createQueue(
            request ->
                request
                    .queueName(name)
                    .attributes(
                        Map.of(
                            QueueAttributeName.VISIBILITY_TIMEOUT,
                            Long.toString(visibility.toSeconds()))))
        .queueUrl();
  }

  /** A session with a queue. */
  public Session session(String queueUrl) {
    return new SdkSession(client, queueUrl);
  }

  SqsClient client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
  }
}
