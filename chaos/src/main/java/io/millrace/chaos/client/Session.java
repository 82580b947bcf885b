package io.millrace.chaos.client;

import java.time.Duration;
import java.util.List;

/**
 * A client's view of one queue. Each call is one request, sent once; it blocks until the answer is
 * in hand or given up.
 *
 * <p>May be used by several threads at once.
 */
public interface Session {

  /** Stands for the queue's own visibility timeout. */
  Duration QUEUE_VISIBILITY = Duration.ofSeconds(-1);

  /** Sends one message. */
  Outcome<Sent> send(OutgoingMessage message);

  /**
   * Sends messages by one SendMessageBatch.
   *
   * @param messages what to send; more than ten, or equal ids, are sent as they are
   */
  BatchOutcome<Sent> sendBatch(List<BatchItem<OutgoingMessage>> messages);

  /**
   * Receives messages with all their attributes.
   *
   * @param max how many at most, 1 to 10
   * @param wait how long the server waits for a message, whole seconds, 0 to 20
   * @param visibility the visibility timeout of this receive, whole seconds; {@link
   *     #QUEUE_VISIBILITY} for the queue's
   */
  Outcome<List<IncomingMessage>> receive(int max, Duration wait, Duration visibility);

  /** Deletes one message by its handle. */
  Outcome<Done> delete(String receiptHandle);

  /** Deletes messages by one DeleteMessageBatch. */
  BatchOutcome<Done> deleteBatch(List<BatchItem<String>> receiptHandles);

  /** Changes the visibility timeout of one message. */
  Outcome<Done> changeVisibility(VisibilityChange change);

  /** Changes visibility timeouts by one ChangeMessageVisibilityBatch. */
  BatchOutcome<Done> changeVisibilityBatch(List<BatchItem<VisibilityChange>> changes);

  /** Removes every message. */
  Outcome<Done> purge();

  /** The queue's counts. */
  Outcome<QueueCounts> counts();
}
