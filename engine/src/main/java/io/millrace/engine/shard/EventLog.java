package io.millrace.engine.shard;

import io.millrace.engine.journal.DamagedRecordException;
import io.millrace.engine.journal.Journal;
import io.millrace.engine.journal.JournalForceException;
import io.millrace.engine.journal.ReadBuffer;
import io.millrace.engine.journal.Space;
import io.millrace.engine.queue.Event;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.ReceivedMessage;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal as the queues know it: events in, each applied as soon as it is appended, and
 * messages out. While the shard runs there is no other way to change a queue but time's.
 *
 * <p>Owned here: the now of the turn, which every record of that turn carries; the buffers that
 * records are written from and read into; which events may use the reserve of the disk (those that
 * free room or come of a receive: they must still fit where sends no longer do); and the way back
 * from a failed force.
 *
 * <p>The {@code commit} methods throw {@link io.millrace.engine.journal.JournalFullException} or
 * {@link io.millrace.engine.journal.JournalBusyException} where the journal has no room; then
 * nothing was appended or applied. Hot: a commit allocates nothing of its own.
 *
 * <p>Threads: the shard's.
 */
final class EventLog {

  private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

  private final Journal journal;
  private final Catalogue catalogue;
  private final Checkpointer checkpointer;
  private final Flusher flusher;
  private final ShardCounters counters;
  private final ShardObserver observer;
  private final int start;

  private final EventCodec codec = new EventCodec();
  private final ReadBuffer readBuffer = new ReadBuffer();
  private long nowMs;

  EventLog(ShardContext context, Checkpointer checkpointer, Flusher flusher, int start) {
    this.journal = context.journal();
    this.catalogue = context.catalogue();
    this.checkpointer = checkpointer;
    this.flusher = flusher;
    this.counters = context.counters();
    this.observer = context.observer();
    this.start = start;
    this.nowMs = catalogue.nowMs();
  }

  /** A turn begins: its now, in ms since the epoch, is never less than that of the turn before. */
  void beginTurn(long atMs) {
    assert atMs >= nowMs : "time went back";
    nowMs = atMs;
    if (journal.needsRewrite()) {
      rewriteTail();
    }
  }

  /** The now of this turn, in ms since the epoch. */
  long nowMs() {
    return nowMs;
  }

  /** Which run of the engine this is, from 1; every record tells. */
  int start() {
    return start;
  }

  /** Everything before it is durable; moves on while the turn goes on. */
  long durablePosition() {
    return journal.durablePosition();
  }

  // --------------------------------------------------------------------------------- committing

  /** The event of a send, and the message itself. */
  void commit(Event.Sent event, OutgoingMessage message, String senderId) {
    commit(event, codec.encode(event, message, senderId, nowMs, start), Space.NORMAL);
  }

  void commit(Event.Received event) {
    commit(event, codec.encode(event, nowMs), Space.RESERVE);
  }

  void commit(Event.Deleted event) {
    commit(event, codec.encode(event, nowMs, start), Space.RESERVE);
  }

  void commit(Event.VisibilityChanged event) {
    commit(event, codec.encode(event, nowMs, start), Space.RESERVE);
  }

  void commit(Event.Purged event) {
    commit(event, codec.encode(event, nowMs, start), Space.RESERVE);
  }

  void commit(Event.QueueCreated event) {
    commit(event, codec.encode(event, nowMs, start), Space.NORMAL);
  }

  void commit(Event.AttributesSet event) {
    commit(event, codec.encode(event, nowMs, start), Space.RESERVE);
  }

  void commit(Event.QueueDeleted event) {
    commit(event, codec.encode(event, nowMs, start), Space.RESERVE);
  }

  /**
   * The event of a move to another queue.
   *
   * @param record the message's, as {@link #record} gave it
   */
  void commit(Event.Moved event, ByteBuffer record) {
    commit(event, codec.encode(event, record, nowMs, start), Space.RESERVE);
  }

  /**
   * The event of carrying a message forward.
   *
   * @param record the message's, as {@link #record} gave it
   * @return bytes of the new record
   */
  int commit(Event.Carried event, ByteBuffer record) {
    ByteBuffer carried = codec.encode(event, record, nowMs, start);
    int bytes = carried.remaining();
    commit(event, carried, Space.NORMAL);
    return bytes;
  }

  private void commit(Event event, ByteBuffer record, Space space) {
    int bytes = record.remaining();
    long startedAt = System.nanoTime();
    long position;
    try {
      position = journal.append(record, space);
    } catch (JournalForceException segmentFailed) {
      rewriteTail();
      position = journal.append(record, space);
    }
    observer.appended(System.nanoTime() - startedAt);
    counters.journalRecords.increment();
    counters.journalBytes.add(bytes);
    if (!catalogue.apply(event, nowMs, position, bytes)) {
      throw new AssertionError("decided for a queue that is not here: " + event);
    }
  }

  // ------------------------------------------------------------------------------------ reading

  /**
   * The record of a message that its queue holds; null when it is damaged, and then the message is
   * given up. Stays as it is until the next one is read.
   */
  @Nullable ByteBuffer record(QueueEntry entry, long number) {
    long position = entry.backlog.position(number);
    try {
      ByteBuffer record = journal.read(position, readBuffer);
      if (EventCodec.carriesMessage(record)
          && EventCodec.idLow(record) == entry.backlog.idLow(number)) {
        return record;
      }
      LOG.error(
          "message {} of {} is lost: its record is another message's",
          number,
          entry.machine.name());
    } catch (DamagedRecordException damaged) {
      LOG.error("message {} of {} is lost: {}", number, entry.machine.name(), damaged.getMessage());
    }
    counters.damaged.increment();
    Event.Lost event = new Event.Lost(entry.machine.queueNumber(), number);
    commit(event, codec.encode(event, nowMs, start), Space.RESERVE);
    return null;
  }

  /**
   * What a receiver sees of the message.
   *
   * @param record the message's, as {@link #record} gave it; read to its end
   * @param firstReceivedAtMs in ms since the epoch
   * @param deadLetterSourceArn of the queue it was moved from, or {@link OutgoingMessage#NONE}
   */
  ReceivedMessage message(
      ByteBuffer record,
      String receiptHandle,
      int receiveCount,
      long firstReceivedAtMs,
      String deadLetterSourceArn) {
    return codec.message(
        record, receiptHandle, receiveCount, firstReceivedAtMs, deadLetterSourceArn);
  }

  // ------------------------------------------------------------------------------------ mending

  /**
   * A force failed: what the page cache shows may not be on the disk. Everything above the durable
   * position is written again elsewhere, and the backlogs learn where.
   */
  private void rewriteTail() {
    LOG.error("a force of the journal failed; rewriting what was not durable yet");
    journal.rewriteTail(
        (oldPosition, newPosition, record) -> {
          if (!EventCodec.carriesMessage(record)) {
            return;
          }
          QueueEntry entry = catalogue.find(EventCodec.queue(record));
          long number = EventCodec.number(record);
          if (entry != null
              && entry.backlog.holds(number)
              && entry.backlog.position(number) == oldPosition) {
            entry.backlog.setPosition(number, newPosition, entry.backlog.recordBytes(number));
          }
        });
    checkpointer.tailRewritten();
    flusher.wake();
  }
}
