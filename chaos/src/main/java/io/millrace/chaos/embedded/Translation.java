package io.millrace.chaos.embedded;

import io.millrace.chaos.client.Attribute;
import io.millrace.chaos.client.BatchItem;
import io.millrace.chaos.client.BatchOutcome;
import io.millrace.chaos.client.Digests;
import io.millrace.chaos.client.Done;
import io.millrace.chaos.client.IncomingMessage;
import io.millrace.chaos.client.Outcome;
import io.millrace.chaos.client.OutgoingMessage;
import io.millrace.chaos.client.QueueCounts;
import io.millrace.chaos.client.Sent;
import io.millrace.chaos.client.Session;
import io.millrace.chaos.client.VisibilityChange;
import io.millrace.chaos.history.QueueSettings;
import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.sqs.MessageAttribute;
import io.millrace.engine.sqs.QueueArn;
import io.millrace.engine.sqs.QueueAttribute;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.RedrivePolicy;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import io.millrace.engine.sqs.SqsError;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Between the lab's words and the engine's: requests one way, outcomes the other. Pure functions,
 * so that a simulation can submit a request at one instant and hear of it at another.
 */
public final class Translation {

  private static final String REGION = "us-east-1";

  private Translation() {}

  /** To make a queue; parameters as in {@link io.millrace.chaos.client.Target#createQueue}. */
  public static Request createQueue(QueueName queue, QueueSettings settings, String deadLetters) {
    return new Request.CreateQueue(Caller.LOCAL, queue, attributes(settings, deadLetters));
  }

  /** To set every setting of a queue; parameters as in {@link #createQueue}. */
  public static Request setSettings(QueueName queue, QueueSettings settings, String deadLetters) {
    Map<QueueAttribute, String> attributes = attributes(settings, deadLetters);
    attributes.putIfAbsent(QueueAttribute.REDRIVE_POLICY, "");
    return new Request.SetQueueAttributes(Caller.LOCAL, queue, attributes);
  }

  /** To delete a queue. */
  public static Request deleteQueue(QueueName queue) {
    return new Request.DeleteQueue(Caller.LOCAL, queue);
  }

  /** To send one message. */
  public static Request send(QueueName queue, OutgoingMessage message) {
    return new Request.SendMessage(Caller.LOCAL, queue, outgoing(message));
  }

  /** To send messages by one request. */
  public static Request sendBatch(QueueName queue, List<BatchItem<OutgoingMessage>> messages) {
    return new Request.SendMessageBatch(
        Caller.LOCAL,
        queue,
        messages.stream()
            .map(item -> new Request.SendEntry(item.id(), outgoing(item.content())))
            .toList());
  }

  /** To receive messages; parameters as in {@link Session#receive}. */
  public static Request receive(QueueName queue, int max, Duration wait, Duration visibility) {
    return new Request.ReceiveMessage(
        Caller.LOCAL,
        queue,
        max,
        (int) wait.toSeconds(),
        visibility.equals(Session.QUEUE_VISIBILITY)
            ? Request.QUEUE_DEFAULT
            : (int) visibility.toSeconds());
  }

  /** To delete one message. */
  public static Request delete(QueueName queue, String receiptHandle) {
    return new Request.DeleteMessage(Caller.LOCAL, queue, receiptHandle);
  }

  /** To delete messages by one request. */
  public static Request deleteBatch(QueueName queue, List<BatchItem<String>> receiptHandles) {
    return new Request.DeleteMessageBatch(
        Caller.LOCAL,
        queue,
        receiptHandles.stream()
            .map(item -> new Request.DeleteEntry(item.id(), item.content()))
            .toList());
  }

  /** To change the visibility timeout of one message. */
  public static Request changeVisibility(QueueName queue, VisibilityChange change) {
    return new Request.ChangeMessageVisibility(
        Caller.LOCAL, queue, change.receiptHandle(), (int) change.visibility().toSeconds());
  }

  /** To change visibility timeouts by one request. */
  public static Request changeVisibilityBatch(
      QueueName queue, List<BatchItem<VisibilityChange>> changes) {
    return new Request.ChangeMessageVisibilityBatch(
        Caller.LOCAL,
        queue,
        changes.stream()
            .map(
                item ->
                    new Request.VisibilityEntry(
                        item.id(),
                        item.content().receiptHandle(),
                        (int) item.content().visibility().toSeconds()))
            .toList());
  }

  /** To remove every message. */
  public static Request purge(QueueName queue) {
    return new Request.PurgeQueue(Caller.LOCAL, queue);
  }

  /** To read the counts. */
  public static Request counts(QueueName queue) {
    return new Request.GetQueueAttributes(Caller.LOCAL, queue);
  }

  /** What the answer to a send says. */
  public static Outcome<Sent> sent(Reply reply) {
    return reply instanceof Reply.MessageSent sent
        ? new Outcome.Ok<>(new Sent(sent.messageId().toString(), true))
        : refused(reply);
  }

  /** What the answer to a batch of sends says; the ids are the request's. */
  public static BatchOutcome<Sent> sentBatch(List<String> ids, Reply reply) {
    if (!(reply instanceof Reply.BatchDone done)) {
      return BatchOutcome.withoutAnswer(refused(reply), ids.size());
    }
    List<BatchOutcome.Named<Sent>> answer = new ArrayList<>();
    for (Reply.Entry entry : done.entries()) {
      answer.add(
          new BatchOutcome.Named<>(
              entry.id(),
              entry instanceof Reply.Entry.Sent sent
                  ? new Outcome.Ok<>(new Sent(sent.messageId().toString(), true))
                  : refused(entry)));
    }
    return BatchOutcome.of(ids, answer);
  }

