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

/**
 * What was done around the messages: to queues as a whole, to the server, on purpose. Shared by all
 * checkers, written by {@link Judge} alone.
 */
final class Surroundings {

  /** Crashes are few; a run with more is judged by its first. */
  private static final int CRASHES_MAX = 100_000;

  private final Rules rules;
  private final long longestNs;
  private final OptionalLong originWallMs;
  private final TreeMap<Integer, QueueLog> queues = new TreeMap<>();
  private final List<Entry.Event> crashes = new ArrayList<>();
  private final InjectedFaults injected = new InjectedFaults();
  private final Set<FaultKind> fired = EnumSet.noneOf(FaultKind.class);
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

  /** Whether a receive may be forgotten that was handed out by an instant. */
  boolean mayHaveForgottenReceive(long polledNs, long toNs) {
    return storageWasDamaged()
        || powerCutBetween(polledNs, toNs)
        || (survival == Survival.NOTHING && crashedBetween(polledNs, toNs));
  }

  /** Whether stored records were destroyed on purpose: nothing can be asked of them any more. */
  boolean storageWasDamaged() {
    return fired.contains(FaultKind.BIT_FLIP)
        || fired.contains(FaultKind.TRUNCATION)
        || (fired.contains(FaultKind.FORCE_LOST) && !crashes.isEmpty());
  }

  /** Whether a kind of fault ever fired. */
  boolean fired(FaultKind kind) {
    return fired.contains(kind);
  }

  /**
   * Whether one of some faults was done to a message, or to its queue without naming any. What is
   * found in a dead-letter queue may have met the fault in the queue it came from.
   */
  boolean injected(Fingerprint message, int queue, FaultKind... kinds) {
    if (injected.any(message, queue, kinds)) {
      return true;
    }
    for (QueueLog source : queues.values()) {
      if (source.deadLetterQueue() == queue && injected.any(message, source.number(), kinds)) {
        return true;
      }
    }
    return false;
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
    }
  }
}
