package io.millrace.chaos.sim;

import io.millrace.chaos.check.Invariant;
import io.millrace.chaos.sim.PlantedBug.Door;
import io.millrace.engine.shard.ShardConfig;
import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.sqs.Limits;
import io.millrace.engine.sqs.MessageAttribute;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.QueueService;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import io.millrace.engine.sqs.SqsError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Bugs that show in what is asked of the shard and in what it answers. */
final class ServiceBugs {

  private static final QueueName PLAIN = new QueueName(Plan.name(Plan.PLAIN));
  private static final Reply SERVICE_UNAVAILABLE =
      new Reply.Failed(new SqsError(ErrorCode.SERVICE_UNAVAILABLE, "planted"));

  private ServiceBugs() {}

  static List<PlantedBug> all() {
    List<PlantedBug> bugs = new ArrayList<>();
    addSends(bugs);
    addReceives(bugs);
    addMessages(bugs);
    bugs.addAll(QueueBugs.all());
    add(bugs, "forget-the-in-flight-cap", Invariant.IN_FLIGHT_CAP, CapForgotten::new);
    return bugs;
  }

  /** A shard that lets more be in flight than its queues' settings say. */
  private static final class CapForgotten implements SimWorld {
    @Override
    public ShardConfig config(ShardConfig config) {
      return new ShardConfig(
          config.durability(),
          config.limits().withInFlightMax(Limits.IN_FLIGHT_MAX),
          config.region(),
          config.account(),
          config.pendingBytesMax(),
          config.checkpointBytes(),
          config.carryBytesPerSecond(),
          config.captureNanosPerTurn(),
          config.delivery());
    }
  }

  private static void add(
      List<PlantedBug> bugs, String name, Invariant expected, Supplier<SimWorld> world) {
    bugs.add(new PlantedBug(name, Door.SERVICE, expected, world));
  }

  // ------------------------------------------------------------------------------------- sending

  private static void addSends(List<PlantedBug> bugs) {
    add(bugs, "drop-last-entry-of-batch", Invariant.LOSS, () -> new LastEntryLost());
    add(
        bugs,
        "lose-delayed-message",
        Invariant.LOSS,
        ServiceBug.skipping(
            request -> delayOf(request) > 0, new Reply.MessageSent(new UUID(0x4000, 1))));
    add(
        bugs,
        "deliver-delayed-early",
        Invariant.DELAY,
        ServiceBug.asking(ServiceBugs::withoutDelay));
    add(bugs, "send-done-twice", Invariant.INFO_SEND, SentTwice::new);
    add(
        bugs,
        "failed-send-is-done",
        Invariant.FAILED_SEND,
        ServiceBug.answering(
            (request, reply, bug) ->
                reply instanceof Reply.MessageSent && bug.asked() % 10 == 0
                    ? SERVICE_UNAVAILABLE
                    : reply));
    add(
        bugs,
        "wrong-id-in-answer",
        Invariant.PHANTOM,
        ServiceBug.answering(
            (request, reply, bug) ->
                reply instanceof Reply.MessageSent sent && bug.asked() % 10 == 0
                    ? new Reply.MessageSent(
                        new UUID(sent.messageId().getMostSignificantBits() ^ 1, 7))
                    : reply));
    add(
        bugs,
        "batch-answer-misses-an-entry",
        Invariant.BATCH,
        ServiceBug.answering(
            (request, reply, bug) ->
                reply instanceof Reply.BatchDone done
                    ? new Reply.BatchDone(done.entries().subList(1, done.entries().size()))
                    : reply));
    add(
        bugs,
        "batch-answer-names-an-entry-twice",
        Invariant.BATCH,
        ServiceBug.answering(
            (request, reply, bug) -> {
              if (!(reply instanceof Reply.BatchDone done)) {
                return reply;
              }
              List<Reply.Entry> entries = new ArrayList<>(done.entries());
              entries.add(entries.get(0));
              return new Reply.BatchDone(entries);
            }));
  }

