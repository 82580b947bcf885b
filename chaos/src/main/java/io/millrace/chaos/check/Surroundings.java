package io.millrace.chaos.check;

import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import io.millrace.chaos.history.FaultKind;
import io.millrace.chaos.history.FaultPhase;
import io.millrace.chaos.history.Fingerprint;
import io.millrace.chaos.history.QueueSettings;
import io.millrace.chaos.history.Survival;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What was done around the messages: to queues as a whole, to the server, on purpose. Shared by all
 * checkers, written by {@link Judge} alone.
 */
final class Surroundings {

  /** Crashes are few; a run with more is judged by its first. */
  private static final int CRASHES_MAX = 100_000;

  private static final int BATCH_ENTRIES_MAX = 10;

  private final Rules rules;
  private final long longestNs;
  private final OptionalLong originWallMs;
  private final TreeMap<Integer, QueueLog> queues = new TreeMap<>();
  private final List<Entry.Event> crashes = new ArrayList<>();
  private final InjectedFaults injected = new InjectedFaults();
  private final TreeMap<Integer, Set<Integer>> sourcesOf = new TreeMap<>();
  private final TreeMap<Integer, Long> copies = new TreeMap<>();
  private final Set<FaultKind> fired = EnumSet.noneOf(FaultKind.class);
  private boolean damagedUnnamed;
  private Survival survival = Survival.UNDECLARED;
  private QueueLog recent = new QueueLog(Entry.FIRST_QUEUE);

  /**
   * Nothing done yet.
   *
   * @param longestNs the longest operation of the history, or what is to be taken for it
   * @param originWallMs the wall clock at the origin; empty if it means nothing
   */
  Surroundings(Rules rules, long longestNs, OptionalLong originWallMs) {
    this.rules = rules;
    this.longestNs = longestNs;
    this.originWallMs = originWallMs;
    queues.put(recent.number(), recent);
  }

  Rules rules() {
    return rules;
  }

  /** The longest operation of the history. */
  long longestNs() {
    return longestNs;
  }

  /** The wall clock of an instant, in ms; empty if it means nothing. */
  OptionalLong wallMs(long atNs) {
    return originWallMs.isEmpty()
        ? originWallMs
        : OptionalLong.of(originWallMs.getAsLong() + Math.floorDiv(atNs, 1_000_000L));
  }

  QueueLog queue(int number) {
    if (recent.number() != number) {
      recent = queues.computeIfAbsent(number, QueueLog::new);
    }
    return recent;
  }

  /** Whether a queue is the dead-letter queue of another. */
  boolean isDeadLetterQueueOf(int queue, int source) {
    return queue != QueueSettings.NO_QUEUE && queue(source).deadLetterQueue() == queue;
  }

  List<Entry.Event> crashes() {
    return crashes;
  }

  /** When the last crash began; the lowest value if there was none. */
  long lastCrashNs() {
    return crashes.isEmpty() ? Long.MIN_VALUE : crashes.get(crashes.size() - 1).invokedNs();
  }

  /** Whether the server died between two instants. */
  boolean crashedBetween(long fromNs, long toNs) {
    return anyCrash(fromNs, toNs, false);
  }

  /** Whether the machine lost power between two instants, so that receives may be forgotten. */
  boolean powerCutBetween(long fromNs, long toNs) {
    return anyCrash(fromNs, toNs, true);
  }

