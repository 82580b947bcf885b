package io.millrace.chaos.client;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** A {@link Session} through the AWS SDK's blocking client. */
final class SdkSession implements Session {

  private static final String ALL = "All";
  private static final int SERVER_ERROR = 500;

  private final SqsClient client;
  private final String queueUrl;

  SdkSession(SqsClient client, String queueUrl) {
    this.client = client;
    this.queueUrl = queueUrl;
  }

  @Override
  public Outcome<Sent> send(OutgoingMessage message) {
    return outcome(
        () -> {
          SendMessageResponse answer =
              client.sendMessage(
                  request ->
                      request
                          .queueUrl(queueUrl)
                          .messageBody(message.body())
                          .messageAttributes(attributes(message))
                          .delaySeconds(delaySeconds(message)));
          return sent(
              message,
              answer.messageId(),
              answer.md5OfMessageBody(),
              answer.md5OfMessageAttributes());
        });
  }

  @Override
  public BatchOutcome<Sent> sendBatch(List<BatchItem<OutgoingMessage>> messages) {
    List<SendMessageBatchRequestEntry> entries =
        messages.stream()
            .map(
                item ->
                    SendMessageBatchRequestEntry.builder()
                        .id(item.id())
                        .messageBody(item.content().body())
                        .messageAttributes(attributes(item.content()))
                        .delaySeconds(delaySeconds(item.content()))
                        .build())
            .toList();
    Outcome<SendMessageBatchResponse> whole =
        outcome(() -> client.sendMessageBatch(r -> r.queueUrl(queueUrl).entries(entries)));
    if (!(whole instanceof Outcome.Ok<SendMessageBatchResponse> ok)) {
      return withoutAnswer(whole, messages.size());
    }
    Map<String, OutgoingMessage> byId = new HashMap<>();
    messages.forEach(item -> byId.put(item.id(), item.content()));
    List<BatchOutcome.Named<Sent>> answer = new ArrayList<>();
    for (SendMessageBatchResultEntry entry : ok.answer().successful()) {
      OutgoingMessage message = byId.get(entry.id());
      answer.add(
          new BatchOutcome.Named<>(
              entry.id(),
              new Outcome.Ok<>(
                  message != null
                      ? sent(
                          message,
                          entry.messageId(),
                          entry.md5OfMessageBody(),
                          entry.md5OfMessageAttributes())
                      : new Sent(entry.messageId(), false))));
    }
    addRefused(ok.answer().failed(), answer);
    return BatchOutcome.of(ids(messages), answer);
  }

  @Override
  public Outcome<List<IncomingMessage>> receive(int max, Duration wait, Duration visibility) {
    Integer visibilitySeconds =
        visibility.equals(QUEUE_VISIBILITY) ? null : (int) visibility.toSeconds();
    return outcome(
        () ->
            client
                .receiveMessage(
                    request ->
                        request
                            .queueUrl(queueUrl)
                            .maxNumberOfMessages(max)
                            .waitTimeSeconds((int) wait.toSeconds())
                            .visibilityTimeout(visibilitySeconds)
                            .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                            .messageAttributeNames(ALL))
                .messages()
                .stream()
                .map(SdkSession::incoming)
                .toList());
  }

  @Override
  public Outcome<Done> delete(String receiptHandle) {
    return done(() -> client.deleteMessage(r -> r.queueUrl(queueUrl).receiptHandle(receiptHandle)));
  }

  @Override
  public BatchOutcome<Done> deleteBatch(List<BatchItem<String>> receiptHandles) {
    List<DeleteMessageBatchRequestEntry> entries =
        receiptHandles.stream()
            .map(
                item ->
                    DeleteMessageBatchRequestEntry.builder()
                        .id(item.id())
                        .receiptHandle(item.content())
                        .build())
            .toList();
    Outcome<DeleteMessageBatchResponse> whole =
        outcome(() -> client.deleteMessageBatch(r -> r.queueUrl(queueUrl).entries(entries)));
    if (!(whole instanceof Outcome.Ok<DeleteMessageBatchResponse> ok)) {
      return withoutAnswer(whole, receiptHandles.size());
    }
    List<BatchOutcome.Named<Done>> answer = new ArrayList<>();
    ok.answer().successful().forEach(entry -> answer.add(done(entry.id())));
    addRefused(ok.answer().failed(), answer);
    return BatchOutcome.of(ids(receiptHandles), answer);
  }

  @Override
  public Outcome<Done> changeVisibility(VisibilityChange change) {
    return done(
        () ->
            client.changeMessageVisibility(
                request ->
                    request
                        .queueUrl(queueUrl)
                        .receiptHandle(change.receiptHandle())
                        .visibilityTimeout((int) change.visibility().toSeconds())));
  }

  @Override
  public BatchOutcome<Done> changeVisibilityBatch(List<BatchItem<VisibilityChange>> changes) {
    List<ChangeMessageVisibilityBatchRequestEntry> entries =
        changes.stream()
            .map(
                item ->
                    ChangeMessageVisibilityBatchRequestEntry.builder()
                        .id(item.id())
                        .receiptHandle(item.content().receiptHandle())
                        .visibilityTimeout((int) item.content().visibility().toSeconds())
                        .build())
            .toList();
    Outcome<ChangeMessageVisibilityBatchResponse> whole =
        outcome(
            () -> client.changeMessageVisibilityBatch(r -> r.queueUrl(queueUrl).entries(entries)));
    if (!(whole instanceof Outcome.Ok<ChangeMessageVisibilityBatchResponse> ok)) {
      return withoutAnswer(whole, changes.size());
    }
    List<BatchOutcome.Named<Done>> answer = new ArrayList<>();
    ok.answer().successful().forEach(entry -> answer.add(done(entry.id())));
    addRefused(ok.answer().failed(), answer);
    return BatchOutcome.of(ids(changes), answer);
  }

