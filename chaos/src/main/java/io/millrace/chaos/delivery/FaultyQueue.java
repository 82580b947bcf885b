package io.millrace.chaos.delivery;

import io.millrace.chaos.policy.FaultLog;
import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.QueueAttributes;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.QueueService;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one queue under faults: its settings, the receipts with which something
 * goes wrong, the copies that come late, and the polls that wait.
 *
 * <p>Threads: any; each method takes the lock for itself. The service is called outside of it.
 */
final class FaultyQueue {

  private static final long SETTINGS_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final QueueName name;
  private final ScheduledExecutorService timer;

  // All guarded by this.
  private final Receipts receipts = new Receipts();
  private final LateCopies copies;
  private final HeldBack heldBack = new HeldBack();
  private final Deque<FaultyPoll> waiting = new ArrayDeque<>();
  private @Nullable QueueAttributes attributes;
  private long attributesAtNanos;
  private long wakeAtNanos = Long.MAX_VALUE;

  FaultyQueue(QueueName name, long seed, ScheduledExecutorService timer) {
    this.name = name;
    this.timer = timer;
    this.copies = new LateCopies(new CopyHandles(new SplittableRandom(seed)));
  }

  QueueName name() {
    return name;
  }

  // ------------------------------------------------------------------------------------- settings

  /** The queue's settings, at most some seconds old; empty when there is no such queue. */
  CompletableFuture<Optional<QueueAttributes>> attributes(QueueService service, Caller caller) {
    synchronized (this) {
      if (attributes != null && System.nanoTime() - attributesAtNanos < SETTINGS_NANOS) {
        return CompletableFuture.completedFuture(Optional.of(attributes));
      }
    }
    return service
        .submit(new Request.GetQueueAttributes(caller, name))
        .thenApply(
            reply -> {
              if (reply instanceof Reply.QueueState state) {
                synchronized (this) {
                  attributes = state.attributes();
                  attributesAtNanos = System.nanoTime();
                }
                return Optional.of(state.attributes());
              }
              return Optional.empty();
            });
  }

  synchronized void settingsChanged() {
    attributes = null;
  }

  /** Purged or deleted: what was planned for its messages will not happen. */
  synchronized void emptied() {
    attributes = null;
    receipts.clear("the queue was emptied");
    copies.clear("the queue was emptied");
    heldBack.clear("the queue was emptied");
  }

  // ------------------------------------------------------------------------------------- receipts

  /** Whether a duplicate of the message may be arranged; says yes once for each message. */
  synchronized boolean mayDuplicate(ReceivedMessage message) {
    if (receipts.isSpared(message.id())) {
      return false;
    }
    receipts.spare(message.id());
    return true;
  }

  synchronized boolean hasRoomFor(ReceivedMessage message) {
    return receipts.hasRoomFor(message);
  }

  synchronized void mark(Receipts.Marked marked) {
    receipts.mark(marked);
  }

  synchronized void seen(List<ReceivedMessage> messages) {
    for (ReceivedMessage message : messages) {
      receipts.seen(message);
      heldBack.seen(message);
    }
  }

  synchronized boolean isMarked(String handle) {
    return receipts.of(handle).isPresent();
  }

  /** Marks a receipt whose lease a timer is to end; the timer's task sees the mark. */
  synchronized void markUntil(Receipts.Marked marked, Supplier<Future<?>> timing) {
    marked.earlyEnd = timing.get();
    receipts.mark(marked);
  }

  /** The timer went off: whether the receipt is still the latest, and nobody changed its lease. */
  synchronized boolean beginEarlyEnd(Receipts.Marked marked) {
    marked.earlyEnd = null;
    return receipts.of(marked.handle).filter(found -> found == marked).isPresent();
  }

  /** A receiver asked for more time, or for less: no fault may take from it. */
  synchronized void extended(String handle, int seconds) {
    Optional<Receipts.Marked> marked = receipts.of(handle);
    if (marked.isEmpty()) {
      return;
    }
    marked.get().endsAtNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    if (marked.get().earlyEnd != null) {
      receipts
          .take(handle)
          .ifPresent(taken -> Receipts.settle(taken, "its visibility was changed"));
    }
  }

  synchronized Optional<Receipts.Marked> takeMarked(String handle) {
    return receipts.take(handle);
  }

  // ------------------------------------------------------------------------------------- held back

  /** Whether a message may be held back: once, and while there is room to remember it. */
  synchronized boolean mayHoldBack(ReceivedMessage message) {
    return message.receiveCount() == 1 && heldBack.hasRoom();
  }

  synchronized void holdBack(ReceivedMessage message, FaultLog.Planned plan) {
    heldBack.add(message, plan);
  }

  synchronized void handedOut(int messages) {
    heldBack.handedOut(messages);
  }

  // --------------------------------------------------------------------------------------- copies

  /** Arranges for a deleted message to come again. */
  void comeAgain(ReceivedMessage message, FaultLog.Planned plan, long delayNanos) {
    synchronized (this) {
      copies.add(message, plan, System.nanoTime() + delayNanos);
    }
    scheduleWake();
  }

  List<ReceivedMessage> takeCopies(int max, int visibilitySeconds, QueueAttributes settings) {
    List<ReceivedMessage> taken;
    synchronized (this) {
      taken =
          copies.take(
              max, System.nanoTime(), System.currentTimeMillis(), visibilitySeconds, settings);
    }
    if (!taken.isEmpty()) {
      scheduleWake();
    }
    return taken;
  }

  synchronized void delivered(List<ReceivedMessage> taken) {
    copies.delivered(taken);
  }

  void giveBack(List<ReceivedMessage> taken) {
    synchronized (this) {
      copies.giveBack(taken, System.nanoTime());
    }
    scheduleWake();
  }

  synchronized void deleteCopy(String handle) {
    copies.delete(handle);
  }

  void hideCopy(String handle, int seconds) {
    synchronized (this) {
      copies.setVisibleAt(handle, System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds));
    }
    scheduleWake();
  }

  // ---------------------------------------------------------------------------------------- polls

  synchronized void await(FaultyPoll poll) {
    waiting.add(poll);
  }

  synchronized void awaitsNoMore(FaultyPoll poll) {
    waiting.remove(poll);
  }

  /** Has the polls that wait looked at when the next copy is visible. */
  void scheduleWake() {
    long delay;
    synchronized (this) {
      long next = copies.nextAtNanos();
      if (next >= wakeAtNanos) {
        return;
      }
      wakeAtNanos = next;
      delay = Math.max(0, next - System.nanoTime());
    }
    var unused = timer.schedule(this::wake, delay, TimeUnit.NANOSECONDS);
  }

  private void wake() {
    boolean due;
    synchronized (this) {
      wakeAtNanos = Long.MAX_VALUE;
      due = copies.nextAtNanos() <= System.nanoTime();
    }
    while (due) {
      FaultyPoll poll;
      synchronized (this) {
        poll = waiting.poll();
        due = copies.nextAtNanos() <= System.nanoTime();
      }
      if (poll == null) {
        return; // the next poll looks for itself, and schedules what follows
      }
      if (!due || !poll.wake()) {
        await(poll);
        due = false;
      }
    }
    scheduleWake();
  }
}
