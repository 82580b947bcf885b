package io.millrace.chaos.client;

import io.millrace.chaos.history.QueueSettings;

/**
 * A service with queues: makes them, deletes them and opens sessions with them.
 *
 * <p>Safe for use by several threads.
 */
public interface Target extends AutoCloseable {

  /** What it is able to do. */
  Caps caps();

  /**
   * Makes a queue, or confirms one.
   *
   * @param name its name
   * @param settings its settings; the dead-letter queue's number means nothing here
   * @param deadLetters the dead-letter queue's name, which exists; empty if there is none
   */
  Outcome<Done> createQueue(String name, QueueSettings settings, String deadLetters);

  /** Sets every setting of a queue; parameters as in {@link #createQueue}. */
  Outcome<Done> setSettings(String name, QueueSettings settings, String deadLetters);

  /** Deletes a queue with everything in it. */
  Outcome<Done> deleteQueue(String name);

  /** A session with a queue, which need not exist yet. */
  Session session(String name);

  @Override
  void close();
}
