package io.millrace.chaos.delivery;

import io.millrace.chaos.policy.Chance;
import io.millrace.chaos.policy.FaultLog;
import io.millrace.chaos.policy.FaultSwitch;
import io.millrace.chaos.policy.Mishap;
import io.millrace.chaos.policy.SqsAction;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.QueueService;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A queue service at its worst, within what SQS allows: duplicates, late copies, early expiry,
 * stale receipts, lost answers, throttling, partly failed batches. The policy in force says what
 * happens to which queue; a queue without faults pays one look-up a request.
 *
 * <p>Threads: as the wrapped service's; its own timer ends leases early and wakes polls.
 */
public final class FaultyQueueService implements QueueService {

  /** Queues beyond so many are served without faults. */
  private static final int QUEUES_MAX = 10_000;

  private final QueueService service;
  private final FaultSwitch faults;
  private final FaultLog log;
  private final ScheduledExecutorService timer;
  private final Map<QueueName, FaultyQueue> queues = new ConcurrentHashMap<>();

  /**
   * Wraps a service.
   *
   * @param timer runs short tasks; must outlive the last request
   */
  public FaultyQueueService(
      QueueService service, FaultSwitch faults, FaultLog log, ScheduledExecutorService timer) {
    this.service = service;
    this.faults = faults;
    this.log = log;
    this.timer = timer;
  }

  @Override
  public CompletableFuture<Reply> submit(Request request) {
    if (!(request instanceof Request.OnQueue onQueue)) {
      return service.submit(request);
    }
    Optional<FaultyQueue> known = queue(onQueue.queue());
    if (known.isEmpty()) {
      return service.submit(request);
    }
    FaultyQueue queue = known.get();
    SqsAction action = action(onQueue);
    String name = onQueue.queue().value();
    Optional<Chance.Hit> throttled = faults.draw(name, Mishap.THROTTLE, action);
    if (throttled.isPresent()) {
      String answer = throttled.get().rule().answer().wireName();
      log.fired(Mishap.THROTTLE, name, action.wireName(), answer + ", not done");
      return CompletableFuture.completedFuture(Refusals.of(throttled.get().rule().answer()));
    }
    if (onQueue instanceof Request.ReceiveMessage receive) {
      return receive(queue, receive);
    }
    return serve(queue, onQueue, action).thenApply(reply -> answer(name, action, reply));
  }

  /** What is remembered of a queue, or will be, if anything goes wrong with it. */
  private Optional<FaultyQueue> queue(QueueName name) {
    FaultyQueue known = queues.get(name);
    if (known != null) {
      return Optional.of(known);
    }
    if (queues.size() >= QUEUES_MAX || !faults.concerns(name.value(), Mishap.Layer.DELIVERY)) {
      return Optional.empty();
    }
    // The time of day keeps handles from coming twice after a restart under the same seed.
    long seed = faults.policy().seed() ^ System.nanoTime();
    return Optional.of(
        queues.computeIfAbsent(name, absent -> new FaultyQueue(absent, seed, timer)));
  }

  // ------------------------------------------------------------------------------------ receiving

  private CompletableFuture<Reply> receive(FaultyQueue queue, Request.ReceiveMessage ask) {
    PollAfterSettings poll = new PollAfterSettings();
    var unused =
        queue
            .attributes(service, ask.caller())
            .whenComplete(
                (settings, failure) -> {
                  if (settings == null || settings.isEmpty()) {
                    poll.follow(service.submit(ask)); // which says why
                  } else if (!poll.isDone()) {
                    FaultyPoll begun =
                        new FaultyPoll(ask, queue, settings.get(), service, faults, log, timer);
                    poll.follow(begun);
                    begun.begin();
                  }
                });
    return poll;
  }

  /** A poll that begins once the queue's settings are known. */
  private static final class PollAfterSettings extends CompletableFuture<Reply> {
    private volatile CompletableFuture<Reply> begun = new CompletableFuture<>();

    void follow(CompletableFuture<Reply> poll) {
      begun = poll;
      if (isCancelled()) {
        poll.cancel(false);
      }
      var unused =
          poll.whenComplete(
              (reply, failure) -> {
                if (reply != null) {
                  complete(reply);
                } else if (failure != null) {
                  completeExceptionally(failure);
                }
              });
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
      boolean cancelled = super.cancel(mayInterrupt);
      if (cancelled) {
        begun.cancel(false);
      }
      return cancelled;
    }
  }

  // ------------------------------------------------------------------------------ everything else

