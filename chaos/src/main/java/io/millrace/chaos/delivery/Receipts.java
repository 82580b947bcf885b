package io.millrace.chaos.delivery;

import io.millrace.chaos.policy.FaultLog;
import io.millrace.engine.sqs.ReceivedMessage;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The receipts of one queue with which something goes wrong, each from its receive until the
 * message comes again or is deleted. A receipt has one fault at most.
 *
 * <p>Not safe for several threads: guarded by its queue's lock.
 */
final class Receipts {

  private static final int RECEIPTS_MAX = 10_000;
  private static final long KEPT_BYTES_MAX = 32L << 20;
  private static final int SPARED_MAX = 50_000;

  /** What goes wrong with a receipt. */
  static final class Marked {
    final UUID id;
    final String handle;
    final int receiveCount;

    /** When its lease ends, on the monotonic clock. */
    long endsAtNanos;

    /** Waits for the message to come again; absent where it is to come after its deletion. */
    FaultLog.@Nullable Planned plan;

    /** The message, where it is to come after its deletion. */
    @Nullable ReceivedMessage copy;

    /** How long after the deletion, in ns. */
    long copyDelayNanos;

    /** Ends the lease early. */
    @Nullable Future<?> earlyEnd;

    /** Completed when the message came again. */
    final CompletableFuture<Boolean> seenAgain = new CompletableFuture<>();

    Marked(ReceivedMessage message, long endsAtNanos) {
      this.id = message.id();
      this.handle = message.receiptHandle();
      this.receiveCount = message.receiveCount();
      this.endsAtNanos = endsAtNanos;
    }

    private int keptBytes() {
      return copy == null ? 0 : copy.body().length + 512;
    }
  }

  private final Map<String, Marked> byHandle = new LinkedHashMap<>();
  private final Map<UUID, Marked> byId = new HashMap<>();

  /** Messages that came twice already, the oldest first. */
  private final Set<UUID> spared = Collections.newSetFromMap(new LinkedHashMap<>());

  private long keptBytes;

  /** Whether the message was duplicated before: once is enough, or it would never end. */
  boolean isSpared(UUID id) {
    return spared.contains(id);
  }

  void spare(UUID id) {
    spared.add(id);
    if (spared.size() > SPARED_MAX) {
      var oldest = spared.iterator();
      oldest.next();
      oldest.remove();
    }
  }

  /** Whether a copy of that size can be kept. */
  boolean hasRoomFor(ReceivedMessage message) {
    return keptBytes + message.body().length + 512 <= KEPT_BYTES_MAX;
  }

  void mark(Marked marked) {
    if (byHandle.size() >= RECEIPTS_MAX) {
      Marked oldest = byHandle.values().iterator().next();
      remove(oldest);
      settle(oldest, "forgotten: there are " + RECEIPTS_MAX + " such receipts");
    }
    byHandle.put(marked.handle, marked);
    Marked before = byId.put(marked.id, marked);
    if (before != null) {
      byHandle.remove(before.handle);
      keptBytes -= before.keptBytes();
      settle(before, "another fault took its place");
    }
    keptBytes += marked.keptBytes();
  }

  Optional<Marked> of(String handle) {
    return Optional.ofNullable(byHandle.get(handle));
  }

  /** The message was handed out: whatever waited for that has happened. */
  void seen(ReceivedMessage message) {
    Marked marked = byId.get(message.id());
    if (marked != null && message.receiveCount() > marked.receiveCount) {
      remove(marked);
      FaultLog.Planned plan = marked.plan;
      if (plan != null && marked.earlyEnd == null && System.nanoTime() < marked.endsAtNanos) {
        plan.fired(
            "receive %d while receive %d had its lease"
                .formatted(message.receiveCount(), marked.receiveCount));
      } else {
        settle(marked, "it came again by itself");
      }
      marked.seenAgain.complete(true);
    }
  }

  /** Takes out what is marked by a handle. */
  Optional<Marked> take(String handle) {
    Marked marked = byHandle.get(handle);
    if (marked != null) {
      remove(marked);
    }
    return Optional.ofNullable(marked);
  }

  void clear(String why) {
    byHandle.values().forEach(marked -> settle(marked, why));
    byHandle.clear();
    byId.clear();
    keptBytes = 0;
  }

  /** What was planned will not happen. */
  static void settle(Marked marked, String why) {
    if (marked.plan != null) {
      marked.plan.missed(why);
    }
    if (marked.earlyEnd != null) {
      marked.earlyEnd.cancel(false);
    }
    marked.seenAgain.complete(false);
  }

  private void remove(Marked marked) {
    byHandle.remove(marked.handle);
    byId.remove(marked.id, marked);
    keptBytes -= marked.keptBytes();
  }
}
