package io.millrace.chaos.check;

import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.QueueSettings;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a history tells of one queue as a whole. Written by {@link Surroundings} alone. */
final class QueueLog {

  /** Purges and settings remembered one by one; of more, the oldest are forgotten. */
  private static final int CHANGES_MAX = 1_000;

  private final int number;
  private final List<Entry.Purge> purges = new ArrayList<>();
  private final List<Entry.Queue> changes = new ArrayList<>();
  private QueueSettings settings = QueueSettings.DEFAULTS;
  private boolean described;
  private long retentionMinNs = Long.MAX_VALUE;
  private long retentionMaxNs;
  private int receivesMin = Integer.MAX_VALUE;
  private int receivesMax;
  private long capMin = Long.MAX_VALUE;
  private boolean deadLetters;
  private boolean polled;
  private long deletedFromNs = Timeline.NEVER;
  private long lostPollsUntilNs = Long.MIN_VALUE;
  private @Nullable Timeline oldest;
  private @Nullable Timeline newest;

  QueueLog(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  /** The settings it was given last; the defaults if the history tells of none. */
  QueueSettings settings() {
    return settings;
  }

  /** Whether its making is in the history, so that what is in it is known. */
  boolean described() {
    return described;
  }

  /** The shortest retention it ever had, in ns. */
  long retentionMinNs() {
    return described ? retentionMinNs : QueueSettings.DEFAULTS.retentionMs() * 1_000_000L;
  }

  /** The longest retention it ever had, in ns. */
  long retentionMaxNs() {
    return described ? retentionMaxNs : Long.MAX_VALUE / 4;
  }

  /** Whether it ever had a dead-letter queue. */
  boolean hasDeadLetters() {
    return deadLetters;
  }

  /** The lowest maximum of receives it ever had. */
  int receivesMin() {
    return receivesMin;
  }

  /** The highest maximum of receives it ever had; no limit counts as the highest. */
  int receivesMax() {
    return receivesMax;
  }

  /** The number of its dead-letter queue; {@link QueueSettings#NO_QUEUE} if it has none. */
  int deadLetterQueue() {
    return settings.deadLetterQueue();
  }

  long inFlightMax() {
    return described ? capMin : QueueSettings.DEFAULTS.inFlightMax();
  }

  /** Whether anybody ever got an answer to a poll of it. */
  boolean wasPolled() {
    return polled;
  }

  /** When its deletion was begun; {@link Timeline#NEVER} if it was not. */
  long deletedFromNs() {
    return deletedFromNs;
  }

  /**
   * Until when messages may be hidden that a poll without an answer took; the lowest value if there
   * was no such poll.
   */
  long lostPollsUntilNs() {
    return lostPollsUntilNs;
  }

  List<Entry.Purge> purges() {
    return purges;
  }

  /** Its settings, but for the first it had. */
  List<Entry.Queue> changes() {
    return changes;
  }

  /** The message that has been left alone for longest; null if there is none. */
  @Nullable Timeline oldest() {
    return oldest;
  }

  void set(Entry.Queue change) {
    if (change.ending() == Ending.FAIL) {
      return;
    }
    if (change.change() == Entry.QueueChange.DELETED) {
      deletedFromNs = Math.min(deletedFromNs, change.invokedNs());
      return;
    }
    if (described) {
      if (changes.size() == CHANGES_MAX) {
        changes.remove(0);
      }
      changes.add(change);
    }
    described = true;
    QueueSettings given = change.settings();
    settings = given;
    retentionMinNs = Math.min(retentionMinNs, given.retentionMs() * 1_000_000L);
    retentionMaxNs = Math.max(retentionMaxNs, given.retentionMs() * 1_000_000L);
    capMin = Math.min(capMin, given.inFlightMax());
    if (given.hasDeadLetters()) {
      deadLetters = true;
      receivesMin = Math.min(receivesMin, given.maxReceiveCount());
      receivesMax = Math.max(receivesMax, given.maxReceiveCount());
    } else {
      receivesMax = Integer.MAX_VALUE;
    }
  }

  void polled(Entry.Receive poll) {
    if (poll.ending() == Ending.OK) {
      polled = true;
    } else if (poll.ending() == Ending.INFO) {
      long untilNs = poll.returnedNs() + (poll.waitMs() + (long) poll.visibilityMs()) * 1_000_000L;
      lostPollsUntilNs = Math.max(lostPollsUntilNs, untilNs);
    }
  }

  void purged(Entry.Purge purge) {
    if (purge.ending() == Ending.FAIL) {
      return;
    }
    if (purges.size() == CHANGES_MAX) {
      purges.remove(0);
    }
    purges.add(purge);
  }

  /** Puts a message at the end: something just happened to it. */
  void touch(Timeline message) {
    unlist(message);
    message.listed = true;
    message.previous = newest;
    if (newest == null) {
      oldest = message;
    } else {
      newest.next = message;
    }
    newest = message;
  }

  /** Takes a message off: something may have removed it. */
  void unlist(Timeline message) {
    if (!message.listed) {
      return;
    }
    Timeline before = message.previous;
    Timeline after = message.next;
    if (before == null) {
      oldest = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      newest = before;
    } else {
      after.previous = before;
    }
    message.previous = null;
    message.next = null;
    message.listed = false;
  }
}
