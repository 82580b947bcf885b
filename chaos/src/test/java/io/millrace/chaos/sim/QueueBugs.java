package io.millrace.chaos.sim;

import io.millrace.chaos.check.Invariant;
import io.millrace.chaos.sim.PlantedBug.Door;
import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.QueueAttribute;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.QueueService;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.RedrivePolicy;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Bugs in what is deleted, hidden, purged, moved and kept. */
final class QueueBugs {

  private static final QueueName PLAIN = new QueueName(Plan.name(Plan.PLAIN));
  private static final QueueName WORK = new QueueName(Plan.name(Plan.WORK));

  private QueueBugs() {}

  static List<PlantedBug> all() {
    List<PlantedBug> bugs = new ArrayList<>();
    addDeletes(bugs);
    addQueues(bugs);
    return bugs;
  }

  private static void add(
      List<PlantedBug> bugs, String name, Invariant expected, Supplier<SimWorld> world) {
    bugs.add(new PlantedBug(name, Door.SERVICE, expected, world));
  }

  // ------------------------------------------------------------------------- deleting, changing

  private static void addDeletes(List<PlantedBug> bugs) {
    add(
        bugs,
        "deliver-after-delete",
        Invariant.ZOMBIE,
        ServiceBug.skipping(Request.DeleteMessage.class::isInstance, Reply.Done.DONE));
    add(
        bugs,
        "change-visibility-ignored",
        Invariant.CHANGE_VISIBILITY,
        ServiceBug.skipping(Request.ChangeMessageVisibility.class::isInstance, Reply.Done.DONE));
    add(
        bugs,
        "foreign-or-forged-receipt-accepted",
        Invariant.HANDLES,
        ServiceBug.answering(
            (request, reply, bug) ->
                request instanceof Request.DeleteMessage
                        && reply instanceof Reply.Failed failed
                        && failed.error().code() == ErrorCode.RECEIPT_HANDLE_IS_INVALID
                    ? Reply.Done.DONE
                    : reply));
    add(bugs, "stale-receipt-deletes", Invariant.STALE_HANDLE, () -> new WrongDeletes(false));
    add(bugs, "delete-takes-another-message", Invariant.LOSS, () -> new WrongDeletes(true));
  }

  /** Deletes by the newest receipt of the message, or by the newest of any. */
  private static final class WrongDeletes extends ServiceBug {
    private final boolean anyMessage;
    private final Map<String, UUID> messageOf = new HashMap<>();
    private final Map<UUID, String> newest = new LinkedHashMap<>();
    private String newestOfAny = "";

    WrongDeletes(boolean anyMessage) {
      this.anyMessage = anyMessage;
    }

    @Override
    CompletableFuture<Reply> submit(Request request, QueueService service) {
      if (request instanceof Request.DeleteMessage delete) {
        UUID message = messageOf.get(delete.receiptHandle());
        String handle =
            anyMessage && !newestOfAny.isEmpty() && asked() % 5 == 0
                ? newestOfAny
                : message == null ? delete.receiptHandle() : newest.get(message);
        String used = anyMessage && asked() % 5 != 0 ? delete.receiptHandle() : handle;
        return service.submit(
            new Request.DeleteMessage(
                delete.caller(), delete.queue(), used == null ? delete.receiptHandle() : used));
      }
      return service
          .submit(request)
          .thenApply(
              reply -> {
                if (reply instanceof Reply.MessagesReceived received) {
                  for (ReceivedMessage message : received.messages()) {
                    messageOf.put(message.receiptHandle(), message.id());
                    newest.put(message.id(), message.receiptHandle());
                    newestOfAny = message.receiptHandle();
                  }
                }
                return reply;
              });
    }
  }

  // -------------------------------------------------------------------------------------- queues