  private CompletableFuture<Reply> serve(
      FaultyQueue queue, Request.OnQueue request, SqsAction action) {
    if (request instanceof Request.DeleteMessage delete) {
      if (CopyHandles.isOne(delete.receiptHandle())) {
        queue.deleteCopy(delete.receiptHandle());
        return CompletableFuture.completedFuture(Reply.Done.DONE);
      }
      return ask(queue, delete, action)
          .thenApply(
              reply -> {
                if (reply instanceof Reply.Done) {
                  deleted(queue, delete.receiptHandle());
                }
                return reply;
              });
    }
    if (request instanceof Request.ChangeMessageVisibility change) {
      if (CopyHandles.isOne(change.receiptHandle())) {
        queue.hideCopy(change.receiptHandle(), change.visibilitySeconds());
        return CompletableFuture.completedFuture(Reply.Done.DONE);
      }
      return ask(queue, change, action)
          .thenApply(
              reply -> {
                if (reply instanceof Reply.Done) {
                  queue.extended(change.receiptHandle(), change.visibilitySeconds());
                }
                return reply;
              });
    }
    if (request instanceof Request.SendMessageBatch batch) {
      return askBatch(
          queue,
          action,
          batch.entries(),
          Batches::id,
          entry -> false,
          entries -> new Request.SendMessageBatch(batch.caller(), batch.queue(), entries),
          entry -> {});
    }
    if (request instanceof Request.DeleteMessageBatch batch) {
      return askBatch(
          queue,
          action,
          batch.entries(),
          Batches::id,
          entry -> deletesCopy(queue, entry),
          entries -> new Request.DeleteMessageBatch(batch.caller(), batch.queue(), entries),
          entry -> deleted(queue, entry.receiptHandle()));
    }
    if (request instanceof Request.ChangeMessageVisibilityBatch batch) {
      return askBatch(
          queue,
          action,
          batch.entries(),
          Batches::id,
          entry -> hidesCopy(queue, entry),
          entries ->
              new Request.ChangeMessageVisibilityBatch(batch.caller(), batch.queue(), entries),
          entry -> queue.extended(entry.receiptHandle(), entry.visibilitySeconds()));
    }
    return ask(queue, request, action)
        .thenApply(
            reply -> {
              if (request instanceof Request.PurgeQueue || request instanceof Request.DeleteQueue) {
                queue.emptied();
              } else if (request instanceof Request.SetQueueAttributes
                  || request instanceof Request.CreateQueue) {
                queue.settingsChanged();
              }
              return reply;
            });
  }

  /** Asks the service, sometimes twice. */
  private CompletableFuture<Reply> ask(
      FaultyQueue queue, Request.OnQueue request, SqsAction action) {
    CompletableFuture<Reply> first = service.submit(request);
    String name = queue.name().value();
    if (faults.draw(name, Mishap.DUPLICATE_REQUEST, action).isPresent()) {
      FaultLog.Planned plan =
          log.plan(Mishap.DUPLICATE_REQUEST, name, action.wireName(), "once more");
      var unused =
          service
              .submit(request)
              .whenComplete(
                  (reply, failure) -> {
                    if (reply != null && !(reply instanceof Reply.Failed)) {
                      plan.fired("done twice" + secondId(reply));
                    } else {
                      plan.missed("the second was refused");
                    }
                  });
    }
    return first;
  }

  private static String secondId(Reply reply) {
    return reply instanceof Reply.MessageSent sent
        ? ", the second time as " + sent.messageId()
        : "";
  }

  private Reply answer(String queue, SqsAction action, Reply reply) {
    if (reply instanceof Reply.Failed) {
      return reply;
    }
    Optional<Chance.Hit> lost = faults.draw(queue, Mishap.LOST_RESPONSE, action);
    if (lost.isEmpty()) {
      return reply;
    }
    String what = reply instanceof Reply.MessageSent sent ? ": sent " + sent.messageId() : "";
    log.fired(
        Mishap.LOST_RESPONSE,
        queue,
        action.wireName(),
        "done, answered " + lost.get().rule().answer().wireName() + what);
    return Refusals.of(lost.get().rule().answer());
  }

  // --------------------------------------------------------------------------------------- batches

