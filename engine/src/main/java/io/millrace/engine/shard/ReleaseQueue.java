package io.millrace.engine.shard;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Decided calls on their way from the shard to the flusher, in the order of the positions they wait
 * for.
 *
 * <p>Threads: the shard adds, the flusher takes. A batch is linked through {@link Call#next} by the
 * shard and handed over whole.
 */
final class ReleaseQueue {

  private final AtomicReference<@Nullable Batch> top = new AtomicReference<>();

  /** What the flusher took but could not release yet, in order; the flusher's alone. */
  private @Nullable Call first;

  private @Nullable Call last;

  private record Batch(Call first, Call last, @Nullable Batch older) {}

  /** Hands over a chain of calls. */
  void add(Call chainFirst, Call chainLast) {
    Batch before;
    Batch batch;
    do {
      before = top.get();
      batch = new Batch(chainFirst, chainLast, before);
    } while (!top.compareAndSet(before, batch));
  }

  /** Whether nothing waits; the flusher's thread. */
  boolean isEmpty() {
    return first == null && top.get() == null;
  }

  /** Takes what was handed over; the flusher's thread. */
  void collect() {
    Batch batch = top.getAndSet(null);
    Batch oldest = null;
    while (batch != null) {
      oldest = new Batch(batch.first, batch.last, oldest);
      batch = batch.older;
    }
    for (Batch next = oldest; next != null; next = next.older) {
      if (last == null) {
        first = next.first;
      } else {
        last.next = next.first;
      }
      last = next.last;
    }
  }

  /**
   * The chain of collected calls that wait for nothing beyond the position; null when there is
   * none.
   */
  @Nullable Call takeUpTo(long durablePosition) {
    Call chain = first;
    if (chain == null || chain.releaseAt > durablePosition) {
      return null;
    }
    Call end = chain;
    while (end.next != null && end.next.releaseAt <= durablePosition) {
      end = end.next;
    }
    first = end.next;
    if (first == null) {
      last = null;
    }
    end.next = null;
    return chain;
  }

  /** Everything, whatever it waits for: the shard has failed. */
  @Nullable Call takeAll() {
    collect();
    Call chain = first;
    first = null;
    last = null;
    return chain;
  }
}
