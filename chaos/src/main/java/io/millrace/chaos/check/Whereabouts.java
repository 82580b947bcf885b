package io.millrace.chaos.check;

import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;

/**
 * Where a message can have been between two instants, seen from one queue: a set of the four bits.
 * One bit alone is certainty. Ask once every operation that was under way then has returned.
 */
final class Whereabouts {

  /** Not in the queue. */
  static final int ABSENT = 1;

  /** Sent, and not yet due. */
  static final int DELAYED = 2;

  /** To be had by a receive. */
  static final int VISIBLE = 4;

  /** Received, its lease not ended. */
  static final int IN_FLIGHT = 8;

  /** Servers date in whole milliseconds: what is due now is due from the next one on. */
  private static final long TICK_NS = 1_000_000;

  private static final int ANYWHERE = ABSENT | DELAYED | VISIBLE | IN_FLIGHT;

  private final Surroundings surroundings;
  private final long slackNs;

  Whereabouts(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.slackNs = surroundings.rules().timerSlackNs();
  }

  int of(Timeline message, int queue, long fromNs, long toNs) {
    Entry.Send send = message.sendOrNull();
    if (message.past() != Timeline.Past.NONE || message.confirmedDeleteNs() <= fromNs) {
      return ABSENT;
    }
    if (send == null) {
      return ANYWHERE;
    }
    if (send.ending() == Ending.FAIL || send.invokedNs() > toNs) {
      return ABSENT;
    }
    boolean moved = message.lastQueue() != message.homeQueue();
    if (queue != send.queue()) {
      return ofElsewhere(message, queue, moved);
    }
    if (message.surelyPurgedNs() != Timeline.NEVER
        && message.surelyPurgedNs() + surroundings.rules().purgeWindowNs() <= fromNs) {
      return ABSENT;
    }
    int bits = presence(message, send, queue, fromNs, toNs);
    return moved || mayBeAbsent(message, send, fromNs, toNs) ? bits | ABSENT : bits;
  }

  /**
   * How many messages of a queue can have been where, at any instant between two.
   *
   * @param visibleMin surely visible all the while
   * @param visibleMax perhaps visible at some instant
   * @param inFlightMin surely in flight all the while
   * @param inFlightMax perhaps in flight at some instant
   * @param delayedMin surely delayed all the while
   * @param delayedMax perhaps delayed at some instant
   */
  record Tally(
      long visibleMin,
      long visibleMax,
      long inFlightMin,
      long inFlightMax,
      long delayedMin,
      long delayedMax) {}

  /** Looks at every message in play. */
  Tally tally(MessageTable table, int queue, long fromNs, long toNs) {
    long[] min = new long[IN_FLIGHT + 1];
    long[] max = new long[IN_FLIGHT + 1];
    table.forEach(
        message -> {
          int bits = of(message, queue, fromNs, toNs);
          for (int bit = DELAYED; bit <= IN_FLIGHT; bit *= 2) {
            if (bits == bit) {
              min[bit]++;
            }
            if ((bits & bit) != 0) {
              max[bit]++;
            }
          }
        });
    return new Tally(
        min[VISIBLE], max[VISIBLE], min[IN_FLIGHT], max[IN_FLIGHT], min[DELAYED], max[DELAYED]);
  }

  private int ofElsewhere(Timeline message, int queue, boolean moved) {
    if (!surroundings.isDeadLetterQueueOf(queue, message.homeQueue())) {
      return ABSENT;
    }
    if (moved) {
      return ANYWHERE;
    }
    return mayHaveMoved(message) ? ABSENT | VISIBLE | IN_FLIGHT : ABSENT;
  }

  /** Whether it may be in its queue's dead-letter queue. */
  boolean mayHaveMoved(Timeline message) {
    QueueLog home = surroundings.queue(message.homeQueue());
    if (!home.hasDeadLetters()) {
      return false;
    }
    if (home.lostPollsUntilNs() != Long.MIN_VALUE) {
      return true;
    }
    for (Receipt receipt : message.receipts()) {
      int count = receipt.delivery().receiveCount();
      if (count == 0 || count >= home.receivesMin()) {
        return true;
      }
    }
    return false;
  }

  private boolean mayBeAbsent(Timeline message, Entry.Send send, long fromNs, long toNs) {
    long existsNs = send.ending() == Ending.OK ? send.returnedNs() : Timeline.NEVER;
    if (!message.receipts().isEmpty()) {
      existsNs = Math.min(existsNs, message.receipts().get(0).receivedNs());
    }
    long keptNs = surroundings.queue(send.queue()).retentionMinNs() - slackNs;
    return existsNs > fromNs
        || message.mayBeDeletedBy(toNs)
        || message.mayBePurged()
        || message.queueMayBeGone()
        || surroundings.wasDamaged(message)
        || toNs - send.invokedNs() > keptNs
        || mayHaveMoved(message)
        || surroundings.mayHaveForgotten(send.returnedNs());
  }

  /**
   * Whether a message without a delay may pass for one that is not due yet: it was sent while the
   * count was taken, or in the same millisecond.
   */
  private static boolean mayBeFresh(Timeline message, Entry.Send send, long fromNs) {
    long sentByNs = send.ending() == Ending.OK ? send.returnedNs() : Timeline.NEVER;
    if (!message.receipts().isEmpty()) {
      sentByNs = Math.min(sentByNs, message.receipts().get(0).receivedNs());
    }
    return sentByNs == Timeline.NEVER || sentByNs + TICK_NS > fromNs;
  }

  private int presence(Timeline message, Entry.Send send, int queue, long fromNs, long toNs) {
    long delayNs = send.delayMs() * 1_000_000L;
    long dueFromNs = send.invokedNs() + delayNs - (delayNs == 0 ? 0 : slackNs);
    long dueByNs =
        send.ending() == Ending.OK ? send.returnedNs() + delayNs + slackNs : Timeline.NEVER;
    int bits = 0;
    if (delayNs > 0 ? fromNs < dueByNs : mayBeFresh(message, send, fromNs)) {
      bits |= DELAYED;
    }
    long visibleFromNs = dueFromNs;
    for (Receipt receipt : message.receipts()) {
      if (visibleFromNs < toNs && receipt.receivedNs() > fromNs) {
        bits |= VISIBLE;
      }
      if (receipt.polledNs() < toNs && receipt.latestEndNs() + slackNs > fromNs) {
        bits |= IN_FLIGHT;
      }
      visibleFromNs = receipt.earliestEndNs() - slackNs;
    }
    if (visibleFromNs < toNs) {
      bits |= VISIBLE;
    }
    if (surroundings.queue(queue).lostPollsUntilNs() + slackNs > fromNs) {
      bits |= IN_FLIGHT;
    }
    boolean upset =
        surroundings.mayHaveForgottenReceive(message, send.invokedNs(), toNs)
            || surroundings.mayBeRepeated(message, queue);
    return upset ? bits | VISIBLE | IN_FLIGHT : bits;
  }
}
