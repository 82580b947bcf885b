package io.millrace.engine.shard;

import io.millrace.engine.journal.Journal;
import io.millrace.engine.journal.JournalBusyException;
import io.millrace.engine.journal.JournalFullException;
import io.millrace.engine.journal.Position;
import io.millrace.engine.queue.Event;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import io.millrace.engine.sqs.SqsError;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The single owner of a set of queues and of the journal behind them.
 *
 * <p>A turn ({@link #doWork}) reads the clock once, takes all requests that came, and hands each to
 * the part that decides it: {@link Receiving}, {@link Settlement}, {@link QueueAdministration}; it
 * decides sends itself. What they decide goes through the {@link EventLog}, which appends and
 * applies it; what they answer goes through {@link Answers}, which keeps it until the journal is
 * durable up to the tail as it was at the decision.
 *
 * <pre>
 *   inbox ──► decide ──► append ──► apply ──► chain of this turn ──► release queue ──► flusher: force ──► replies
 *                                       │
 *                                       └──► touched queues ──► waiting polls
 * </pre>
 *
 * <p>After the requests a turn serves waiting polls, then does one bounded step of each
 * housekeeping: checkpoint, carrying forward, counters.
 *
 * <p>Threads: every method belongs to the thread that turns the shard, except where it says
 * otherwise. Nothing here blocks but the journal's own bounded waits.
 */
public final class Shard {

  private static final long COUNTERS_EVERY_MS = 250;
  private static final String BACKLOG_FULL = "No space left on device for the backlog.";

  private final Durability durability;
  private final Journal journal;
  private final BlockFile blocks;
  private final Catalogue catalogue;
  private final Checkpointer checkpointer;
  private final Flusher flusher;
  private final Inbox inbox;
  private final Replies replies;
  private final ShardCounters counters;
  private final ShardObserver observer;
  private final SplittableRandom ids;

  private final EventLog log;
  private final Answers answers;
  private final Refusals refusals;
  private final Receiving receiving;
  private final Settlement settlement;
  private final QueueAdministration administration;
  private final Carrier carrier;

  private long countersAtMs;
  private long segmentSeen;
  private long checkpointsSeen;
  private long durableSeen;

  /** The calls of this turn that are still to be handled, and the one that is. */
  private @Nullable Call taken;

  private @Nullable Call handling;

  /**
   * @param ids message ids are drawn from it
   * @param start how many times the data was opened, this one included
   */
  Shard(
      ShardContext context,
      Checkpointer checkpointer,
      Flusher flusher,
      Inbox inbox,
      ReleaseQueue releases,
      Replies replies,
      SplittableRandom ids,
      int start) {
    this.durability = context.config().durability();
    this.journal = context.journal();
    this.blocks = context.blocks();
    this.catalogue = context.catalogue();
    this.checkpointer = checkpointer;
    this.flusher = flusher;
    this.inbox = inbox;
    this.replies = replies;
    this.counters = context.counters();
    this.observer = context.observer();
    this.ids = ids;
    log = new EventLog(context, checkpointer, flusher, start);
    answers = new Answers(durability, journal, releases, replies, flusher);
    refusals = new Refusals(counters);
    receiving = new Receiving(context, log, answers, refusals, ids);
    settlement = new Settlement(context, log, receiving, refusals);
    administration = new QueueAdministration(context, log, receiving);
    carrier = new Carrier(context, log, receiving);
  }

  // ------------------------------------------------------------------------------------ turning

  /**
   * One turn.
   *
   * @param atMs now, in ms since the epoch; never less than in the turn before
   * @return how much was done; 0 when the shard may rest until {@link #nextDeadlineMs} or a new
   *     request
   */
  public int doWork(long atMs) {
    log.beginTurn(atMs);
    durableSeen = journal.durablePosition();
    int done = 0;
    taken = inbox.takeAll();
    for (Call call = taken; call != null; call = taken) {
      handling = call;
      taken = call.unlink();
      handle(call);
      done++;
    }
    handling = null;
    done += receiving.servePolls();
    answers.handOver();
    if (checkpointer.step(atMs)) {
      done++;
    }
    if (carrier.step(atMs)) {
      done++;
    }
    if (atMs - countersAtMs >= COUNTERS_EVERY_MS) {
      refreshCounters(atMs);
      forceLeftovers();
    }
    flusher.shardWaits(waitsForDurable());
    return done;
  }

  /** Whether housekeeping is under way that takes more turns, whatever comes in. */
  boolean wantsAnotherTurn() {
    return checkpointer.isCapturing() || carrier.isCarrying();
  }

  /**
   * Whether the shard may rest. Checked after its last turn and before it parks: what it waits for
   * may have become durable in between, before the flusher was told to wake it.
   */
  boolean mayRest() {
    return inbox.isEmpty() && !(waitsForDurable() && journal.durablePosition() != durableSeen);
  }

  private boolean waitsForDurable() {
    return receiving.awaitsDurable() || checkpointer.awaitsDurable();
  }

  /** When the shard must turn again even if nothing comes in, in ms since the epoch. */
  public long nextDeadlineMs() {
    return Math.min(receiving.nextDeadlineMs(), countersAtMs + COUNTERS_EVERY_MS);
  }

  /**
   * Fails everything that waits for an answer: the shard has stopped, what became of it is unknown.
   */
  void failAll(Throwable cause) {
    replies.fail(inbox.takeAll(), cause);
    replies.fail(handling, cause);
    replies.fail(taken, cause);
    answers.failAll(cause);
    for (Call poll : receiving.takeAll()) {
      replies.fail(poll, cause);
    }
  }

  /** Answers every waiting poll empty: the engine is stopping. */
  void stopPolls() {
    for (Call poll : receiving.takeAll()) {
      answers.atOnce(poll, Reply.MessagesReceived.NONE_CAME);
    }
    answers.handOver();
  }

  Checkpointer checkpointer() {
    return checkpointer;
  }

  /** Receives wait for no force, so after the last of them their records may still want one. */
  private void forceLeftovers() {
    if (durability == Durability.POWER_LOSS && journal.durablePosition() < journal.tailPosition()) {
      flusher.requestForce();
    }
  }

  private void refreshCounters(long nowMs) {
    countersAtMs = nowMs;
    long expiredBefore = counters.expired.get();
    for (QueueEntry entry : catalogue.queues()) {
      entry.machine.advance(nowMs);
      entry.refreshCounters(counters, nowMs);
    }
    tellOfHousekeeping(expiredBefore);
    counters.waitingPolls.set(receiving.waiting());
    counters.journalSegments.set(journal.segments().size());
    counters.journalDiskBytes.set(journal.diskBytes());
    counters.journalReservedBytes.set(journal.reservedBytes());
    counters.liveBytes.set(catalogue.live().total());
  }

  /** What comes seldom is looked for here, not noted where it happens. */
  private void tellOfHousekeeping(long expiredBefore) {
    long expired = counters.expired.get() - expiredBefore;
    if (expired > 0) {
      observer.expired(expired);
    }
    long segment = Position.segment(journal.tailPosition());
    if (segment != segmentSeen) {
      segmentSeen = segment;
      observer.rolled(segment);
    }
    long checkpoints = counters.checkpoints.get();
    if (checkpoints != checkpointsSeen) {
      checkpointsSeen = checkpoints;
      observer.checkpointed();
    }
  }

  // ----------------------------------------------------------------------------------- deciding

  private void handle(Call call) {
    Request request = call.request;
    if (request instanceof Request.ReceiveMessage receive) {
      receiving.receive(call, receive);
      return;
    }
    Reply reply;
    try {
      reply = decide(request);
    } catch (JournalFullException | JournalBusyException e) {
      reply = refusals.unavailable(e.getMessage());
    }
    answers.whenDurable(call, reply);
  }

  private Reply decide(Request request) {
    if (request instanceof Request.ListQueues list) {
      return administration.list(list);
    }
    if (request instanceof Request.CreateQueue create) {
      return administration.create(create);
    }
    QueueEntry entry = catalogue.find(((Request.OnQueue) request).queue());
    if (entry == null) {
      return Answers.QUEUE_MISSING;
    }
    entry.machine.advance(log.nowMs());
    if (request instanceof Request.SendMessage send) {
      return send(entry, send);
    }
    if (request instanceof Request.DeleteMessage delete) {
      return settlement.delete(entry, delete);
    }
    if (request instanceof Request.SendMessageBatch batch) {
      return sendBatch(entry, batch);
    }
    if (request instanceof Request.DeleteMessageBatch batch) {
      return settlement.deleteBatch(entry, batch);
    }
    if (request instanceof Request.ChangeMessageVisibility change) {
      return settlement.changeVisibility(entry, change);
    }
    if (request instanceof Request.ChangeMessageVisibilityBatch batch) {
      return settlement.changeVisibilityBatch(entry, batch);
    }
    if (request instanceof Request.GetQueueAttributes) {
      return administration.state(entry);
    }
    if (request instanceof Request.GetQueueUrl) {
      return new Reply.QueueNamed(entry.machine.name());
    }
    if (request instanceof Request.SetQueueAttributes set) {
      return administration.setAttributes(entry, set);
    }
    if (request instanceof Request.PurgeQueue) {
      return administration.purge(entry);
    }
    if (request instanceof Request.DeleteQueue) {
      return administration.deleteQueue(entry);
    }
    throw new AssertionError("no way to decide " + request);
  }

  // ------------------------------------------------------------------------------------ sending

  private Reply send(QueueEntry entry, Request.SendMessage request) {
    if (!blocks.ensureFree(BlockFile.RESERVE_BLOCKS)) {
      return refusals.unavailable(BACKLOG_FULL);
    }
    if (!entry.machine.takes(request.message().sizeBytes())) {
      return new Reply.Failed(
          SqsError.messageTooLong(entry.machine.attributes().messageBytesMax()));
    }
    return new Reply.MessageSent(sendOne(entry, request.message(), request));
  }

  private Reply sendBatch(QueueEntry entry, Request.SendMessageBatch batch) {
    if (!blocks.ensureFree(BlockFile.RESERVE_BLOCKS)) {
      return refusals.unavailable(BACKLOG_FULL);
    }
    List<Reply.Entry> outcomes = new ArrayList<>(batch.entries().size());
    for (Request.SendEntry send : batch.entries()) {
      if (!entry.machine.takes(send.message().sizeBytes())) {
        outcomes.add(
            new Reply.Entry.Refused(
                send.id(),
                SqsError.batchEntryTooLong(entry.machine.attributes().messageBytesMax())));
        continue;
      }
      try {
        outcomes.add(new Reply.Entry.Sent(send.id(), sendOne(entry, send.message(), batch)));
      } catch (JournalFullException | JournalBusyException e) {
        outcomes.add(refusals.entry(outcomes, send.id(), e));
      }
    }
    return new Reply.BatchDone(outcomes);
  }

  private UUID sendOne(QueueEntry entry, OutgoingMessage message, Request request) {
    // Version 4, variant 2, as RFC 9562 has it.
    long idHigh = (ids.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L;
    long idLow = (ids.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    Event.Sent event = entry.machine.decideSend(idHigh, idLow, message.delaySeconds());
    log.commit(event, message, request.caller().principal());
    counters.sent.increment();
    counters.sentBytes.add(message.sizeBytes());
    entry.counters.sent.increment();
    entry.counters.sentBytes.add(message.sizeBytes());
    observer.sent(message.sizeBytes());
    receiving.touch(entry);
    return new UUID(idHigh, idLow);
  }
}
