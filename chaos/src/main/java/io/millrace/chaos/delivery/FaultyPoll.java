package io.millrace.chaos.delivery;

import io.millrace.chaos.policy.Chance;
import io.millrace.chaos.policy.FaultLog;
import io.millrace.chaos.policy.FaultSwitch;
import io.millrace.chaos.policy.Mishap;
import io.millrace.chaos.policy.SqsAction;
import io.millrace.engine.sqs.QueueAttributes;
import io.millrace.engine.sqs.QueueService;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One receive, and what goes wrong with it: the future its caller holds. Cancelling it withdraws
 * the service's poll.
 *
 * <pre>
 *   copies that are due ─┐
 *   service's receive ───┼─► messages ─► faults of single messages ─► lost? ─► answer
 *   second receive ──────┘   (a duplicate in the same answer)
 * </pre>
 *
 * <p>When every message of an answer is held back, the service is asked again for what is left of
 * the wait.
 */
final class FaultyPoll extends CompletableFuture<Reply> {

  private final Request.ReceiveMessage ask;
  private final FaultyQueue queue;
  private final QueueService service;
  private final FaultSwitch faults;
  private final FaultLog log;
  private final ScheduledExecutorService timer;
  private final String name;

  private final QueueAttributes settings;
  private final int visibilitySeconds;

  /** When a long poll may come back empty; written before the poll is known to others. */
  private volatile long waitEndsAtNanos;

  /** Written before the poll is known to others. */
  private volatile @Nullable CompletableFuture<Reply> pending;

  /** Set by whoever serves the poll a copy instead of what the service finds. */
  private volatile boolean woken;

  FaultyPoll(
      Request.ReceiveMessage ask,
      FaultyQueue queue,
      QueueAttributes settings,
      QueueService service,
      FaultSwitch faults,
      FaultLog log,
      ScheduledExecutorService timer) {
    this.ask = ask;
    this.queue = queue;
    this.settings = settings;
    this.service = service;
    this.faults = faults;
    this.log = log;
    this.timer = timer;
    this.name = queue.name().value();
    this.visibilitySeconds =
        ask.visibilitySeconds() == Request.QUEUE_DEFAULT
            ? settings.visibilitySeconds()
            : ask.visibilitySeconds();
  }

  @Override
  public boolean cancel(boolean mayInterrupt) {
    boolean cancelled = super.cancel(mayInterrupt);
    CompletableFuture<Reply> asked = pending;
    if (cancelled && asked != null) {
      asked.cancel(false);
    }
    return cancelled;
  }

  void begin() {
    int wait =
        ask.waitSeconds() == Request.QUEUE_DEFAULT ? settings.waitSeconds() : ask.waitSeconds();
    if (wait == 0 && faults.draw(name, Mishap.EMPTY_RECEIVE).isPresent()) {
      log.fired(Mishap.EMPTY_RECEIVE, name, "ReceiveMessage", "answered empty without a look");
      complete(Reply.MessagesReceived.NONE);
      return;
    }
    waitEndsAtNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(wait);
    look(wait);
  }

  private void look(int wait) {
    List<ReceivedMessage> copies = queue.takeCopies(ask.maxMessages(), visibilitySeconds, settings);
    int room = ask.maxMessages() - copies.size();
    if (room == 0) {
      deliver(copies, List.of(), false);
      return;
    }
    Optional<Chance.Hit> twice = faults.draw(name, Mishap.DUPLICATE_NOW);
    int asked = twice.isPresent() && room > 1 ? room - 1 : room;
    CompletableFuture<Reply> polled = service.submit(receive(asked, copies.isEmpty() ? wait : 0));
    pending = polled;
    if (isDone()) {
      polled.cancel(false); // its caller left while it looked again
    }
    if (wait > 0 && copies.isEmpty()) {
      queue.await(this);
      queue.scheduleWake();
    }
    var unused = polled.whenComplete((reply, failure) -> arrived(copies, twice, reply, failure));
  }

  private Request.ReceiveMessage receive(int max, int wait) {
    return new Request.ReceiveMessage(ask.caller(), ask.queue(), max, wait, visibilitySeconds);
  }

  /** A copy is visible while the poll waits; false when there is none left for it. */
  boolean wake() {
    List<ReceivedMessage> copies = queue.takeCopies(ask.maxMessages(), visibilitySeconds, settings);
    if (copies.isEmpty()) {
      return false;
    }
    woken = true;
    CompletableFuture<Reply> asked = pending;
    if (asked != null && asked.cancel(false)) {
      deliver(copies, List.of(), true);
    } else {
      queue.giveBack(copies); // the service's answer is on its way; if it is empty, see arrived
    }
    return true;
  }

