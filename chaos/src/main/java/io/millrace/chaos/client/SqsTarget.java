package io.millrace.chaos.client;

import io.millrace.chaos.history.QueueSettings;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Any SQS endpoint as a target. What it is able to do is told by whoever names it, since an
 * endpoint does not tell.
 */
public final class SqsTarget implements Target {

  private final SqsEndpoint endpoint;
  private final Caps caps;
  private final ConcurrentMap<String, String> urls = new ConcurrentHashMap<>();

  /**
   * A target; nothing is asked of it yet.
   *
   * @param endpoint where it is; closed with the target
   */
  public SqsTarget(SqsEndpoint endpoint, Caps caps) {
    this.endpoint = endpoint;
    this.caps = caps;
  }

  @Override
  public Caps caps() {
    return caps;
  }

  @Override
  public Outcome<Done> createQueue(String name, QueueSettings settings, String deadLetters) {
    return SdkSession.outcome(
        () -> {
          Map<QueueAttributeName, String> attributes = attributes(settings, deadLetters);
          urls.put(
              name,
              endpoint
                  .client()
                  .createQueue(request -> request.queueName(name).attributes(attributes))
                  .queueUrl());
          return Done.DONE;
        });
  }

  @Override
  public Outcome<Done> setSettings(String name, QueueSettings settings, String deadLetters) {
    return SdkSession.done(
        () -> {
          String url = url(name);
          Map<QueueAttributeName, String> attributes = attributes(settings, deadLetters);
          attributes.putIfAbsent(QueueAttributeName.REDRIVE_POLICY, "");
          endpoint.client().setQueueAttributes(r -> r.queueUrl(url).attributes(attributes));
        });
  }

  @Override
  public Outcome<Done> deleteQueue(String name) {
    return SdkSession.done(
        () -> {
          String url = url(name);
          endpoint.client().deleteQueue(request -> request.queueUrl(url));
        });
  }

  /**
   * {@inheritDoc}
   *
   * @throws software.amazon.awssdk.core.exception.SdkException if the queue was not made here and
   *     the endpoint does not name its URL
   */
  @Override
  public Session session(String name) {
    return endpoint.session(url(name));
  }

  @Override
  public void close() {
    endpoint.close();
  }

  private String url(String name) {
    return urls.computeIfAbsent(
        name, each -> endpoint.client().getQueueUrl(r -> r.queueName(each)).queueUrl());
  }

  private Map<QueueAttributeName, String> attributes(QueueSettings settings, String deadLetters) {
    Map<QueueAttributeName, String> attributes = new TreeMap<>();
    attributes.put(QueueAttributeName.VISIBILITY_TIMEOUT, seconds(settings.visibilityMs()));
    attributes.put(QueueAttributeName.DELAY_SECONDS, seconds(settings.delayMs()));
    attributes.put(
        QueueAttributeName.RECEIVE_MESSAGE_WAIT_TIME_SECONDS, seconds(settings.waitMs()));
    attributes.put(QueueAttributeName.MESSAGE_RETENTION_PERIOD, seconds(settings.retentionMs()));
    if (settings.hasDeadLetters()) {
      attributes.put(
          QueueAttributeName.REDRIVE_POLICY,
          "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":%d}"
              .formatted(arn(deadLetters), settings.maxReceiveCount()));
    }
    return attributes;
  }

  private String arn(String name) {
    String url = url(name);
    String arn =
        endpoint
            .client()
            .getQueueAttributes(r -> r.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
            .attributes()
            .get(QueueAttributeName.QUEUE_ARN);
    if (arn == null) {
      throw new IllegalStateException("the endpoint gives no ARN for queue " + name);
    }
    return arn;
  }

  private static String seconds(long ms) {
    return Long.toString(ms / 1_000);
  }
}
