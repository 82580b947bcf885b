package io.millrace.engine.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.sqs.Limits;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.QueueAttribute;
import io.millrace.engine.sqs.QueueAttributes;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.QueueService;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import io.millrace.engine.sqs.SqsError;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A small second {@link QueueService}: queues in memory, no time, no chance. Message ids count up,
 * a receive takes from the front and hides for good, receipt handles are {@code handle-N}. A
 * waiting receive waits until a message is sent or its future is cancelled. Replies come on the
 * caller's thread, or on that of whoever sends to a waiting receive.
 */
final class ScriptedQueueService implements QueueService {

  private static final long SENT_AT_MS = 1_700_000_000_123L;
  private static final long FIRST_RECEIVED_AT_MS = 1_700_000_001_456L;

  private final Map<QueueName, Queue> queues = new TreeMap<>();
  private final List<Request> requests = new ArrayList<>();
  private final List<CompletableFuture<Reply>> polls = new ArrayList<>();
  private Optional<Function<Request, CompletableFuture<Reply>>> script = Optional.empty();
  private long ids;

  private static final class Queue {
    private QueueAttributes attributes;
    private final Deque<ReceivedMessage> visible = new ArrayDeque<>();
    private final Map<String, ReceivedMessage> inFlight = new TreeMap<>();
    private final Deque<Poll> polls = new ArrayDeque<>();

    private Queue(QueueAttributes attributes) {
      this.attributes = attributes;
    }
  }

  private record Poll(Request.ReceiveMessage request, CompletableFuture<Reply> future) {}

  /** Answers every request from now on with what the script says. */
  synchronized ScriptedQueueService answering(Function<Request, CompletableFuture<Reply>> answers) {
    script = Optional.of(answers);
    return this;
  }

  /** Answers every request from now on with this reply. */
  ScriptedQueueService answering(Reply reply) {
    return answering(request -> CompletableFuture.completedFuture(reply));
  }

  /** What was submitted so far, in order. */
  synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  /** The futures of receives that had to wait, in order. */
  synchronized List<CompletableFuture<Reply>> polls() {
    return List.copyOf(polls);
  }

  synchronized ScriptedQueueService withQueue(String name) {
    queues.put(new QueueName(name), new Queue(QueueAttributes.defaults(Limits.CURRENT)));
    return this;
  }

  @Override
  public synchronized CompletableFuture<Reply> submit(Request request) {
    requests.add(request);
    if (script.isPresent()) {
      return script.get().apply(request);
    }
    if (request instanceof Request.ReceiveMessage receive) {
      return receive(receive);
    }
    return CompletableFuture.completedFuture(answer(request));
  }

  private Reply answer(Request request) {
    if (request instanceof Request.CreateQueue create) {
      return create(create);
    }
    if (request instanceof Request.ListQueues list) {
      return list(list);
    }
    QueueName name = ((Request.OnQueue) request).queue();
    Queue queue = queues.get(name);
    if (queue == null) {
      return new Reply.Failed(SqsError.QUEUE_MISSING);
    }
    if (request instanceof Request.GetQueueUrl) {
      return new Reply.QueueNamed(name);
    }
    if (request instanceof Request.DeleteQueue) {
      queues.remove(name);
      return Reply.Done.DONE;
    }
    if (request instanceof Request.GetQueueAttributes) {
      return new Reply.QueueState(
          name,
          queue.attributes,
          SENT_AT_MS,
          SENT_AT_MS + 5_000,
          queue.visible.size(),
          queue.inFlight.size(),
          0);
    }
    if (request instanceof Request.SetQueueAttributes set) {
      return change(
          queue.attributes,
          set.attributes(),
          changed -> {
            queue.attributes = changed;
            return Reply.Done.DONE;
          });
    }
    if (request instanceof Request.PurgeQueue) {
      queue.visible.clear();
      queue.inFlight.clear();
      return Reply.Done.DONE;
    }
    if (request instanceof Request.SendMessage send) {
      return send(queue, send.message())
          .<Reply>map(Reply.MessageSent::new)
          .orElseGet(
              () -> new Reply.Failed(SqsError.messageTooLong(queue.attributes.messageBytesMax())));
    }
    if (request instanceof Request.SendMessageBatch batch) {
      List<Reply.Entry> entries = new ArrayList<>();
      for (Request.SendEntry entry : batch.entries()) {
        entries.add(
            send(queue, entry.message())
                .<Reply.Entry>map(id -> new Reply.Entry.Sent(entry.id(), id))
                .orElseGet(
                    () ->
                        new Reply.Entry.Refused(
                            entry.id(),
                            SqsError.batchEntryTooLong(queue.attributes.messageBytesMax()))));
      }
      return new Reply.BatchDone(entries);
    }
    if (request instanceof Request.DeleteMessage delete) {
      return delete(queue, delete.receiptHandle())
          .<Reply>map(Reply.Failed::new)
          .orElse(Reply.Done.DONE);
    }
    if (request instanceof Request.DeleteMessageBatch batch) {
      List<Reply.Entry> entries = new ArrayList<>();
      for (Request.DeleteEntry entry : batch.entries()) {
        entries.add(outcome(entry.id(), delete(queue, entry.receiptHandle())));
      }
      return new Reply.BatchDone(entries);
    }
    if (request instanceof Request.ChangeMessageVisibility change) {
      return changeVisibility(queue, change.receiptHandle(), change.visibilitySeconds())
          .<Reply>map(Reply.Failed::new)
          .orElse(Reply.Done.DONE);
    }
    if (request instanceof Request.ChangeMessageVisibilityBatch batch) {
      List<Reply.Entry> entries = new ArrayList<>();
      for (Request.VisibilityEntry entry : batch.entries()) {
        entries.add(
            outcome(
                entry.id(),
                changeVisibility(queue, entry.receiptHandle(), entry.visibilitySeconds())));
      }
      return new Reply.BatchDone(entries);
    }
    throw new AssertionError("not scripted: " + request);
  }

