/**
 * The pure state machine of a standard queue: it decides what a request does, as an event, and
 * changes state only by applying events.
 *
 * <p>Lives here: {@link io.millrace.engine.queue.QueueMachine}, {@link
 * io.millrace.engine.queue.Event}, the parts a queue is made of, and {@link
 * io.millrace.engine.queue.Backlog}, through which the machine sees its messages: facts, no bodies;
 * {@link io.millrace.engine.queue.DeliveryPolicy}, for a lab that wants another order than the
 * queue's.
 *
 * <p>A message stands in one part at a time, and that part alone sets its place: {@link
 * io.millrace.engine.queue.DeliveryOrder} holds the visible ones and decides which come first,
 * {@link io.millrace.engine.queue.DelayLanes} the delayed ones, {@link
 * io.millrace.engine.queue.InFlight} the leases and what receipts are good for. The machine itself
 * owns time, the numbers given, retention, and the counts of {@link
 * io.millrace.engine.queue.Conservation}.
 *
 * <p>May import: {@code sqs}. No clock, no file, no thread, no random source: time and ids are
 * arguments.
 *
 * <p>Invariants owned here:
 *
 * <ul>
 *   <li>State is the fold of {@code apply} over the events. {@code apply} cannot fail, and advances
 *       to the event's now first; advancing in many small steps or in one large one ends in the
 *       same state.
 *   <li>Conservation: sent + moved in = delayed + visible + in flight + deleted + expired + moved
 *       out + purged + lost, after every event.
 *   <li>Lease and order: the latest receipt deletes even after its expiry, an older one changes
 *       nothing. Fresh and returned messages alternate; one received three times or more goes to
 *       the back.
 * </ul>
 *
 * <p>Threads: the owner's only. Nothing here is safe to share.
 */
@NullMarked
package io.millrace.engine.queue;

import org.jspecify.annotations.NullMarked;
