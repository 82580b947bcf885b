package io.millrace.engine.shard;

import io.millrace.engine.journal.Journal;
import io.millrace.engine.journal.JournalForceException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Forces the journal and releases the replies that waited for it. While one force runs, the shard
 * decides and appends what the next one will cover: one force costs as much for a thousand records
 * as for one.
 *
 * <p>Threads: {@link #doWork} is turned by one thread, its own or a simulator's. {@link #wake} and
 * {@link #requestForce} may be called by any.
 */
final class Flusher {

  private final Journal journal;
  private final ReleaseQueue releases;
  private final Replies replies;
  private final ShardCounters counters;
  private final ShardObserver observer;
  private final Runnable wakeShard;

  /** Set by the shard when a force is wanted that no reply waits for; cleared here. */
  private volatile boolean forceRequested;

  /** Set by the shard while something of its own waits for the durable position to move. */
  private volatile boolean shardWaits;

  private volatile boolean parked;
  private volatile @Nullable Thread thread;
  private long recordsForced;

  Flusher(
      Journal journal,
      ReleaseQueue releases,
      Replies replies,
      ShardCounters counters,
      ShardObserver observer,
      Runnable wakeShard) {
    this.journal = journal;
    this.releases = releases;
    this.replies = replies;
    this.counters = counters;
    this.observer = observer;
    this.wakeShard = wakeShard;
  }

  /** One turn: release what is durable, else force. Returns whether there was anything to do. */
  boolean doWork() {
    releases.collect();
    boolean wanted = forceRequested;
    if (releases.isEmpty() && !wanted) {
      return false;
    }
    Call durableAlready = releases.takeUpTo(journal.durablePosition());
    if (durableAlready != null) {
      replies.release(durableAlready);
      return true;
    }
    if (journal.needsRewrite()) {
      wakeShard.run();
      return false;
    }
    forceRequested = false;
    long records = counters.journalRecords.get();
    long startedAt = System.nanoTime();
    long durable;
    try {
      durable = journal.force();
    } catch (JournalForceException e) {
      // The shard rewrites the tail elsewhere; until then nothing is acknowledged.
      counters.forceFailures.increment();
      forceRequested = true;
      wakeShard.run();
      return false;
    }
    long nanos = System.nanoTime() - startedAt;
    counters.forces.increment();
    counters.forcedRecords.add(records - recordsForced);
    observer.forced(nanos, (int) (records - recordsForced));
    recordsForced = records;
    replies.release(releases.takeUpTo(durable));
    if (shardWaits) {
      wakeShard.run();
    }
    return true;
  }

  /** Asks for a force even if no reply waits. */
  void requestForce() {
    forceRequested = true;
    wake();
  }

  /** Whether the shard wants to be woken when the durable position moves; the shard's thread. */
  void shardWaits(boolean waits) {
    if (shardWaits != waits) {
      shardWaits = waits;
    }
  }

  /** Something was handed over, or what could not be forced was rewritten. */
  void wake() {
    if (parked) {
      LockSupport.unpark(thread);
    }
  }

  /** Turns until told to stop; what is handed over by then is still released. */
  void run(BooleanSupplier stopped) {
    thread = Thread.currentThread();
    while (!stopped.getAsBoolean()) {
      if (!doWork()) {
        parked = true;
        if (mustPark() && !stopped.getAsBoolean()) {
          LockSupport.parkNanos(this, PARK_NANOS_MAX);
        }
        parked = false;
      }
    }
  }

  /** Woken at every hand-over; the bound only limits what a lost wake-up could cost. */
  private static final long PARK_NANOS_MAX = 50_000_000;

  private boolean mustPark() {
    return journal.needsRewrite() || (releases.isEmpty() && !forceRequested);
  }
}
