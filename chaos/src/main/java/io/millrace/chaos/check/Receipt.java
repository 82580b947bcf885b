package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Entry;

/**
 * One message handed out once: a delivery with the instants and the visibility timeout of its poll.
 *
 * @param polledNs when the poll was sent
 * @param receivedNs when its answer was in hand
 * @param visibilityNs the visibility timeout in force
 * @param delivery the message
 */
record Receipt(long polledNs, long receivedNs, long visibilityNs, Delivery delivery) {

  static Receipt of(Entry.Receive poll, Delivery delivery) {
    return new Receipt(
        poll.invokedNs(), poll.returnedNs(), poll.visibilityMs() * 1_000_000L, delivery);
  }

  /**
   * Whether this was handed out after the other: by the server's count where it gave two different
   * ones, else by the answers.
   */
  boolean isAfter(Receipt other) {
    int mine = delivery.receiveCount();
    int theirs = other.delivery.receiveCount();
    boolean counted = mine != theirs && mine != 0 && theirs != 0;
    return counted ? mine > theirs : receivedNs >= other.receivedNs;
  }
}