  private void arrived(
      List<ReceivedMessage> copies,
      Optional<Chance.Hit> twice,
      @Nullable Reply reply,
      @Nullable Throwable failure) {
    queue.awaitsNoMore(this);
    CompletableFuture<Reply> asked = pending;
    if (woken && asked != null && asked.isCancelled()) {
      return;
    }
    if (!(reply instanceof Reply.MessagesReceived received)) {
      queue.giveBack(copies);
      if (reply != null) {
        complete(reply);
      } else if (failure != null) {
        completeExceptionally(failure);
      }
      return;
    }
    if (woken && received.messages().isEmpty() && copies.isEmpty()) {
      woken = false;
      lookAgain(); // it was being served when it was to be withdrawn for a copy
      return;
    }
    queue.seen(received.messages());
    List<ReceivedMessage> fresh = new ArrayList<>(received.messages());
    boolean anyHeldBack = visibilitySeconds > 0 && fresh.removeIf(this::isHeldBack);
    if (anyHeldBack && fresh.isEmpty() && copies.isEmpty()) {
      lookAgain();
      return;
    }
    CompletableFuture<List<ReceivedMessage>> again =
        twice.map(hit -> sendTwice(hit, copies.size(), fresh)).orElse(NOTHING_MORE);
    List<CompletableFuture<?>> first = new ArrayList<>(1);
    first.add(again);
    if (visibilitySeconds > 0) {
      for (ReceivedMessage message : fresh) {
        first.add(spoil(message));
      }
    }
    var unused =
        CompletableFuture.allOf(first.toArray(new CompletableFuture<?>[0]))
            .thenRun(
                () -> {
                  fresh.addAll(again.join());
                  deliver(copies, fresh, received.waited());
                });
  }

  // --------------------------------------------------------------------------------- the messages

  private static final CompletableFuture<Boolean> NOTHING = CompletableFuture.completedFuture(true);
  private static final CompletableFuture<List<ReceivedMessage>> NOTHING_MORE =
      CompletableFuture.completedFuture(List.of());

  /** Makes one message visible again and asks once more, within the same answer; never fails. */
  private CompletableFuture<List<ReceivedMessage>> sendTwice(
      Chance.Hit hit, int copies, List<ReceivedMessage> fresh) {
    if (fresh.isEmpty() || visibilitySeconds == 0) {
      return NOTHING_MORE;
    }
    ReceivedMessage message = fresh.get(hit.below(fresh.size()));
    if (!queue.mayDuplicate(message)) {
      return NOTHING_MORE;
    }
    bringBack(Mishap.DUPLICATE_NOW, message);
    int room = ask.maxMessages() - copies - fresh.size();
    if (room == 0) {
      return NOTHING_MORE; // it comes with the next answer, unless its receiver is quicker
    }
    return service
        .submit(receive(room, 0))
        .handle(
            (reply, failure) -> {
              List<ReceivedMessage> more =
                  reply instanceof Reply.MessagesReceived again ? again.messages() : List.of();
              queue.seen(more);
              return more;
            });
  }

  /** What goes wrong with one message, if anything; done when the answer may leave. */
  private CompletableFuture<?> spoil(ReceivedMessage message) {
    if (queue.isMarked(message.receiptHandle())) {
      return NOTHING; // it is the one that comes twice
    }
    Optional<Chance.Hit> hit = faults.draw(name, Mishap.CONCURRENT_DELIVERY);
    if (hit.isPresent() && queue.mayDuplicate(message)) {
      Receipts.Marked marked = bringBack(Mishap.CONCURRENT_DELIVERY, message);
      return marked.seenAgain.completeOnTimeout(false, hit.get().drawMs(), TimeUnit.MILLISECONDS);
    }
    hit = faults.draw(name, Mishap.STALE_HANDLE);
    if (hit.isPresent() && queue.mayDuplicate(message)) {
      return outdate(message);
    }
    hit = faults.draw(name, Mishap.EARLY_EXPIRY);
    if (hit.isPresent()) {
      endEarly(message, hit.get().drawMs());
      return NOTHING;
    }
    hit = faults.draw(name, Mishap.DUPLICATE_AFTER_DELETE);
    if (hit.isPresent() && queue.mayDuplicate(message) && queue.hasRoomFor(message)) {
      Receipts.Marked marked = marked(message);
      marked.copy = message;
      marked.copyDelayNanos = TimeUnit.MILLISECONDS.toNanos(hit.get().drawMs());
      queue.mark(marked);
    }
    return NOTHING;
  }

  private Receipts.Marked marked(ReceivedMessage message) {
    return new Receipts.Marked(
        message, System.nanoTime() + TimeUnit.SECONDS.toNanos(visibilitySeconds));
  }

  /** Makes a message visible while its receiver has it. */
  private Receipts.Marked bringBack(Mishap kind, ReceivedMessage message) {
    Receipts.Marked marked = marked(message);
    FaultLog.Planned plan =
        log.plan(kind, name, message.id().toString(), "receive " + message.receiveCount());
    marked.plan = plan;
    queue.mark(marked);
    makeVisible(message, plan);
    return marked;
  }

  private void makeVisible(ReceivedMessage message, FaultLog.Planned plan) {
    var unused =
        service
            .submit(
                new Request.ChangeMessageVisibility(
                    ask.caller(), ask.queue(), message.receiptHandle(), 0))
            .whenComplete(
                (reply, failure) -> {
                  if (!(reply instanceof Reply.Done)) {
                    plan.missed("the message is gone");
                  }
                });
  }

