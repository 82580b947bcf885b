package io.millrace.engine.queue;

/**
 * Chooses which of the waiting messages a receive may take, and in which order. Pure: what is left
 * to chance is drawn by the caller. Standard queues promise no order, so any choice is legal.
 */
@FunctionalInterface
public interface DeliveryPolicy {

  /**
   * So many of the waiting messages are shown to a policy at most, those that are first in turn.
   */
  int WAITING_MAX = 2_000;

  /** The queue's own order; it is followed without asking. */
  DeliveryPolicy QUEUE_ORDER = (waiting, count, patient, draw) -> count;

  /**
   * Rearranges the waiting messages of one receive in place.
   *
   * @param waiting numbers of messages, in the queue's own order; those to be taken come first
   *     afterwards, in the order in which they are to be taken
   * @param count how many there are, 1 to {@link #WAITING_MAX}
   * @param patient whether the receive would wait for a message: it must get one if there is any
   * @param draw a number drawn at random for this receive
   * @return how many may be taken, 0 to {@code count}; not 0 if {@code patient}
   */
  int arrange(long[] waiting, int count, boolean patient, long draw);
}
