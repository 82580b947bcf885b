package io.millrace.jmh.load;

import java.io.IOException;

/**
 * Senders that follow a schedule and consumers that receive and delete. What they see goes into the
 * samples; nothing is retried, and a send that fails is counted and not made up for.
 */
interface Traffic extends AutoCloseable {

  /** Starts the consumers. */
  void startReceiving() throws IOException;

  /** Starts the senders; they end with the schedule. */
  void startSending() throws IOException;

  /** How the kernel schedules what sends; known once the first message has left. Any thread. */
  Standing standing();

  /** Whether every message before the schedule's end has left and was answered. */
  boolean sentAll();

  /**
   * Looks after the threads.
   *
   * @throws IOException if one of them died; the run is over then
   */
  void check() throws IOException;

  /** Ends whatever still runs; a poll under way may be given up. */
  @Override
  void close() throws IOException;
}