  private static int delayOf(Request request) {
    return request instanceof Request.SendMessage send ? send.message().delaySeconds() : 0;
  }

  private static Request withoutDelay(Request request) {
    return delayOf(request) > 0 && request instanceof Request.SendMessage send
        ? new Request.SendMessage(send.caller(), send.queue(), send.message().withDelaySeconds(0))
        : request;
  }

  /** The last entry of a batch is answered and not done. */
  private static final class LastEntryLost extends ServiceBug {
    @Override
    CompletableFuture<Reply> submit(Request request, QueueService service) {
      if (!(request instanceof Request.SendMessageBatch batch) || batch.entries().size() < 2) {
        return service.submit(request);
      }
      int last = batch.entries().size() - 1;
      String id = batch.entries().get(last).id();
      int number = asked();
      return service
          .submit(
              new Request.SendMessageBatch(
                  batch.caller(), batch.queue(), batch.entries().subList(0, last)))
          .thenApply(
              reply -> {
                if (!(reply instanceof Reply.BatchDone done)) {
                  return reply;
                }
                List<Reply.Entry> entries = new ArrayList<>(done.entries());
                entries.add(new Reply.Entry.Sent(id, new UUID(0x4000, number)));
                return new Reply.BatchDone(entries);
              });
    }
  }

  /** Every tenth send is done twice. */
  private static final class SentTwice extends ServiceBug {
    private int sends;

    @Override
    CompletableFuture<Reply> submit(Request request, QueueService service) {
      if (request instanceof Request.SendMessage && ++sends % 10 == 0) {
        var unused = service.submit(request);
      }
      return service.submit(request);
    }
  }

  // ----------------------------------------------------------------------------------- receiving

  private static void addReceives(List<PlantedBug> bugs) {
    add(
        bugs,
        "expire-early",
        Invariant.EXCLUSIVITY,
        ServiceBug.asking(request -> withVisibility(request, 1)));
    add(
        bugs,
        "expire-never",
        Invariant.REDELIVERY,
        ServiceBug.asking(request -> withVisibility(request, 43_200)));
    add(
        bugs,
        "long-poll-cut-short",
        Invariant.LONG_POLL,
        ServiceBug.asking(request -> withWait(request, 0)));
    add(bugs, "long-poll-does-not-wake", Invariant.LONG_POLL, DeafPolls::new);
    add(
        bugs,
        "receive-from-another-queue",
        Invariant.PHANTOM,
        () ->
            new ServiceBug() {
              @Override
              CompletableFuture<Reply> submit(Request request, QueueService service) {
                return service.submit(
                    request instanceof Request.ReceiveMessage poll && asked() % 10 == 0
                        ? new Request.ReceiveMessage(
                            poll.caller(), PLAIN, poll.maxMessages(), 0, poll.visibilitySeconds())
                        : request);
              }
            });
  }

  private static Request withVisibility(Request request, int seconds) {
    return request instanceof Request.ReceiveMessage poll
        ? new Request.ReceiveMessage(
            poll.caller(), poll.queue(), poll.maxMessages(), poll.waitSeconds(), seconds)
        : request;
  }

  private static Request withWait(Request request, int seconds) {
    return request instanceof Request.ReceiveMessage poll
        ? new Request.ReceiveMessage(
            poll.caller(), poll.queue(), poll.maxMessages(), seconds, poll.visibilitySeconds())
        : request;
  }

  /** A poll that must wait is never woken: it looks once, then waits where nothing ever comes. */
  private static final class DeafPolls extends ServiceBug {
    private static final QueueName NOWHERE = new QueueName("nowhere");

