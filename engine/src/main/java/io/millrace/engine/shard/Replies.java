package io.millrace.engine.shard;

import io.millrace.engine.sqs.Reply;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Completes callers' futures, a batch at a time, on the executor the engine was given: a caller's
 * own code never runs on the shard's thread unless the composition root chose so.
 */
final class Replies {

  private final Executor executor;
  private final Inbox inbox;

  Replies(Executor executor, Inbox inbox) {
    this.executor = executor;
    this.inbox = inbox;
  }

  /** Answers a chain of decided calls. */
  void release(@Nullable Call chain) {
    if (chain != null) {
      executor.execute(() -> answer(chain));
    }
  }

  /** Fails a chain of calls: what became of them is unknown. */
  void fail(@Nullable Call chain, Throwable cause) {
    for (Call call = chain; call != null; call = next(call)) {
      inbox.answered(call.weightBytes);
      call.completeExceptionally(cause);
    }
  }

  private void answer(Call chain) {
    long bytes = 0;
    for (Call call = chain; call != null; ) {
      Call following = next(call);
      Reply reply = call.reply;
      bytes += call.weightBytes;
      if (reply == null) {
        throw new AssertionError("released without a reply: " + call.request);
      }
      call.complete(reply);
      call = following;
    }
    inbox.answered(bytes);
  }

  /** Unlinks, so that a future a caller keeps does not keep the whole batch. */
  private static @Nullable Call next(Call call) {
    Call following = call.next;
    call.next = null;
    return following;
  }
}
