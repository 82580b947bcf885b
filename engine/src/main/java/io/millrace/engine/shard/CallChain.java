package io.millrace.engine.shard;

import org.jspecify.annotations.Nullable;

/**
 * Calls in the order they were added, linked through {@link Call#next}: a call is in one chain at a
 * time, and passing a chain on costs nothing per call.
 *
 * <p>One thread at a time.
 */
final class CallChain {

  private @Nullable Call first;
  private @Nullable Call last;

  boolean isEmpty() {
    return first == null;
  }

  /** The last call; null when there is none. */
  @Nullable Call last() {
    return last;
  }

  /** Adds a call that is in no chain. */
  void add(Call call) {
    addAll(call, call);
  }

  /** Adds calls that are linked already. */
  void addAll(Call from, Call to) {
    if (last == null) {
      first = from;
    } else {
      last.next = from;
    }
    last = to;
  }

  /** Empties the chain; the calls stay linked to each other. */
  @Nullable Call takeAll() {
    Call taken = first;
    first = null;
    last = null;
    return taken;
  }

  /** Takes the calls at the front that wait for nothing beyond a position. */
  @Nullable Call takeUpTo(long durablePosition) {
    if (first == null || first.releaseAt > durablePosition) {
      return null;
    }
    Call taken = first;
    Call end = taken;
    while (end.next != null && end.next.releaseAt <= durablePosition) {
      end = end.next;
    }
    first = end.next;
    if (first == null) {
      last = null;
    }
    end.next = null;
    return taken;
  }
}
