package io.millrace.engine.shard;

import io.millrace.engine.queue.Conservation;
import io.millrace.engine.queue.QueueMachine;
import java.util.ArrayDeque;

/**
 * A queue as its shard holds it: the machine, its backlog, its counters, and who waits for a
 * message. Shard thread.
 */
final class QueueEntry {

  final QueueMachine machine;
  final MappedBacklog backlog;
  final QueueCounters counters;

  /**
   * Waiting polls, the longest waiting first; those answered or cancelled meanwhile are passed
   * over.
   */
  final ArrayDeque<LongPolls.Place> polls = new ArrayDeque<>(0);

  /** Events below this position are in the checkpoint the queue was restored from. */
  final long appliedBelow;

  /** Whether the queue stands in the list of queues whose polls are to be looked at. */
  boolean touched;

  /**
   * When the shard's timer for this queue goes off, in ms since the epoch; {@link Long#MAX_VALUE}
   * for none.
   */
  long timerAtMs = Long.MAX_VALUE;

  QueueEntry(
      QueueMachine machine, MappedBacklog backlog, QueueCounters counters, long appliedBelow) {
    this.machine = machine;
    this.backlog = backlog;
    this.counters = counters;
    this.appliedBelow = appliedBelow;
  }

  private final OldestOrdinary oldestOrdinary = new OldestOrdinary();
  private final DrainRate drainRate = new DrainRate();

  // What the machine had counted when it was last looked at.
  private long expiredSeen;
  private long leasesEndedSeen;
  private long leasesReleasedSeen;

  /** What recovery replayed was counted in another run: only what comes after counts in this. */
  void startCounting() {
    expiredSeen = machine.conservation().expired();
    leasesEndedSeen = machine.leasesEnded();
    leasesReleasedSeen = machine.leasesReleased();
  }

  /** Publishes what the queue holds and what time did to it since it was last looked at. */
  void refreshCounters(ShardCounters shard, long nowMs) {
    counters.visible.set(machine.visible());
    counters.inFlight.set(machine.inFlight());
    counters.delayed.set(machine.delayed());
    counters.oldestArrivedAtMs.set(machine.oldestArrivedAtMs());
    counters.oldestOrdinaryArrivedAtMs.set(
        oldestOrdinary.arrivedAtMs(backlog, machine.nextNumber()));
    counters.oldestSentAtMs.set(machine.oldestSentAtMs());
    counters.retentionSeconds.set(machine.attributes().retentionSeconds());
    long held = machine.visible() + machine.inFlight() + machine.delayed();
    counters.emptiesPer1000Seconds.set(drainRate.per1000Seconds(held, nowMs));

    Conservation conservation = machine.conservation();
    long expired = conservation.expired() - expiredSeen;
    long released = machine.leasesReleased() - leasesReleasedSeen;
    long timedOut = machine.leasesEnded() - leasesEndedSeen - released;
    shard.expired.add(expired);
    counters.expired.add(expired);
    shard.leasesReleased.add(released);
    shard.leasesTimedOut.add(timedOut);
    startCounting();
  }
}
