package io.millrace.engine.shard;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where callers leave their requests for the shard: a lock-free stack that the shard takes whole
 * and turns around, so a batch costs one exchange. Bounded by the bytes of all calls that have not
 * been answered yet.
 *
 * <p>Threads: {@link #offer} and {@link #answered} any, {@link #takeAll} the shard's.
 */
final class Inbox {

  private final AtomicReference<@Nullable Call> top = new AtomicReference<>();
  private final AtomicLong pendingBytes = new AtomicLong();
  private final long pendingBytesMax;

  Inbox(long pendingBytesMax) {
    this.pendingBytesMax = pendingBytesMax;
  }

  /** Leaves a call; false when the calls in progress take up the budget already. */
  boolean offer(Call call) {
    if (pendingBytes.addAndGet(call.weightBytes) > pendingBytesMax) {
      pendingBytes.addAndGet(-call.weightBytes);
      return false;
    }
    Call before;
    do {
      before = top.get();
      call.next = before;
    } while (!top.compareAndSet(before, call));
    return true;
  }

  boolean isEmpty() {
    return top.get() == null;
  }

  /** The first of the calls left so far, linked in the order they came; null when there is none. */
  @Nullable Call takeAll() {
    if (top.get() == null) {
      return null;
    }
    Call call = top.getAndSet(null);
    Call first = null;
    while (call != null) {
      Call older = call.next;
      call.next = first;
      first = call;
      call = older;
    }
    return first;
  }

  /** A call's reply has left: its bytes are free for others. */
  void answered(long bytes) {
    pendingBytes.addAndGet(-bytes);
  }
}