  @Override
  public Outcome<Done> purge() {
    return done(() -> client.purgeQueue(request -> request.queueUrl(queueUrl)));
  }

  @Override
  public Outcome<QueueCounts> counts() {
    return outcome(
        () -> {
          Map<QueueAttributeName, String> attributes =
              client
                  .getQueueAttributes(
                      request -> request.queueUrl(queueUrl).attributeNames(QueueAttributeName.ALL))
                  .attributes();
          return new QueueCounts(
              count(attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)),
              count(attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE)),
              count(attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED)));
        });
  }

  private static Map<String, MessageAttributeValue> attributes(OutgoingMessage message) {
    Map<String, MessageAttributeValue> attributes = new HashMap<>();
    message
        .attributes()
        .forEach(
            (name, attribute) ->
                attributes.put(
                    name,
                    MessageAttributeValue.builder()
                        .dataType(attribute.type())
                        .stringValue(attribute.value())
                        .build()));
    return attributes;
  }

  /** Null where the request is to say nothing, as the SDK has it. */
  private static @Nullable Integer delaySeconds(OutgoingMessage message) {
    return message.delay().equals(OutgoingMessage.QUEUE_DELAY)
        ? null
        : (int) message.delay().toSeconds();
  }

  private static Sent sent(
      OutgoingMessage message,
      String messageId,
      @Nullable String bodyMd5,
      @Nullable String attributesMd5) {
    boolean agree =
        Digests.ofBody(message.body()).equals(bodyMd5)
            && Digests.ofAttributes(message.attributes()).equals(orEmpty(attributesMd5));
    return new Sent(messageId, agree);
  }

  private static <T> List<String> ids(List<BatchItem<T>> items) {
    return items.stream().map(BatchItem::id).toList();
  }

  private static BatchOutcome.Named<Done> done(String id) {
    return new BatchOutcome.Named<>(id, new Outcome.Ok<>(Done.DONE));
  }

  private static <T> void addRefused(
      List<BatchResultErrorEntry> refused, List<BatchOutcome.Named<T>> answer) {
    for (BatchResultErrorEntry entry : refused) {
      answer.add(
          new BatchOutcome.Named<>(
              entry.id(),
              entry.senderFault()
                  ? new Outcome.Fail<>(entry.code())
                  : new Outcome.Unknown<>(entry.code())));
    }
  }

  private static <T> BatchOutcome<T> withoutAnswer(Outcome<?> whole, int size) {
    return BatchOutcome.withoutAnswer(
        whole instanceof Outcome.Fail
            ? new Outcome.Fail<>(whole.code())
            : new Outcome.Unknown<>(whole.code()),
        size);
  }

  static Outcome<Done> done(Runnable request) {
    return outcome(
        () -> {
          request.run();
          return Done.DONE;
        });
  }

  private static IncomingMessage incoming(Message message) {
    SortedMap<String, Attribute> attributes = new TreeMap<>();
    message
        .messageAttributes()
        .forEach(
            (name, value) ->
                attributes.put(
                    name, new Attribute(value.dataType(), orEmpty(value.stringValue()))));
    Map<MessageSystemAttributeName, String> system = message.attributes();
    return new IncomingMessage(
        message.messageId(),
        message.receiptHandle(),
        message.body(),
        attributes,
        orEmpty(message.md5OfBody()),
        orEmpty(message.md5OfMessageAttributes()),
        (int) count(system.get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT)),
        count(system.get(MessageSystemAttributeName.SENT_TIMESTAMP)),
        count(system.get(MessageSystemAttributeName.APPROXIMATE_FIRST_RECEIVE_TIMESTAMP)));
  }

  static <T> Outcome<T> outcome(Supplier<T> request) {
    try {
      return new Outcome.Ok<>(request.get());
    } catch (AwsServiceException refused) {
      String code =
          refused.awsErrorDetails() == null
              ? "Status" + refused.statusCode()
              : refused.awsErrorDetails().errorCode();
      return refused.statusCode() >= SERVER_ERROR
          ? new Outcome.Unknown<>(code)
          : new Outcome.Fail<>(code);
    } catch (SdkException broken) {
      return withoutAnswer(broken);
    }
  }

  private static <T> Outcome<T> withoutAnswer(SdkException broken) {
    Throwable root = broken;
    while (root.getCause() != null) {
      root = root.getCause();
      if (isBeforeConnection(root)) {
        return new Outcome.Fail<>(root.getClass().getSimpleName());
      }
    }
    return new Outcome.Unknown<>(root.getClass().getSimpleName());
  }

  /** Whether the request surely never left: no connection was made, or none was to be had. */
  private static boolean isBeforeConnection(Throwable cause) {
    return cause instanceof ConnectException
        || cause instanceof UnknownHostException
        || cause instanceof org.apache.http.conn.ConnectTimeoutException;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static long count(@Nullable String text) {
    return text == null ? 0 : Long.parseLong(text);
  }
}
