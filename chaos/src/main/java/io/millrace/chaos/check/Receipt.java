package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Entry;

/**
 * One message handed out once, with what is known of its lease. The lease ends at some instant
 * between {@link #earliestEndNs} and {@link #latestEndNs}; both move as changes of visibility
 * become known, and changes to the queue's own timeout. Written by {@link MessageTable} alone.
 */
final class Receipt {

  private final Entry.Receive poll;
  private final Delivery delivery;
  private long earliestEndNs;
  private long latestEndNs;
  private boolean changed;

  /**
   * A fresh receipt.
   *
   * @param leaseFromNs the earliest instant at which the lease can have begun
   */
  Receipt(Entry.Receive poll, Delivery delivery, long leaseFromNs) {
    this.poll = poll;
    this.delivery = delivery;
    long visibilityNs = poll.visibilityMs() * 1_000_000L;
    this.earliestEndNs = leaseFromNs + visibilityNs;
    this.latestEndNs = poll.returnedNs() + visibilityNs;
  }

  Delivery delivery() {
    return delivery;
  }

  /** The queue it was received from. */
  int queue() {
    return poll.queue();
  }

  /** When the poll was sent. */
  long polledNs() {
    return poll.invokedNs();
  }

  /** When its answer was in hand. */
  long receivedNs() {
    return poll.returnedNs();
  }

  /** The visibility timeout it was received with. */
  long visibilityNs() {
    return poll.visibilityMs() * 1_000_000L;
  }

  /** The earliest instant at which its lease can have ended. */
  long earliestEndNs() {
    return earliestEndNs;
  }

  /** The first instant at which its lease has surely ended. */
  long latestEndNs() {
    return latestEndNs;
  }

  /** Whether a change of visibility may have moved the end of its lease. */
  boolean changed() {
    return changed;
  }

  /** A change of visibility surely took effect. */
  void moveEnd(long earliestNs, long latestNs) {
    earliestEndNs = earliestNs;
    latestEndNs = latestNs;
    changed = true;
  }

  /** A change of visibility may have taken effect. */
  void mayMoveEnd(long earliestNs, long latestNs) {
    earliestEndNs = Math.min(earliestEndNs, earliestNs);
    latestEndNs = Math.max(latestEndNs, latestNs);
    changed = true;
  }

  /** The queue's timeout may already have been this one. */
  void mayHaveHad(long visibilityNs, long leaseFromNs) {
    earliestEndNs = Math.min(earliestEndNs, leaseFromNs + visibilityNs);
    latestEndNs = Math.max(latestEndNs, receivedNs() + visibilityNs);
  }

  /**
   * Whether this was handed out after the other. Polls that were not under way together tell by
   * themselves: after a power cut the server's count may begin again. Of two that were, the
   * server's count tells where it gave two different ones, else the answers.
   */
  boolean isAfter(Receipt other) {
    if (other.receivedNs() < polledNs() || receivedNs() < other.polledNs()) {
      return other.receivedNs() < polledNs();
    }
    int mine = delivery.receiveCount();
    int theirs = other.delivery.receiveCount();
    boolean counted = mine != theirs && mine != 0 && theirs != 0;
    return counted ? mine > theirs : receivedNs() >= other.receivedNs();
  }
}