    @Override
    CompletableFuture<Reply> submit(Request request, QueueService service) {
      if (!(request instanceof Request.ReceiveMessage poll) || poll.waitSeconds() <= 0) {
        return service.submit(request);
      }
      var unused = service.submit(new Request.CreateQueue(Caller.LOCAL, NOWHERE, Map.of()));
      return service
          .submit(withWait(poll, 0))
          .thenCompose(
              reply ->
                  reply instanceof Reply.MessagesReceived received && received.messages().isEmpty()
                      ? service.submit(
                          new Request.ReceiveMessage(
                              poll.caller(), NOWHERE, 1, poll.waitSeconds(), 1))
                      : answer(reply));
    }
  }

  // ------------------------------------------------------------------------------------ messages

  private static void addMessages(List<PlantedBug> bugs) {
    add(
        bugs,
        "forget-receive-count",
        Invariant.RECEIVE_COUNT,
        ServiceBug.delivering((m, bug) -> copy(m, m.receiptHandle(), m.body(), m.sentAtMs(), 1)));
    add(
        bugs,
        "corrupt-body",
        Invariant.INTEGRITY,
        ServiceBug.delivering(
            (m, bug) ->
                bug.asked() % 10 == 0
                    ? copy(m, m.receiptHandle(), flipped(m.body()), m.sentAtMs(), m.receiveCount())
                    : m));
    add(
        bugs,
        "corrupt-attribute",
        Invariant.INTEGRITY,
        ServiceBug.delivering(
            (m, bug) ->
                new ReceivedMessage(
                    m.id(),
                    m.receiptHandle(),
                    m.body(),
                    m.bodyMd5(),
                    m.attributes().stream()
                        .map(
                            each ->
                                new MessageAttribute(
                                    each.name(), each.dataType(), flipped(each.value())))
                        .toList(),
                    m.senderId(),
                    m.sentAtMs(),
                    m.firstReceivedAtMs(),
                    m.receiveCount(),
                    m.traceHeader(),
                    m.groupId(),
                    m.deadLetterSourceArn())));
    add(
        bugs,
        "sent-timestamp-changes-at-restart",
        Invariant.STABLE_META,
        ServiceBug.delivering(
            (m, bug) ->
                copy(
                    m,
                    m.receiptHandle(),
                    m.body(),
                    m.sentAtMs() + bug.starts(),
                    m.receiveCount())));
    add(
        bugs,
        "phantom-message",
        Invariant.PHANTOM,
        ServiceBug.delivering(
            (m, bug) ->
                bug.asked() % 10 == 0
                    ? new ReceivedMessage(
                        new UUID(0x4000, bug.asked()),
                        m.receiptHandle(),
                        m.body(),
                        m.bodyMd5(),
                        m.attributes(),
                        m.senderId(),
                        m.sentAtMs(),
                        m.firstReceivedAtMs(),
                        m.receiveCount(),
                        m.traceHeader(),
                        m.groupId(),
                        m.deadLetterSourceArn())
                    : m));
    add(
        bugs,
        "handle-given-out-again",
        Invariant.HANDLES,
        () -> {
          Map<UUID, String> first = new HashMap<>();
          return ServiceBug.delivering(
                  (m, bug) -> {
                    String handle = first.computeIfAbsent(m.id(), each -> m.receiptHandle());
                    return copy(m, handle, m.body(), m.sentAtMs(), m.receiveCount());
                  })
              .get();
        });
  }

  private static ReceivedMessage copy(
      ReceivedMessage m, String handle, byte[] body, long sentAtMs, int receiveCount) {
    return new ReceivedMessage(
        m.id(),
        handle,
        body,
        m.bodyMd5(),
        m.attributes(),
        m.senderId(),
        sentAtMs,
        m.firstReceivedAtMs(),
        receiveCount,
        m.traceHeader(),
        m.groupId(),
        m.deadLetterSourceArn());
  }

  private static byte[] flipped(byte[] bytes) {
    byte[] other = bytes.clone();
    other[other.length - 1] ^= 1;
    return other;
  }
}