  private static Reply.Entry outcome(String id, Optional<SqsError> error) {
    return error
        .<Reply.Entry>map(e -> new Reply.Entry.Refused(id, e))
        .orElseGet(() -> new Reply.Entry.Succeeded(id));
  }

  private Reply create(Request.CreateQueue create) {
    Queue existing = queues.get(create.queue());
    if (existing == null) {
      return change(
          QueueAttributes.defaults(Limits.CURRENT),
          create.attributes(),
          attributes -> {
            queues.put(create.queue(), new Queue(attributes));
            return new Reply.QueueNamed(create.queue());
          });
    }
    for (Map.Entry<QueueAttribute, String> given : create.attributes().entrySet()) {
      if (!given.getValue().equals(existing.attributes.values().get(given.getKey()))) {
        return new Reply.Failed(
            new SqsError(
                ErrorCode.QUEUE_NAME_EXISTS,
                "A queue already exists with the same name and a different value for attribute "
                    + given.getKey().wireName()));
      }
    }
    return new Reply.QueueNamed(create.queue());
  }

  private static Reply change(
      QueueAttributes from,
      Map<QueueAttribute, String> changes,
      Function<QueueAttributes, Reply> accepted) {
    QueueAttributes.Change change = from.with(changes, Limits.CURRENT);
    return change instanceof QueueAttributes.Change.Accepted ok
        ? accepted.apply(ok.attributes())
        : new Reply.Failed(((QueueAttributes.Change.Rejected) change).error());
  }

  private Reply list(Request.ListQueues list) {
    List<QueueName> names =
        queues.keySet().stream()
            .filter(name -> name.value().startsWith(list.prefix()))
            .filter(name -> name.value().compareTo(list.startAfter()) > 0)
            .toList();
    boolean paged = list.maxResults() != Request.QUEUE_DEFAULT && names.size() > list.maxResults();
    if (!paged) {
      return new Reply.QueueList(names, "");
    }
    List<QueueName> page = names.subList(0, list.maxResults());
    return new Reply.QueueList(page, page.get(page.size() - 1).value());
  }

  private Optional<UUID> send(Queue queue, OutgoingMessage message) {
    if (message.sizeBytes() > queue.attributes.messageBytesMax()) {
      return Optional.empty();
    }
    UUID id = new UUID(0x4000L, ++ids);
    queue.visible.add(
        new ReceivedMessage(
            id,
            "",
            message.body(),
            message.bodyMd5(),
            message.attributes(),
            "000000000000",
            SENT_AT_MS,
            0,
            0,
            message.traceHeader(),
            message.groupId(),
            OutgoingMessage.NONE));
    while (!queue.visible.isEmpty() && !queue.polls.isEmpty()) {
      Poll poll = queue.polls.remove();
      if (!poll.future.isDone()) {
        poll.future.complete(take(queue, poll.request, true));
      }
    }
    return Optional.of(id);
  }

  private CompletableFuture<Reply> receive(Request.ReceiveMessage receive) {
    Queue queue = queues.get(receive.queue());
    if (queue == null) {
      return CompletableFuture.completedFuture(new Reply.Failed(SqsError.QUEUE_MISSING));
    }
    if (!queue.visible.isEmpty() || receive.waitSeconds() <= 0) {
      return CompletableFuture.completedFuture(take(queue, receive, false));
    }
    CompletableFuture<Reply> poll = new CompletableFuture<>();
    polls.add(poll);
    queue.polls.add(new Poll(receive, poll));
    return poll;
  }

  private static Reply take(Queue queue, Request.ReceiveMessage receive, boolean waited) {
    List<ReceivedMessage> taken = new ArrayList<>();
    while (taken.size() < receive.maxMessages() && !queue.visible.isEmpty()) {
      ReceivedMessage m = queue.visible.remove();
      String handle = "handle-" + m.id().getLeastSignificantBits();
      ReceivedMessage out =
          new ReceivedMessage(
              m.id(),
              handle,
              m.body(),
              m.bodyMd5(),
              m.attributes(),
              m.senderId(),
              m.sentAtMs(),
              FIRST_RECEIVED_AT_MS,
              m.receiveCount() + 1,
              m.traceHeader(),
              m.groupId(),
              m.deadLetterSourceArn());
      queue.inFlight.put(handle, out);
      taken.add(out);
    }
    return new Reply.MessagesReceived(taken, waited);
  }

  private static Optional<SqsError> delete(Queue queue, String handle) {
    if (!handle.startsWith("handle-")) {
      return Optional.of(SqsError.invalidReceiptHandle(handle));
    }
    queue.inFlight.remove(handle);
    return Optional.empty();
  }

  private static Optional<SqsError> changeVisibility(Queue queue, String handle, int seconds) {
    if (!handle.startsWith("handle-")) {
      return Optional.of(SqsError.invalidReceiptHandle(handle));
    }
    ReceivedMessage message = queue.inFlight.get(handle);
    if (message == null) {
      return Optional.of(
          SqsError.invalidParameter(
              handle,
              "ReceiptHandle",
              "Message does not exist or is not available for visibility timeout change."));
    }
    if (seconds == 0) {
      queue.inFlight.remove(handle);
      queue.visible.add(message);
    }
    return Optional.empty();
  }

  /** The body as text, for assertions. */
  static String text(byte[] body) {
    return new String(body, UTF_8);
  }
}
