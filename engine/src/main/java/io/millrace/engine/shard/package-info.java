/**
 * Where the pure queue meets the log: one owner thread that takes requests from an inbox, asks the
 * queues to decide, appends what they decided, applies it, and releases the replies when the
 * journal is durable.
 *
 * <p>Lives here: {@link io.millrace.engine.shard.ShardRuntime}, a shard with all it stands on, and
 * {@link io.millrace.engine.shard.Shard}, whose turn hands each request to the part that decides
 * it. Each part owns its state alone:
 *
 * <ul>
 *   <li>{@code EventLog}: the one way in. Appends an event, applies it, reads messages back, and
 *       mends a failed force.
 *   <li>{@code Receiving}: receives and long polls, and moves to the dead-letter queue. {@code
 *       Settlement}: deletes and changes of visibility. {@code QueueAdministration}: what is done
 *       to queues.
 *   <li>{@code Answers}: the replies of a turn, and when each may leave; {@code Flusher} forces the
 *       journal and releases them.
 *   <li>{@code Catalogue}: the queues; {@code MappedBacklog} on {@code BlockFile}: their messages'
 *       facts.
 *   <li>{@code Checkpointer}, {@code Carrier}, {@code Recovery}: what keeps the log short, and what
 *       reads it at start.
 * </ul>
 *
 * <p>Invariants owned here: log first (an event is applied only once it is appended), no early yes,
 * one owner. Threads: one turns the shard, one the flusher, and one does what may block.
 *
 * <p>May import: {@code queue}, {@code journal}, {@code sqs}, slf4j, the JDK.
 */
@NullMarked
package io.millrace.engine.shard;

import org.jspecify.annotations.NullMarked;