  /** What the answer to a receive says. */
  public static Outcome<List<IncomingMessage>> received(Reply reply) {
    return reply instanceof Reply.MessagesReceived received
        ? new Outcome.Ok<>(received.messages().stream().map(Translation::incoming).toList())
        : refused(reply);
  }

  /** What the answer to an operation says that has nothing to tell. */
  public static Outcome<Done> done(Reply reply) {
    return reply instanceof Reply.Done || reply instanceof Reply.QueueNamed
        ? new Outcome.Ok<>(Done.DONE)
        : refused(reply);
  }

  /** What the answer to a batch of deletes or changes says; the ids are the request's. */
  public static BatchOutcome<Done> doneBatch(List<String> ids, Reply reply) {
    if (!(reply instanceof Reply.BatchDone done)) {
      return BatchOutcome.withoutAnswer(refused(reply), ids.size());
    }
    List<BatchOutcome.Named<Done>> answer = new ArrayList<>();
    for (Reply.Entry entry : done.entries()) {
      answer.add(
          new BatchOutcome.Named<>(
              entry.id(),
              entry instanceof Reply.Entry.Succeeded
                  ? new Outcome.Ok<>(Done.DONE)
                  : refused(entry)));
    }
    return BatchOutcome.of(ids, answer);
  }

  /** What the answer to a reading of the counts says. */
  public static Outcome<QueueCounts> counted(Reply reply) {
    return reply instanceof Reply.QueueState state
        ? new Outcome.Ok<>(new QueueCounts(state.visible(), state.inFlight(), state.delayed()))
        : refused(reply);
  }

  /** The outcome of a request whose answer never came. */
  public static <T> Outcome<T> unknown(Throwable cause) {
    return new Outcome.Unknown<>(cause.getClass().getSimpleName());
  }

  private static <T> Outcome<T> refused(Reply reply) {
    if (reply instanceof Reply.Failed failed) {
      return refused(failed.error());
    }
    throw new AssertionError("an answer of another kind: " + reply);
  }

  private static <T> Outcome<T> refused(Reply.Entry entry) {
    if (entry instanceof Reply.Entry.Refused refused) {
      return refused(refused.error());
    }
    throw new AssertionError("an entry of another kind: " + entry);
  }

  private static <T> Outcome<T> refused(SqsError error) {
    String code = error.code().queryCode();
    return error.code() == ErrorCode.INTERNAL_FAILURE
        ? new Outcome.Unknown<>(code)
        : new Outcome.Fail<>(code);
  }

  private static io.millrace.engine.sqs.OutgoingMessage outgoing(OutgoingMessage message) {
    List<MessageAttribute> attributes = new ArrayList<>();
    message
        .attributes()
        .forEach(
            (name, attribute) ->
                attributes.add(
                    new MessageAttribute(
                        name,
                        attribute.type(),
                        attribute.value().getBytes(StandardCharsets.UTF_8))));
    return new io.millrace.engine.sqs.OutgoingMessage(
        message.body().getBytes(StandardCharsets.UTF_8),
        attributes,
        message.delay().equals(OutgoingMessage.QUEUE_DELAY)
            ? io.millrace.engine.sqs.OutgoingMessage.QUEUE_DELAY
            : (int) message.delay().toSeconds(),
        io.millrace.engine.sqs.OutgoingMessage.NONE,
        io.millrace.engine.sqs.OutgoingMessage.NONE);
  }

  private static IncomingMessage incoming(ReceivedMessage message) {
    SortedMap<String, Attribute> attributes = new TreeMap<>();
    for (MessageAttribute each : message.attributes()) {
      attributes.put(each.name(), new Attribute(each.dataType(), each.text()));
    }
    String body = new String(message.body(), StandardCharsets.UTF_8);
    return new IncomingMessage(
        message.id().toString(),
        message.receiptHandle(),
        body,
        attributes,
        Digests.ofBody(body),
        Digests.ofAttributes(attributes),
        message.receiveCount(),
        message.sentAtMs(),
        message.firstReceivedAtMs());
  }

  private static Map<QueueAttribute, String> attributes(
      QueueSettings settings, String deadLetters) {
    Map<QueueAttribute, String> attributes = new EnumMap<>(QueueAttribute.class);
    attributes.put(QueueAttribute.VISIBILITY_TIMEOUT, seconds(settings.visibilityMs()));
    attributes.put(QueueAttribute.DELAY_SECONDS, seconds(settings.delayMs()));
    attributes.put(QueueAttribute.RECEIVE_MESSAGE_WAIT_TIME_SECONDS, seconds(settings.waitMs()));
    attributes.put(QueueAttribute.MESSAGE_RETENTION_PERIOD, seconds(settings.retentionMs()));
    if (settings.hasDeadLetters()) {
      QueueArn arn = new QueueArn(REGION, Caller.LOCAL.account(), new QueueName(deadLetters));
      attributes.put(
          QueueAttribute.REDRIVE_POLICY,
          new RedrivePolicy(arn.toString(), settings.maxReceiveCount()).toJson());
    }
    return attributes;
  }

  private static String seconds(long ms) {
    return Long.toString(ms / 1_000);
  }
}
