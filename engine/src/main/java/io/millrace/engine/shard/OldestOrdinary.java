package io.millrace.engine.shard;

import io.millrace.engine.queue.Backlog;
import io.millrace.engine.queue.QueueMachine;

/**
 * Finds the oldest message of a queue that was not handed out too often.
 *
 * <p>A message received {@value QueueMachine#BACK_OF_QUEUE_RECEIVES} times never becomes ordinary
 * again, and numbers rise with arrival. So the search goes on from where it last stopped and passes
 * each message once in its life, however many cannot be digested. What was moved here from another
 * queue counts as ordinary: it brought its receives along.
 *
 * <p>Threads: the shard's.
 */
final class OldestOrdinary {

  /** Passed over at most in one look; the rest at the next. */
  private static final int STEPS_MAX = 4_096;

  private long cursor = 1;

  /**
   * When it came into the queue, in ms since the epoch; 0 when there is none.
   *
   * @param nextNumber the number the queue's next message gets
   */
  long arrivedAtMs(Backlog backlog, long nextNumber) {
    cursor = backlog.nextHeld(cursor, nextNumber);
    for (int steps = 0; steps < STEPS_MAX && cursor < nextNumber; steps++) {
      if (isOrdinary(backlog, cursor)) {
        return backlog.arrivedAtMs(cursor);
      }
      cursor = backlog.nextHeld(cursor + 1, nextNumber);
    }
    return cursor < nextNumber ? backlog.arrivedAtMs(cursor) : 0;
  }

  private static boolean isOrdinary(Backlog backlog, long number) {
    return backlog.receiveCount(number) < QueueMachine.BACK_OF_QUEUE_RECEIVES
        || backlog.origin(number) != 0;
  }
}