  /**
   * Asks the service for those entries that are neither made to fail nor served here.
   *
   * @param local serves an entry that concerns a copy of ours; false for any other
   * @param request asks for some of the entries
   * @param done told of each entry the service has done
   */
  private <E> CompletableFuture<Reply> askBatch(
      FaultyQueue queue,
      SqsAction action,
      List<E> entries,
      Function<E, String> id,
      Predicate<E> local,
      Function<List<E>, Request.OnQueue> request,
      Consumer<E> done) {
    String name = queue.name().value();
    Batches.Split<E> split =
        Batches.split(entries, id, faults.draw(name, Mishap.PARTIAL_BATCH, action), local);
    if (split.refused() > 0) {
      log.fired(
          Mishap.PARTIAL_BATCH, name, action.wireName(), split.refused() + " entries not done");
    }
    CompletableFuture<Reply> answer =
        split.forwarded().isEmpty()
            ? CompletableFuture.completedFuture(Batches.EMPTY)
            : ask(queue, request.apply(split.forwarded()), action);
    return answer.thenApply(
        reply -> {
          forEachDone(reply, split.forwarded(), id, done);
          return Batches.join(entries, id, split, reply);
        });
  }

  private static <E> void forEachDone(
      Reply reply, List<E> entries, Function<E, String> id, Consumer<E> then) {
    if (reply instanceof Reply.BatchDone done) {
      Set<String> succeeded = new HashSet<>();
      for (Reply.Entry entry : done.entries()) {
        if (entry instanceof Reply.Entry.Succeeded) {
          succeeded.add(entry.id());
        }
      }
      entries.stream().filter(entry -> succeeded.contains(id.apply(entry))).forEach(then);
    }
  }

  private static boolean deletesCopy(FaultyQueue queue, Request.DeleteEntry entry) {
    boolean copy = CopyHandles.isOne(entry.receiptHandle());
    if (copy) {
      queue.deleteCopy(entry.receiptHandle());
    }
    return copy;
  }

  private static boolean hidesCopy(FaultyQueue queue, Request.VisibilityEntry entry) {
    boolean copy = CopyHandles.isOne(entry.receiptHandle());
    if (copy) {
      queue.hideCopy(entry.receiptHandle(), entry.visibilitySeconds());
    }
    return copy;
  }

  // -------------------------------------------------------------------------------------- receipts

  /** A delete was acknowledged: the message may be one that comes again. */
  private void deleted(FaultyQueue queue, String handle) {
    queue
        .takeMarked(handle)
        .ifPresent(
            marked -> {
              if (marked.copy != null && System.nanoTime() < marked.endsAtNanos) {
                FaultLog.Planned plan =
                    log.plan(
                        Mishap.DUPLICATE_AFTER_DELETE,
                        queue.name().value(),
                        marked.id.toString(),
                        "deleted by receive " + marked.receiveCount);
                queue.comeAgain(marked.copy, plan, marked.copyDelayNanos);
              }
              Receipts.settle(marked, "deleted first");
            });
  }

  private static SqsAction action(Request.OnQueue request) {
    if (request instanceof Request.SendMessage) {
      return SqsAction.SEND_MESSAGE;
    } else if (request instanceof Request.SendMessageBatch) {
      return SqsAction.SEND_MESSAGE_BATCH;
    } else if (request instanceof Request.ReceiveMessage) {
      return SqsAction.RECEIVE_MESSAGE;
    } else if (request instanceof Request.DeleteMessage) {
      return SqsAction.DELETE_MESSAGE;
    } else if (request instanceof Request.DeleteMessageBatch) {
      return SqsAction.DELETE_MESSAGE_BATCH;
    } else if (request instanceof Request.ChangeMessageVisibility) {
      return SqsAction.CHANGE_MESSAGE_VISIBILITY;
    } else if (request instanceof Request.ChangeMessageVisibilityBatch) {
      return SqsAction.CHANGE_MESSAGE_VISIBILITY_BATCH;
    } else if (request instanceof Request.PurgeQueue) {
      return SqsAction.PURGE_QUEUE;
    } else if (request instanceof Request.GetQueueAttributes) {
      return SqsAction.GET_QUEUE_ATTRIBUTES;
    } else if (request instanceof Request.SetQueueAttributes) {
      return SqsAction.SET_QUEUE_ATTRIBUTES;
    } else if (request instanceof Request.GetQueueUrl) {
      return SqsAction.GET_QUEUE_URL;
    } else if (request instanceof Request.CreateQueue) {
      return SqsAction.CREATE_QUEUE;
    } else if (request instanceof Request.DeleteQueue) {
      return SqsAction.DELETE_QUEUE;
    }
    throw new AssertionError("no action is known for " + request);
  }
}
