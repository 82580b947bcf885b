package io.millrace.engine.sqs;

import java.util.concurrent.CompletableFuture;

/**
 * The one door to a set of queues: a request in, a reply later. The embedded engine is one; a
 * distributed engine can stand behind the same door, and a decorator can wrap it (to duplicate, to
 * lose a reply).
 *
 * <p>Threads: {@code submit} may be called from any thread and does not block. Futures complete on
 * a thread of the service; a dependent stage that blocks belongs on an executor of the caller's
 * ({@code thenApplyAsync}).
 *
 * <p>A reply other than to a receive is given only when the state it speaks of is durable at the
 * configured level.
 */
public interface QueueService {

  /**
   * Asks, and promises an answer. The caller's mistakes and refusals (queue missing, disk full,
   * inbox full) arrive as {@link Reply.Failed}; the future fails only when the outcome is unknown
   * (the service stopped or broke).
   *
   * <p>Cancelling the future of a {@link Request.ReceiveMessage} withdraws the poll: if {@code
   * cancel} says true, it has taken no message and will take none; if false, its answer is on its
   * way. Cancelling any other only forgets the answer.
   */
  CompletableFuture<Reply> submit(Request request);
}
