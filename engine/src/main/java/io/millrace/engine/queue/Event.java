package io.millrace.engine.queue;

import io.millrace.engine.sqs.QueueAttributes;
import io.millrace.engine.sqs.QueueName;

/**
 * Something that happened, decided once and applied wherever the log is read. Each is one journal
 * record.
 *
 * <p>Events carry absolute facts (numbers, deadlines, counts), never differences.
 */
public sealed interface Event {

  /** The queue it happened to. */
  int queue();

  /** A queue came to be. */
  record QueueCreated(int queue, QueueName name, QueueAttributes attributes) implements Event {}

  record AttributesSet(int queue, QueueAttributes attributes) implements Event {}

  /** A queue and all its messages are gone. */
  record QueueDeleted(int queue) implements Event {}

  /** Every message the queue held is gone. */
  record Purged(int queue) implements Event {}

  /**
   * A message was sent; body and attributes stand in the same record.
   *
   * @param number the message's number in the queue
   * @param idHigh message id, high half
   * @param idLow message id, low half
   * @param delaySeconds before the first delivery, 0 to 900
   */
  record Sent(int queue, long number, long idHigh, long idLow, int delaySeconds) implements Event {}

  /**
   * Messages were handed to one receiver.
   *
   * @param start the run of the engine
   * @param visibleAtMs when their leases end
   * @param numbers the messages
   * @param receiveCounts each message's count after this receive
   */
  record Received(int queue, int start, long visibleAtMs, long[] numbers, int[] receiveCounts)
      implements Event {}

  record Deleted(int queue, long[] numbers) implements Event {}

  /** A lease was given another end; at or before now the message is visible at once. */
  record VisibilityChanged(int queue, long number, long visibleAtMs) implements Event {}

  /**
   * A message changed queues: gone from one, arrived in the other, in one record that carries the
   * message itself.
   *
   * @param queue the source
   * @param number in the source
   * @param target the dead-letter queue
   * @param targetNumber in the dead-letter queue
   * @param idHigh message id, high half, kept
   * @param idLow message id, low half, kept
   * @param sentAtMs kept: retention still counts from the first send, the age in the dead-letter
   *     queue from the event's now
   * @param receiveCount kept
   * @param firstReceivedAtMs kept
   */
  record Moved(
      int queue,
      long number,
      int target,
      long targetNumber,
      long idHigh,
      long idLow,
      long sentAtMs,
      int receiveCount,
      long firstReceivedAtMs)
      implements Event {}

  /**
   * A message's record was rewritten at the journal's tail, so that the segment it stood in can go.
   * The new record is this one.
   *
   * @param fromPosition where it stood; if it no longer stands there the event changes nothing
   */
  record Carried(int queue, long number, long fromPosition) implements Event {}

  /** A message's record could not be read back; the message is given up, and counted. */
  record Lost(int queue, long number) implements Event {}
}
