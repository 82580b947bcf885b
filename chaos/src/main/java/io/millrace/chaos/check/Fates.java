package io.millrace.chaos.check;

import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import io.millrace.chaos.history.QueueSettings;

/** What must have become of each message by the end of the final drain. */
final class Fates {

  /** What is to be said of a message. */
  enum Fate {
    /** Nothing: it was not surely sent, or may be gone by right. */
    OPEN,
    /** It was surely deleted. */
    DELETED,
    /** It had to come again, and the drain ended too early for that. */
    NOT_DUE,
    /** It had to come again, and did not. */
    MISSING,
    /**
     * The same, and deletes by handles that were no longer the latest are all that can be blamed.
     */
    MISSING_AFTER_STALE_DELETE
  }

  private final Surroundings surroundings;
  private final Whereabouts whereabouts;
  private long drainedNs = Timeline.NEVER;

  Fates(Surroundings surroundings, Whereabouts whereabouts) {
    this.surroundings = surroundings;
    this.whereabouts = whereabouts;
  }

  /** When the queues were found empty; {@link Timeline#NEVER} if they were not. */
  long drainedNs() {
    return drainedNs;
  }

  boolean drained() {
    return drainedNs != Timeline.NEVER;
  }

  void take(Entry.Event event) {
    if (event.kind() == EventKind.DRAINED) {
      drainedNs = event.returnedNs();
    }
  }

  /** The fate of a message that is let go; ask once the history has ended. */
  Fate of(Timeline message) {
    Entry.Send send = message.sendOrNull();
    if (message.confirmedDeleteNs() != Timeline.NEVER) {
      return Fate.DELETED;
    }
    if (send == null || send.ending() != Ending.OK || mayBeGone(message, send)) {
      return Fate.OPEN;
    }
    boolean stale = message.mayBeDeleted();
    if (stale && !surelyStale(message)) {
      return Fate.OPEN;
    }
    if (!drained() || dueNs(message, send) > drainedNs) {
      return Fate.NOT_DUE;
    }
    return stale ? Fate.MISSING_AFTER_STALE_DELETE : Fate.MISSING;
  }

  private boolean surelyStale(Timeline message) {
    return surroundings.rules().strict()
        && message.onlyStaleDeletes()
        && !surroundings.mayHaveForgottenReceive(message, Long.MIN_VALUE, endNs());
  }

  private boolean mayBeGone(Timeline message, Entry.Send send) {
    QueueLog home = surroundings.queue(send.queue());
    long keptNs = home.retentionMinNs() - surroundings.rules().timerSlackNs();
    if (home.hasDeadLetters() && home.deadLetterQueue() != QueueSettings.NO_QUEUE) {
      QueueLog deadLetters = surroundings.queue(home.deadLetterQueue());
      keptNs = Math.min(keptNs, deadLetters.retentionMinNs());
      if (!deadLetters.wasPolled() && whereabouts.mayHaveMoved(message)) {
        return true;
      }
    }
    return message.mayBePurged()
        || message.queueMayBeGone()
        || surroundings.wasDamaged(message)
        || endNs() - send.invokedNs() > keptNs
        || surroundings.mayHaveForgotten(send.returnedNs());
  }

  private long dueNs(Timeline message, Entry.Send send) {
    long freeNs = send.returnedNs() + send.delayMs() * 1_000_000L;
    for (Receipt receipt : message.receipts()) {
      freeNs = Math.max(freeNs, receipt.latestEndNs());
    }
    return freeNs + surroundings.rules().livenessNs();
  }

  private long endNs() {
    return drained() ? drainedNs : Timeline.NEVER / 2;
  }
}