  private static void addQueues(List<PlantedBug> bugs) {
    add(
        bugs,
        "purge-too-little",
        Invariant.PURGE,
        ServiceBug.skipping(Request.PurgeQueue.class::isInstance, Reply.Done.DONE));
    add(
        bugs,
        "purge-too-much",
        Invariant.LOSS,
        () ->
            new ServiceBug() {
              @Override
              CompletableFuture<Reply> submit(Request request, QueueService service) {
                if (request instanceof Request.PurgeQueue purge && !purge.queue().equals(PLAIN)) {
                  var unused = service.submit(new Request.PurgeQueue(purge.caller(), PLAIN));
                }
                return service.submit(request);
              }
            });
    add(
        bugs,
        "dead-letter-move-too-early",
        Invariant.DEAD_LETTERS,
        ServiceBug.asking(request -> redrive(request, -1)));
    add(
        bugs,
        "dead-letter-move-too-late",
        Invariant.DEAD_LETTERS,
        ServiceBug.asking(request -> redrive(request, 1)));
    add(
        bugs,
        "dead-letter-move-never",
        Invariant.DEAD_LETTERS,
        ServiceBug.asking(request -> redrive(request, 900)));
    add(bugs, "dead-letter-stays-in-its-queue", Invariant.DEAD_LETTERS, DeadLettersStay::new);
    add(
        bugs,
        "retention-ignored",
        Invariant.RETENTION,
        ServiceBug.asking(request -> retention(request, "60", "345600")));
    add(
        bugs,
        "retention-too-short",
        Invariant.LOSS,
        ServiceBug.asking(request -> retention(request, "345600", "60")));
    add(
        bugs,
        "counts-wrong",
        Invariant.COUNTS,
        ServiceBug.answering(
            (request, reply, bug) ->
                reply instanceof Reply.QueueState s
                    ? new Reply.QueueState(
                        s.queue(),
                        s.attributes(),
                        s.createdAtMs(),
                        s.modifiedAtMs(),
                        s.visible() + 1,
                        s.inFlight(),
                        s.delayed())
                    : reply));
  }

  private static Request redrive(Request request, int more) {
    return changed(
        request,
        QueueAttribute.REDRIVE_POLICY,
        json ->
            RedrivePolicy.parse(json)
                .map(
                    policy ->
                        new RedrivePolicy(
                                policy.deadLetterTargetArn(),
                                Math.max(1, policy.maxReceiveCount() + more))
                            .toJson())
                .orElse(json));
  }

  private static Request retention(Request request, String from, String to) {
    return changed(
        request,
        QueueAttribute.MESSAGE_RETENTION_PERIOD,
        seconds -> seconds.equals(from) ? to : seconds);
  }

  private static Request changed(
      Request request, QueueAttribute attribute, UnaryOperator<String> change) {
    if (request instanceof Request.CreateQueue create) {
      return new Request.CreateQueue(
          create.caller(), create.queue(), changed(create.attributes(), attribute, change));
    } else if (request instanceof Request.SetQueueAttributes set) {
      return new Request.SetQueueAttributes(
          set.caller(), set.queue(), changed(set.attributes(), attribute, change));
    }
    return request;
  }

  private static Map<QueueAttribute, String> changed(
      Map<QueueAttribute, String> attributes,
      QueueAttribute attribute,
      UnaryOperator<String> change) {
    Map<QueueAttribute, String> changed = new LinkedHashMap<>(attributes);
    changed.computeIfPresent(attribute, (name, value) -> change.apply(value));
    return changed;
  }

  /** What is received from the dead-letter queue for the first time is in its queue again. */
  private static final class DeadLettersStay extends ServiceBug {
    @Override
    CompletableFuture<Reply> submit(Request request, QueueService service) {
      return service
          .submit(request)
          .thenApply(
              reply -> {
                if (reply instanceof Reply.MessagesReceived received) {
                  for (ReceivedMessage message : received.messages()) {
                    if (!message.deadLetterSourceArn().isEmpty()) {
                      var unused =
                          service.submit(
                              new Request.SendMessage(
                                  Caller.LOCAL,
                                  WORK,
                                  new OutgoingMessage(
                                      message.body(),
                                      message.attributes(),
                                      0,
                                      OutgoingMessage.NONE,
                                      OutgoingMessage.NONE)));
                    }
                  }
                }
                return reply;
              });
    }
  }
}
