package io.millrace.engine.shard;

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
  final ArrayDeque<Call> polls = new ArrayDeque<>(0);

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

  void refreshCounters() {
    counters.visible.set(machine.visible());
    counters.inFlight.set(machine.inFlight());
    counters.delayed.set(machine.delayed());
    counters.oldestSentAtMs.set(machine.oldestSentAtMs());
  }
}
