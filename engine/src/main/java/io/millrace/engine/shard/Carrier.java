package io.millrace.engine.shard;

import io.millrace.engine.journal.DamagedRecordException;
import io.millrace.engine.journal.Journal;
import io.millrace.engine.journal.JournalBusyException;
import io.millrace.engine.journal.JournalFullException;
import io.millrace.engine.journal.Segment;
import io.millrace.engine.queue.Event;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Carries messages forward: a few live messages in a large, mostly dead segment are written again
 * at the tail, so that the segment can go. Disk then stays within four times the live bytes and two
 * segments.
 *
 * <p>The background executor lists the messages a segment carries; the shard then carries those
 * that are still live and still stand there, a few a turn and at a bounded rate.
 *
 * <p>Threads: the shard's, except the listing.
 */
final class Carrier {

  /** A closed segment with a smaller live share than one in so many is carried forward. */
  private static final int SPARSE_DIVISOR = 4;

  private static final int MESSAGES_PER_TURN = 64;
  private static final long LOOK_EVERY_MS = 1_000;

  /** What was not carried in time may be made up for in one go, up to so much time's worth. */
  private static final long BURST_MS = 100;

  private final Journal journal;
  private final Catalogue catalogue;
  private final EventLog log;
  private final Receiving receiving;
  private final ShardCounters counters;
  private final Executor background;
  private final long bytesPerSecond;

  private long nextLookAtMs;
  private boolean listing;
  private @Nullable Listing current;
  private int next;
  private long allowanceAtMs;
  private long allowanceBytes;

  /** Written by the background step, taken by the shard. */
  private volatile @Nullable Listing listed;

  Carrier(ShardContext context, EventLog log, Receiving receiving) {
    this.journal = context.journal();
    this.catalogue = context.catalogue();
    this.log = log;
    this.receiving = receiving;
    this.counters = context.counters();
    this.background = context.background();
    this.bytesPerSecond = context.config().carryBytesPerSecond();
  }

  /** The messages of one segment, by where they stand. */
  private static final class Listing {
    private long[] positions = new long[64];
    private long[] numbers = new long[64];
    private int[] queues = new int[64];
    private int size;

    private void add(long position, int queue, long number) {
      if (size == positions.length) {
        positions = Arrays.copyOf(positions, size * 2);
        numbers = Arrays.copyOf(numbers, size * 2);
        queues = Arrays.copyOf(queues, size * 2);
      }
      positions[size] = position;
      queues[size] = queue;
      numbers[size++] = number;
    }
  }

  /** Whether messages are left to carry now. */
  boolean isCarrying() {
    return current != null && allowanceBytes > 0;
  }

  /** One bounded step. Returns whether something was done. */
  boolean step(long nowMs) {
    Listing segment = current;
    if (segment != null) {
      return carrySome(segment, nowMs);
    }
    Listing ready = listed;
    if (ready != null) {
      listed = null;
      listing = false;
      current = ready;
      next = 0;
      return true;
    }
    if (listing || nowMs < nextLookAtMs) {
      return false;
    }
    nextLookAtMs = nowMs + LOOK_EVERY_MS;
    long sparse = sparsest();
    if (sparse == Journal.NO_POSITION) {
      return false;
    }
    listing = true;
    background.execute(() -> listed = list(sparse));
    return true;
  }

  private boolean carrySome(Listing segment, long nowMs) {
    if (nowMs > allowanceAtMs) {
      long elapsedMs = Math.min(nowMs - allowanceAtMs, BURST_MS); // the first time it is decades
      allowanceBytes =
          Math.min(
              bytesPerSecond * BURST_MS / 1_000,
              allowanceBytes + elapsedMs * bytesPerSecond / 1_000);
      allowanceAtMs = nowMs;
    }
    int done = 0;
    while (next < segment.size && done < MESSAGES_PER_TURN && allowanceBytes > 0) {
      allowanceBytes -= carry(segment.queues[next], segment.numbers[next], segment.positions[next]);
      next++;
      done++;
    }
    if (next == segment.size) {
      current = null;
    }
    return done > 0;
  }

  /** Writes a live message again if it still stands there; returns the bytes it took. */
  private int carry(int queue, long number, long position) {
    QueueEntry entry = catalogue.find(queue);
    if (entry == null
        || !entry.backlog.holds(number)
        || entry.backlog.position(number) != position) {
      return 0;
    }
    if (position >= log.durablePosition()) {
      return 0; // a failed force would move it; it is carried when the segment is looked at again
    }
    try {
      ByteBuffer record = log.record(entry, number);
      if (record == null) {
        return 0;
      }
      int bytes = log.commit(new Event.Carried(queue, number, position), record);
      counters.carriedForward.increment();
      receiving.touch(entry);
      return bytes;
    } catch (JournalFullException | JournalBusyException full) {
      return entry.backlog.recordBytes(number); // it stays where it is, and is looked at again
    }
  }

  private long sparsest() {
    for (Segment segment : journal.segments()) {
      long liveBytes = catalogue.live().bytes(segment.number());
      if (segment.number() != journal.activeSegment()
          && liveBytes > 0
          && liveBytes < segment.bytes() / SPARSE_DIVISOR) {
        return segment.number();
      }
    }
    return Journal.NO_POSITION;
  }

  private Listing list(long segment) {
    Listing messages = new Listing();
    try {
      journal.scanSegment(
          segment,
          (position, frameBytes, record) -> {
            if (EventCodec.carriesMessage(record)) {
              messages.add(position, EventCodec.queue(record), EventCodec.number(record));
            }
          });
    } catch (DamagedRecordException damaged) {
      // What could be read is carried; the rest is found damaged when it is received.
      return messages;
    }
    return messages;
  }
}
