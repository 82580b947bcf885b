package io.millrace.engine.shard;

import io.millrace.engine.queue.Event;
import io.millrace.engine.queue.QueueMachine;
import io.millrace.engine.sqs.Limits;
import io.millrace.engine.sqs.QueueName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The queues of a shard, by name and by number, and the one place where events reach them. Live
 * traffic and recovery apply events through the same method, so both reach the same state.
 *
 * <p>Threads: the shard's.
 */
final class Catalogue {

  private final BlockFile blocks;
  private final ShardCounters counters;
  private final int inFlightMax;
  private final SegmentTally live = new SegmentTally();
  private final TreeMap<QueueName, QueueEntry> byName = new TreeMap<>();
  private final HashMap<Integer, QueueEntry> byNumber = new HashMap<>();

  /** Names of deleted queues that wait out their cool-down, oldest first. */
  private final LinkedHashMap<QueueName, Long> deletedAtMs = new LinkedHashMap<>();

  /** Names of queues by number, for those gone that a dead letter still names as its source. */
  private final HashMap<Integer, QueueName> namesOfDeleted = new HashMap<>();

  private int nextQueueNumber = 1;
  private long nowMs;
  private boolean counting;

  Catalogue(BlockFile blocks, ShardCounters counters, int inFlightMax) {
    this.blocks = blocks;
    this.counters = counters;
    this.inFlightMax = inFlightMax;
    counters.inFlightMax.set(inFlightMax);
  }

  // ------------------------------------------------------------------------------------ reading

  /** How many messages of one queue may be in flight. */
  int inFlightMax() {
    return inFlightMax;
  }

  @Nullable QueueEntry find(QueueName name) {
    return byName.get(name);
  }

  @Nullable QueueEntry find(int queueNumber) {
    return byNumber.get(queueNumber);
  }

  Collection<QueueEntry> queues() {
    return byName.values();
  }

  /** Queues in the order of their names, from the first after one. */
  Collection<QueueEntry> queuesAfter(String name) {
    return QueueName.isLegal(name)
        ? byName.tailMap(new QueueName(name), false).values()
        : byName.values();
  }

  int nextQueueNumber() {
    return nextQueueNumber;
  }

  /** The latest now of any event applied. */
  long nowMs() {
    return nowMs;
  }

  /** Live bytes by segment, all queues together. */
  SegmentTally live() {
    return live;
  }

  /** Whether a queue of that name was deleted within the last minute. */
  boolean deletedRecently(QueueName name, long atMs) {
    Long deleted = deletedAtMs.get(name);
    return deleted != null && atMs - deleted < Limits.COOL_DOWN_SECONDS * 1_000L;
  }

  /** Names that wait out their cool-down, with the time of deletion. */
  Map<QueueName, Long> deletions() {
    return deletedAtMs;
  }

  /** Names of deleted queues by number. */
  Map<Integer, QueueName> namesOfDeleted() {
    return namesOfDeleted;
  }

  /** The name of a queue that is or was. */
  @Nullable QueueName nameOf(int queueNumber) {
    QueueEntry entry = byNumber.get(queueNumber);
    return entry != null ? entry.machine.name() : namesOfDeleted.get(queueNumber);
  }

  // ----------------------------------------------------------------------------------- applying

  /**
   * Applies one event.
   *
   * @param position of its record
   * @param recordBytes of its record
   * @return false when no queue it names is here: it was deleted later, or its creation was damaged
   */
  boolean apply(Event event, long atMs, long position, int recordBytes) {
    nowMs = Math.max(nowMs, atMs);
    if (event instanceof Event.QueueCreated created) {
      create(created, atMs, position);
      return true;
    }
    if (event instanceof Event.Moved moved) {
      return applyMoved(moved, atMs, position, recordBytes);
    }
    QueueEntry entry = byNumber.get(event.queue());
    if (entry == null) {
      return false;
    }
    if (position < entry.appliedBelow) {
      return true;
    }
    entry.machine.apply(event, atMs, position, recordBytes);
    if (event instanceof Event.QueueDeleted) {
      remove(entry, atMs);
    }
    assert conserved(entry.machine);
    return true;
  }

  private static boolean conserved(QueueMachine machine) {
    machine.checkConservation();
    return true;
  }

  private boolean applyMoved(Event.Moved moved, long atMs, long position, int recordBytes) {
    QueueEntry source = byNumber.get(moved.queue());
    QueueEntry target = byNumber.get(moved.target());
    if (source != null && position >= source.appliedBelow) {
      source.machine.applyMovedOut(moved, atMs);
    }
    if (target != null && position >= target.appliedBelow) {
      target.machine.applyMovedIn(moved, atMs, position, recordBytes);
    }
    return source != null || target != null;
  }

  private void create(Event.QueueCreated created, long atMs, long position) {
    if (byNumber.containsKey(created.queue())) {
      return; // restored from a checkpoint taken after its creation
    }
    nextQueueNumber = Math.max(nextQueueNumber, created.queue() + 1);
    MappedBacklog backlog = new MappedBacklog(blocks, live);
    QueueMachine machine =
        new QueueMachine(
            created.queue(), created.name(), created.attributes(), atMs, inFlightMax, backlog);
    deletedAtMs.remove(created.name());
    add(machine, backlog, position);
  }

  private void remove(QueueEntry entry, long atMs) {
    QueueName name = entry.machine.name();
    if (counting) {
      entry.refreshCounters(counters, atMs);
    }
    byName.remove(name);
    byNumber.remove(entry.machine.queueNumber());
    if (entry.machine.conservation().movedOut() > 0) {
      namesOfDeleted.put(entry.machine.queueNumber(), name);
    }
    deletedAtMs.put(name, atMs);
    counters.queueRemoved(name.value());
    forgetOldDeletions(atMs);
  }

  private void forgetOldDeletions(long atMs) {
    var iterator = deletedAtMs.entrySet().iterator();
    while (iterator.hasNext()
        && atMs - iterator.next().getValue() >= Limits.COOL_DOWN_SECONDS * 1_000L) {
      iterator.remove();
    }
  }

  /** Takes a restored queue in. */
  QueueEntry add(QueueMachine machine, MappedBacklog backlog, long appliedBelow) {
    QueueCounters queueCounters = new QueueCounters(machine.name().value());
    QueueEntry entry = new QueueEntry(machine, backlog, queueCounters, appliedBelow);
    byName.put(machine.name(), entry);
    byNumber.put(machine.queueNumber(), entry);
    nextQueueNumber = Math.max(nextQueueNumber, machine.queueNumber() + 1);
    counters.queueAdded(queueCounters);
    return entry;
  }

  /** Recovery has ended: from here on what time does to a queue is counted. */
  void startCounting() {
    byName.values().forEach(QueueEntry::startCounting);
    counting = true;
  }

  /** Takes up what a checkpoint knew beside the queues. */
  void restore(
      int savedNextQueueNumber,
      long savedNowMs,
      Map<QueueName, Long> savedDeletions,
      Map<Integer, QueueName> savedNames) {
    nextQueueNumber = savedNextQueueNumber;
    nowMs = savedNowMs;
    deletedAtMs.putAll(savedDeletions);
    namesOfDeleted.putAll(savedNames);
  }

  /** The queues in the order of their numbers, at this moment. */
  List<QueueEntry> snapshot() {
    return new ArrayList<>(byName.values());
  }
}
