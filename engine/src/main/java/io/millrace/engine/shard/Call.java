package io.millrace.engine.shard;

import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through a shard, and the future its caller holds: a single object from
 * door to door. As a task it answers itself and the decided calls linked behind it, so that handing
 * a chain of replies to an executor makes no further object.
 *
 * <p>Threads: the caller's thread makes it, the shard's thread owns it from the inbox on, the
 * flusher's from the release queue on; {@link #next} links it into one of the two and is handed
 * over with it.
 */
final class Call extends CompletableFuture<Reply> implements Runnable {

  // What a caller's cancel meets. A poll goes from OPEN to SERVED while the shard looks for
  // messages
  // for it, and back when there are none; a cancel takes it from OPEN to WITHDRAWN, from SERVED
  // only
  // to UNWANTED, which the shard answers empty if it found nothing.
  private static final int OPEN = 0;
  private static final int SERVED = 1;
  private static final int UNWANTED = 2;
  private static final int WITHDRAWN = 3;

  private static final VarHandle STAND;

  static {
    try {
      STAND = MethodHandles.lookup().findVarHandle(Call.class, "stand", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** What a request weighs besides its payload, against the budget of pending bytes. */
  private static final int OVERHEAD_BYTES = 256;

  final Request request;
  private final Inbox inbox;

  /** Bytes this call takes from the pending budget until its reply leaves. */
  final int weightBytes;

  /** The next call in the inbox, then in the release queue. */
  @Nullable Call next;

  @SuppressWarnings("UnusedVariable") // written through STAND
  private volatile int stand;

  /** Set by the shard when the call is decided. */
  @Nullable Reply reply;

  /** The reply leaves when everything before this position is durable. */
  long releaseAt;

  Call(Request request, Inbox inbox) {
    this.request = request;
    this.inbox = inbox;
    this.weightBytes = OVERHEAD_BYTES + payloadBytes(request);
  }

  private static int payloadBytes(Request request) {
    if (request instanceof Request.SendMessage send) {
      return send.message().sizeBytes();
    }
    if (request instanceof Request.SendMessageBatch batch) {
      int bytes = 0;
      for (Request.SendEntry entry : batch.entries()) {
        bytes += entry.message().sizeBytes();
      }
      return bytes;
    }
    return 0;
  }

  /** Answers the chain this call heads. */
  @Override
  public void run() {
    long bytes = 0;
    for (Call call = this; call != null; ) {
      Call following = call.unlink();
      bytes += call.weightBytes;
      if (call.reply == null) {
        throw new AssertionError("released without a reply: " + call.request);
      }
      call.complete(call.reply);
      call = following;
    }
    inbox.answered(bytes);
  }

  /** Takes the call off its chain, so that a future a caller keeps does not keep the others. */
  @Nullable Call unlink() {
    Call following = next;
    next = null;
    return following;
  }

  /**
   * Withdraws a poll: true means that it took nothing and never will. False means that its answer
   * is on its way, perhaps an empty one. Of any other call the answer is forgotten.
   */
  @Override
  public boolean cancel(boolean mayInterrupt) {
    if (!(request instanceof Request.ReceiveMessage)) {
      return super.cancel(mayInterrupt);
    }
    if (STAND.compareAndSet(this, OPEN, WITHDRAWN)) {
      return super.cancel(mayInterrupt);
    }
    STAND.compareAndSet(this, SERVED, UNWANTED);
    return isCancelled();
  }

  /** The shard is about to look for messages for the poll; false when it was withdrawn. */
  boolean beginServing() {
    return STAND.compareAndSet(this, OPEN, SERVED);
  }

  /** The shard found nothing; false when the poll was cancelled meanwhile and awaits an answer. */
  boolean waitOn() {
    return STAND.compareAndSet(this, SERVED, OPEN);
  }

  boolean isWithdrawn() {
    return stand == WITHDRAWN || isDone();
  }

  Request.ReceiveMessage poll() {
    return (Request.ReceiveMessage) request;
  }
}
