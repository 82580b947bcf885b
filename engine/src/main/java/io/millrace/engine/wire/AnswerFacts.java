package io.millrace.engine.wire;

import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.sqs.QueueArn;
import io.millrace.engine.sqs.QueueAttribute;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.Reply;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What an answer says beside the reply itself, whatever the protocol: digests, URLs, ARNs, names
 * and texts of numbers.
 */
final class AnswerFacts {

  private static final String SQS_PREFIX = "AWS.SimpleQueueService.";

  private final String account;
  private final String region;
  private final QueueUrls urls;
  private final Digests digests = new Digests();

  AnswerFacts(String account, String region, QueueUrls urls) {
    this.account = account;
    this.region = region;
    this.urls = urls;
  }

  Digests digests() {
    return digests;
  }

  String url(Exchange exchange, QueueName queue) {
    return urls.url(exchange.host, queue);
  }

  /** The code of one failed entry, which SQS gives without the service's prefix. */
  static String entryCode(ErrorCode code) {
    String query = code.queryCode();
    return query.startsWith(SQS_PREFIX) ? query.substring(SQS_PREFIX.length()) : query;
  }

  /** Those of a queue's attributes that were asked for and are there, in the enum's order. */
  Map<QueueAttribute, String> attributes(Reply.QueueState state, Set<QueueAttribute> wanted) {
    EnumMap<QueueAttribute, String> shown = new EnumMap<>(QueueAttribute.class);
    for (QueueAttribute attribute : wanted) {
      switch (attribute) {
        case QUEUE_ARN ->
            shown.put(attribute, new QueueArn(region, account, state.queue()).toString());
        case CREATED_TIMESTAMP -> shown.put(attribute, Long.toString(state.createdAtMs() / 1000));
        case LAST_MODIFIED_TIMESTAMP ->
            shown.put(attribute, Long.toString(state.modifiedAtMs() / 1000));
        case APPROXIMATE_NUMBER_OF_MESSAGES -> shown.put(attribute, Long.toString(state.visible()));
        case APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE ->
            shown.put(attribute, Long.toString(state.inFlight()));
        case APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED ->
            shown.put(attribute, Long.toString(state.delayed()));
        default -> {
          String value = state.attributes().values().get(attribute);
          if (value != null) {
            shown.put(attribute, value);
          }
        }
      }
    }
    return shown;
  }

  /**
   * Those of a message's system attributes that were asked for and are there, in the model's order.
   */
  Map<String, String> systemAttributes(ReceivedMessage message, ReceiveSelection selection) {
    Map<String, String> shown = new LinkedHashMap<>();
    for (ReceiveSelection.SystemAttribute attribute : selection.system()) {
      String value =
          switch (attribute) {
            case SENDER_ID -> message.senderId();
            case SENT_TIMESTAMP -> Long.toString(message.sentAtMs());
            case APPROXIMATE_RECEIVE_COUNT -> Integer.toString(message.receiveCount());
            case APPROXIMATE_FIRST_RECEIVE_TIMESTAMP -> Long.toString(message.firstReceivedAtMs());
            case MESSAGE_GROUP_ID -> message.groupId();
            case AWS_TRACE_HEADER -> message.traceHeader();
            case DEAD_LETTER_QUEUE_SOURCE_ARN -> message.deadLetterSourceArn();
          };
      if (!value.isEmpty()) {
        shown.put(attribute.wireName, value);
      }
    }
    return shown;
  }
}
