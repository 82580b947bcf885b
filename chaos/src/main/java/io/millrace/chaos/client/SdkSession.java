package io.millrace.chaos.client;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
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
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
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
    return outcome(
        () -> {
          SendMessageResponse answer =
              client.sendMessage(
                  request ->
                      request
                          .queueUrl(queueUrl)
                          .messageBody(message.body())
                          .messageAttributes(attributes));
          boolean agree =
              Digests.ofBody(message.body()).equals(answer.md5OfMessageBody())
                  && Digests.ofAttributes(message.attributes())
                      .equals(orEmpty(answer.md5OfMessageAttributes()));
          return new Sent(answer.messageId(), agree);
        });
  }

  @Override
  public Outcome<List<IncomingMessage>> receive(int max, Duration wait) {
    return outcome(
        () ->
            client
                .receiveMessage(
                    request ->
                        request
                            .queueUrl(queueUrl)
                            .maxNumberOfMessages(max)
                            .waitTimeSeconds((int) wait.toSeconds())
                            .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                            .messageAttributeNames(ALL))
                .messages()
                .stream()
                .map(SdkSession::incoming)
                .toList());
  }

  @Override
  public List<Outcome<Boolean>> delete(List<String> receiptHandles) {
    if (receiptHandles.size() == 1) {
      return List.of(
          outcome(
              () -> {
                client.deleteMessage(
                    request -> request.queueUrl(queueUrl).receiptHandle(receiptHandles.get(0)));
                return true;
              }));
    }
    List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
    for (int i = 0; i < receiptHandles.size(); i++) {
      entries.add(
          DeleteMessageBatchRequestEntry.builder()
              .id(Integer.toString(i))
              .receiptHandle(receiptHandles.get(i))
              .build());
    }
    Outcome<DeleteMessageBatchResponse> batch =
        outcome(
            () ->
                client.deleteMessageBatch(request -> request.queueUrl(queueUrl).entries(entries)));
    if (!(batch instanceof Outcome.Ok<DeleteMessageBatchResponse> ok)) {
      return Collections.nCopies(receiptHandles.size(), withoutAnswer(batch));
    }
    return entryOutcomes(ok.answer(), receiptHandles.size());
  }

  /** An entry that the answer names nowhere has an unknown outcome. */
  private static List<Outcome<Boolean>> entryOutcomes(
      DeleteMessageBatchResponse answer, int count) {
    Map<String, Outcome<Boolean>> byId = new HashMap<>();
    answer.successful().forEach(entry -> byId.put(entry.id(), new Outcome.Ok<>(true)));
    for (BatchResultErrorEntry entry : answer.failed()) {
      byId.put(
          entry.id(),
          entry.senderFault()
              ? new Outcome.Fail<>(entry.code())
              : new Outcome.Unknown<>(entry.code()));
    }
    List<Outcome<Boolean>> outcomes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      outcomes.add(byId.getOrDefault(Integer.toString(i), new Outcome.Unknown<>("NotInTheAnswer")));
    }
    return outcomes;
  }

  private static <T> Outcome<Boolean> withoutAnswer(Outcome<T> outcome) {
    return outcome instanceof Outcome.Fail
        ? new Outcome.Fail<>(outcome.code())
        : new Outcome.Unknown<>(outcome.code());
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

  private static <T> Outcome<T> outcome(Supplier<T> request) {
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
