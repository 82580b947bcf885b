/**
 * Faults of delivery: a queue service that does what SQS allows and emulators are too polite to do.
 *
 * <p>Lives here: {@link io.millrace.chaos.delivery.FaultyQueueService}, which wraps any queue
 * service, and what it remembers of each queue.
 *
 * <p>May import: {@code policy}, the engine's vocabulary ({@code io.millrace.engine.sqs}), the JDK.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>Whatever a client sees is legal for a standard queue. Live messages come again by the
 *       service's own means, its visibility timeouts, so receipts, receive counts, dead-letter
 *       queues and restarts stay right. Only a message that comes after its deletion is served from
 *       memory, under receipts of its own that behave as SQS's do: the latest deletes it, an older
 *       one answers success and changes nothing.
 *   <li>A fault is logged as fired when its effect was seen: a duplicate when the message was
 *       handed out again, not when it was made visible.
 *   <li>What is remembered is bounded: messages, bytes, queues.
 * </ul>
 *
 * <p>Threads: requests come from any thread, replies on the service's; what is remembered of a
 * queue is guarded by its own lock, which is never held while the service is called.
 */
@NullMarked
package io.millrace.chaos.delivery;

import org.jspecify.annotations.NullMarked;
