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

  /** Sends one message. */
  Outcome<Sent> send(OutgoingMessage message);

  /**
   * Receives messages with all their attributes.
   *
   * @param max how many at most, 1 to 10
   * @param wait how long the server waits for a message, whole seconds, 0 to 20
   */
  Outcome<List<IncomingMessage>> receive(int max, Duration wait);

  /**
   * Deletes messages: one handle by DeleteMessage, more by one DeleteMessageBatch.
   *
   * @param receiptHandles 1 to 10 handles
   * @return one outcome for each handle, in the same order
   */
  List<Outcome<Boolean>> delete(List<String> receiptHandles);
}
