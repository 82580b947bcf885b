package io.millrace.engine.queue;

import io.millrace.engine.sqs.Limits;

/**
 * The messages one receive chose: those to deliver, and those to move to the dead-letter queue.
 * Reused.
 */
public final class Selection {

  /** So many moves at most in one receive; the next one goes on. */
  static final int MOVES_MAX = 100;

  private final long[] delivered = new long[Limits.RECEIVE_MESSAGES_MAX];
  private final long[] moved = new long[MOVES_MAX];
  private int deliveredCount;
  private int movedCount;

  /** Empties the selection for the next receive. */
  public void clear() {
    deliveredCount = 0;
    movedCount = 0;
  }

  void deliver(long number) {
    delivered[deliveredCount++] = number;
  }

  void move(long number) {
    moved[movedCount++] = number;
  }

  /** Forgets the messages to deliver; those moved stay counted. */
  public void strikeAll() {
    deliveredCount = 0;
  }

  /** Whether no more can be moved in this receive. */
  public boolean movesFull() {
    return movedCount == MOVES_MAX;
  }

  /** Messages to deliver. */
  public int size() {
    return deliveredCount;
  }

  /** The i-th message to deliver. */
  public long number(int i) {
    return delivered[i];
  }

  /** Strikes the i-th message out; those behind it move up. */
  public void strike(int i) {
    System.arraycopy(delivered, i + 1, delivered, i, deliveredCount - i - 1);
    deliveredCount--;
  }

  /** Messages to move to the dead-letter queue. */
  public int moves() {
    return movedCount;
  }

  /** The i-th message to move. */
  public long move(int i) {
    return moved[i];
  }
}
