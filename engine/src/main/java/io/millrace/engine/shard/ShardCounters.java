package io.millrace.engine.shard;

import java.util.Collection;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * What a shard tells the outside: monotone totals of all queues together (they never fall when a
 * queue is deleted) and one {@link QueueCounters} a queue. The shard's thread writes, except the
 * force figures, which the flusher writes; any thread reads.
 */
public final class ShardCounters {

  // Totals over all queues, ever, of this run.
  public final Counter sent = new Counter();
  public final Counter sentBytes = new Counter();
  public final Counter received = new Counter();
  public final Counter redelivered = new Counter();
  public final Counter deleted = new Counter();
  public final Counter expired = new Counter();
  public final Counter movedToDeadLetter = new Counter();
  public final Counter purged = new Counter();
  public final Counter leasesTimedOut = new Counter();
  public final Counter leasesReleased = new Counter();
  public final Counter emptyReceives = new Counter();
  public final Counter staleDeletes = new Counter();
  public final Counter damaged = new Counter();

  /** How many messages of one queue may be in flight; constant. */
  public final Counter inFlightMax = new Counter();

  /** Receives that wait for a message now. */
  public final Counter waitingPolls = new Counter();

  /** Requests refused because the inbox was full, the disk was full or the shard was stopping. */
  public final Counter refused = new Counter();

  // The journal, as the shard sees it.
  public final Counter journalRecords = new Counter();
  public final Counter journalBytes = new Counter();
  public final Counter journalSegments = new Counter();
  public final Counter journalDiskBytes = new Counter();
  public final Counter journalReservedBytes = new Counter();
  public final Counter liveBytes = new Counter();
  public final Counter checkpoints = new Counter();
  public final Counter checkpointAtMs = new Counter();
  public final Counter segmentsDropped = new Counter();
  public final Counter carriedForward = new Counter();

  // Recovery of this run.
  public final Counter recoveryMs = new Counter();
  public final Counter recoveryRecords = new Counter();
  public final Counter recoveryQuarantined = new Counter();

  // Written by the flusher.
  public final Counter forces = new Counter();
  public final Counter forcedRecords = new Counter();
  public final Counter forceFailures = new Counter();

  private final ConcurrentSkipListMap<String, QueueCounters> queues = new ConcurrentSkipListMap<>();

  /** The queues that exist, by name. */
  public Collection<QueueCounters> queues() {
    return queues.values();
  }

  void queueAdded(QueueCounters counters) {
    queues.put(counters.name, counters);
  }

  void queueRemoved(String name) {
    queues.remove(name);
  }
}