  private boolean anyCrash(long fromNs, long toNs, boolean powerOnly) {
    for (int i = crashes.size() - 1; i >= 0; i--) {
      Entry.Event crash = crashes.get(i);
      if (crash.returnedNs() < fromNs) {
        return false;
      }
      if (crash.invokedNs() <= toNs && (!powerOnly || crash.kind() == EventKind.POWER_CUT)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether what was acknowledged by an instant may be gone by right: a crash came that the target
   * does not say it survives, or its storage was damaged on purpose.
   */
  boolean mayHaveForgotten(long acknowledgedNs) {
    if (storageWasDamaged()) {
      return true;
    }
    for (int i = crashes.size() - 1; i >= 0; i--) {
      Entry.Event crash = crashes.get(i);
      if (crash.returnedNs() < acknowledgedNs) {
        return false;
      }
      boolean survives =
          crash.kind() == EventKind.POWER_CUT
              ? survival == Survival.POWER_LOSS
              : survival != Survival.NOTHING;
      if (!survives) {
        return true;
      }
    }
    return false;
  }

  /** Whether a receive of a message may be forgotten that was handed out by an instant. */
  boolean mayHaveForgottenReceive(Timeline message, long polledNs, long toNs) {
    return storageWasDamaged()
        || wasDamaged(message)
        || powerCutBetween(polledNs, toNs)
        || (survival == Survival.NOTHING && crashedBetween(polledNs, toNs));
  }

  /**
   * Whether stored records of nobody knows what were destroyed on purpose: nothing can be asked of
   * the storage any more.
   */
  boolean storageWasDamaged() {
    return damagedUnnamed || (fired.contains(FaultKind.FORCE_LOST) && !crashes.isEmpty());
  }

  /**
   * Whether a stored record of a message was destroyed on purpose. It may be gone, or, if it was
   * the record of a move, be back where it was before.
   */
  boolean wasDamaged(Timeline message) {
    return wasDamaged(message.messageId(), message.homeQueue());
  }

  /** The same, for a message known by its id alone. */
  boolean wasDamaged(Fingerprint messageId, int queue) {
    return injected(messageId, queue, FaultKind.BIT_FLIP, FaultKind.TRUNCATION);
  }

  /** Whether a kind of fault ever fired. */
  boolean fired(FaultKind kind) {
    return fired.contains(kind);
  }

  /**
   * Whether one of some faults was done to a message, or to its queue without naming any, or to one
   * from which it may have come as a dead letter.
   */
  boolean injected(Fingerprint message, int queue, FaultKind... kinds) {
    if (injected.any(message, queue, kinds)) {
      return true;
    }
    for (int source : sourcesOf.getOrDefault(queue, Set.of())) {
      if (injected.any(message, source, kinds)) {
        return true;
      }
    }
    return false;
  }

  /**
   * How many messages a queue may hold beyond those that were sent to it, since requests were done
   * twice on purpose.
   */
  long copiesMax(int queue) {
    long sum = copies.getOrDefault(QueueSettings.NO_QUEUE, 0L) + copies.getOrDefault(queue, 0L);
    for (int source : sourcesOf.getOrDefault(queue, Set.of())) {
      sum += copies.getOrDefault(source, 0L);
    }
    return sum;
  }

  private void noteCopy(Entry.Fault fault) {
    // A fault that names no message may have been a batch's.
    long atMost = fault.message().equals(Fingerprint.NONE) ? BATCH_ENTRIES_MAX : 1;
    copies.merge(fault.queue(), atMost, Long::sum);
  }

  /** Whether it was arranged on purpose that a message may be received again at any time. */
  boolean mayBeRepeated(Timeline message, int queue) {
    return injected(
        message.messageId(),
        queue,
        FaultKind.DUPLICATE_NOW,
        FaultKind.DUPLICATE_AFTER_DELETE, // which its reader may not yet have been told of
        FaultKind.CONCURRENT_DELIVERY,
        FaultKind.EARLY_EXPIRY,
        FaultKind.STALE_HANDLE,
        FaultKind.DUPLICATED_REQUEST);
  }

  /** Whether it was arranged on purpose that a message may come back after its delete. */
  boolean mayReturnFromDelete(Fingerprint messageId, int queue) {
    return injected(
        messageId,
        queue,
        FaultKind.DUPLICATE_AFTER_DELETE,
        FaultKind.STALE_HANDLE,
        FaultKind.DUPLICATED_REQUEST);
  }

  void take(Entry.Queue change) {
    if (change.settings().hasDeadLetters()) {
      sourcesOf
          .computeIfAbsent(change.settings().deadLetterQueue(), each -> new TreeSet<>())
          .add(change.queue());
    }
    queue(change.queue()).set(change);
  }

  void take(Entry.Receive poll) {
    queue(poll.queue()).polled(poll);
  }

  void take(Entry.Purge purge) {
    queue(purge.queue()).purged(purge);
  }

  void take(Entry.Target target) {
    survival = target.survival();
  }

  void take(Entry.Event event) {
    if (event.kind().isCrash() && crashes.size() < CRASHES_MAX) {
      crashes.add(event);
    }
  }

  void take(Entry.Fault fault) {
    if (fault.phase() == FaultPhase.FIRED) {
      fired.add(fault.kind());
      injected.add(fault);
      if (fault.kind() == FaultKind.DUPLICATED_REQUEST) {
        noteCopy(fault);
      } else if (fault.kind() == FaultKind.BIT_FLIP || fault.kind() == FaultKind.TRUNCATION) {
        damagedUnnamed |= fault.message().equals(Fingerprint.NONE);
      }
    }
  }
}
