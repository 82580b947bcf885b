package io.millrace.engine.shard;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Decided calls on their way from the shard to the flusher, in the order of the positions they wait
 * for.
 *
 * <p>Threads: the shard adds, the flusher takes.
 */
final class ReleaseQueue {

  private final AtomicReference<@Nullable Batch> top = new AtomicReference<>();

  /** What the flusher took but could not release yet; the flusher's alone. */
  private final CallChain collected = new CallChain();

  private record Batch(Call first, Call last, @Nullable Batch older) {}

  /** Hands over a chain of calls, if there are any. */
  void add(CallChain chain) {
    Call last = chain.last();
    Call first = chain.takeAll();
    if (first == null || last == null) {
      return;
    }
    Batch before;
    Batch batch;
    do {
      before = top.get();
      batch = new Batch(first, last, before);
    } while (!top.compareAndSet(before, batch));
  }

  /** Whether nothing waits; the flusher's thread. */
  boolean isEmpty() {
    return collected.isEmpty() && top.get() == null;
  }

  /** Takes what was handed over; the flusher's thread. */
  void collect() {
    Batch batch = top.get() == null ? null : top.getAndSet(null);
    Batch oldest = null;
    while (batch != null) {
      oldest = new Batch(batch.first, batch.last, oldest);
      batch = batch.older;
    }
    for (Batch next = oldest; next != null; next = next.older) {
      collected.addAll(next.first, next.last);
    }
  }

  /**
   * The chain of collected calls that wait for nothing beyond the position; null when there is
   * none.
   */
  @Nullable Call takeUpTo(long durablePosition) {
    return collected.takeUpTo(durablePosition);
  }

  /** Everything, whatever it waits for: the shard has failed. */
  @Nullable Call takeAll() {
    collect();
    return collected.takeAll();
  }
}