  /** Whether the message is one that others are to overtake: it goes to nobody for now. */
  private boolean isHeldBack(ReceivedMessage message) {
    Optional<Chance.Hit> hit =
        queue.mayHoldBack(message) ? faults.draw(name, Mishap.HOLD_BACK) : Optional.empty();
    if (hit.isEmpty()) {
      return false;
    }
    long heldMs = hit.get().drawMs();
    FaultLog.Planned plan =
        log.plan(Mishap.HOLD_BACK, name, message.id().toString(), "for " + heldMs + " ms");
    queue.holdBack(message, plan);
    var unused = timer.schedule(() -> makeVisible(message, plan), heldMs, TimeUnit.MILLISECONDS);
    return true;
  }

  /** There is nothing to answer with, or all of it is held back: what is left is waited. */
  private void lookAgain() {
    long leftNanos = waitEndsAtNanos - System.nanoTime();
    if (leftNanos <= 0 || isDone()) {
      deliver(List.of(), List.of(), true);
    } else {
      // The service counts in whole seconds; an answer that is late by less is no news to a client.
      look((int) TimeUnit.NANOSECONDS.toSeconds(leftNanos + TimeUnit.SECONDS.toNanos(1) - 1));
    }
  }

  /** Receives the message once more, for nobody: the receipt given out is no more the latest. */
  private CompletableFuture<?> outdate(ReceivedMessage message) {
    FaultLog.Planned plan =
        log.plan(
            Mishap.STALE_HANDLE,
            name,
            message.id().toString(),
            "receive " + message.receiveCount());
    makeVisible(message, plan);
    return service
        .submit(receive(1, 0))
        .handle(
            (reply, failure) -> {
              List<ReceivedMessage> taken =
                  reply instanceof Reply.MessagesReceived again ? again.messages() : List.of();
              queue.seen(taken);
              for (ReceivedMessage other : taken) {
                if (other.id().equals(message.id())) {
                  plan.fired("receive " + other.receiveCount() + " went to nobody");
                } else {
                  makeVisible(other, plan);
                }
              }
              plan.missed("another message came in its place");
              return true;
            });
  }

  /** Ends the lease before its time. */
  private void endEarly(ReceivedMessage message, long earlyMs) {
    long afterMs = visibilitySeconds * 1_000L - earlyMs;
    if (afterMs <= 0) {
      return;
    }
    Receipts.Marked marked = marked(message);
    FaultLog.Planned plan =
        log.plan(
            Mishap.EARLY_EXPIRY,
            name,
            message.id().toString(),
            earlyMs + " ms before its " + visibilitySeconds + " s");
    marked.plan = plan;
    queue.markUntil(
        marked,
        () ->
            timer.schedule(
                () -> {
                  if (queue.beginEarlyEnd(marked)) {
                    makeVisible(message, plan);
                  }
                },
                afterMs,
                TimeUnit.MILLISECONDS));
  }

  // ------------------------------------------------------------------------------------ the answer

  private void deliver(List<ReceivedMessage> copies, List<ReceivedMessage> fresh, boolean waited) {
    List<ReceivedMessage> messages = new ArrayList<>(copies);
    messages.addAll(fresh);
    if (messages.isEmpty()) {
      complete(Reply.MessagesReceived.NONE);
      return;
    }
    if (faults.draw(name, Mishap.DUPLICATE_REQUEST, SqsAction.RECEIVE_MESSAGE).isPresent()) {
      receiveForNobody();
    }
    Optional<Chance.Hit> lost = faults.draw(name, Mishap.LOST_RESPONSE, SqsAction.RECEIVE_MESSAGE);
    if (lost.isPresent()) {
      log.fired(
          Mishap.LOST_RESPONSE,
          name,
          SqsAction.RECEIVE_MESSAGE.wireName(),
          "nobody learns of " + ids(messages));
      complete(Refusals.of(lost.get().rule().answer()));
    } else if (isDone()) {
      queue.giveBack(copies);
    } else {
      queue.handedOut(messages.size());
      queue.delivered(copies); // said first: whoever has the answer may ask the log for the proof
      complete(new Reply.MessagesReceived(messages, waited));
    }
  }

  private void receiveForNobody() {
    FaultLog.Planned plan =
        log.plan(Mishap.DUPLICATE_REQUEST, name, SqsAction.RECEIVE_MESSAGE.wireName(), "once more");
    var unused =
        service
            .submit(receive(ask.maxMessages(), 0))
            .whenComplete(
                (reply, failure) -> {
                  if (reply instanceof Reply.MessagesReceived again
                      && !again.messages().isEmpty()) {
                    queue.seen(again.messages());
                    plan.fired("nobody learns of " + ids(again.messages()));
                  } else {
                    plan.missed("there was nothing more to receive");
                  }
                });
  }

  private static String ids(List<ReceivedMessage> messages) {
    return messages.stream()
        .map(message -> message.id().toString())
        .collect(Collectors.joining(" "));
  }
}
