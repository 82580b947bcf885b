package io.millrace.engine.shard;

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
      executor.execute(chain);
    }
  }

  /** Fails a chain of calls: what became of them is unknown. */
  void fail(@Nullable Call chain, Throwable cause) {
    for (Call call = chain; call != null; call = call.unlink()) {
      inbox.answered(call.weightBytes);
      call.completeExceptionally(cause);
    }
  }
}
