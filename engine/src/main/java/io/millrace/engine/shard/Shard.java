package io.millrace.engine.shard;

import io.millrace.engine.journal.DamagedRecordException;
import io.millrace.engine.journal.Journal;
import io.millrace.engine.journal.JournalBusyException;
import io.millrace.engine.journal.JournalException;
import io.millrace.engine.journal.JournalForceException;
import io.millrace.engine.journal.JournalFullException;
import io.millrace.engine.journal.Position;
import io.millrace.engine.journal.ReadBuffer;
import io.millrace.engine.journal.Space;
import io.millrace.engine.queue.Backlog;
import io.millrace.engine.queue.DeliveryPolicy;
import io.millrace.engine.queue.Event;
import io.millrace.engine.queue.QueueMachine;
import io.millrace.engine.queue.Selection;
import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.sqs.Limits;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.QueueArn;
import io.millrace.engine.sqs.QueueAttribute;
import io.millrace.engine.sqs.QueueAttributes;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceiptHandle;
import io.millrace.engine.sqs.ReceiptSeal;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.RedrivePolicy;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import io.millrace.engine.sqs.SqsError;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The single owner of a set of queues and of the journal behind them.
 *
 * <p>A turn ({@link #doWork}) reads the clock once, takes all requests that came, and for each:
 * asks the queue to decide, appends the decision to the journal, applies it, and parks the reply
 * until the journal is durable up to the tail as it was at the decision. No-op successes and errors
 * are parked too, since what they say may rest on records that are not durable yet. The exception
 * is ReceiveMessage, which hands out only messages whose send is durable and does not wait for its
 * own record: losing that in a power cut means an early redelivery, never a loss.
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

  private static final Logger LOG = LoggerFactory.getLogger(Shard.class);
  private static final long COUNTERS_EVERY_MS = 250;

  /** Waits for nothing: the reply may leave at the end of the turn. */
  private static final long AT_ONCE = Long.MIN_VALUE;

  private static final String BACKLOG_FULL = "No space left on device for the backlog.";

  private static final Reply QUEUE_MISSING = new Reply.Failed(SqsError.QUEUE_MISSING);

  private final ShardConfig config;
  private final Journal journal;
  private final BlockFile blocks;
  private final Catalogue catalogue;
  private final Checkpointer checkpointer;
  private final Carrier carrier;
  private final Flusher flusher;
  private final Inbox inbox;
  private final ReleaseQueue releases;
  private final Replies replies;
  private final ReceiptSeal seal;
  private final ShardCounters counters;
  private final ShardObserver observer;
  private final SplittableRandom ids;
  private final int start;

  private final EventCodec codec = new EventCodec();
  private final LongPolls polls = new LongPolls();
  private final Selection selection = new Selection();
  private final ReadBuffer readBuffer = new ReadBuffer();

  /** When the messages of the delete that is handled were taken. */
  private final long[] takenAtMs = new long[Limits.BATCH_ENTRIES_MAX];

  private long nowMs;
  private long countersAtMs;
  private long segmentSeen;
  private long checkpointsSeen;
  private long durableSeen;
  private boolean waitsForDurable;

  /** The calls of this turn that are still to be handled, and the one that is. */
  private @Nullable Call taken;

  private @Nullable Call handling;

  /** What this turn decided: replies that wait for the journal, and replies that do not. */
  private final CallChain parked = new CallChain();

  private final CallChain atOnce = new CallChain();

  Shard(
      ShardConfig config,
      Journal journal,
      BlockFile blocks,
      Catalogue catalogue,
      Checkpointer checkpointer,
      Executor background,
      Flusher flusher,
      Inbox inbox,
      ReleaseQueue releases,
      Replies replies,
      ReceiptSeal seal,
      ShardCounters counters,
      ShardObserver observer,
      SplittableRandom ids,
      int start,
      long nowMs) {
    this.config = config;
    this.journal = journal;
    this.blocks = blocks;
    this.catalogue = catalogue;
    this.checkpointer = checkpointer;
    this.flusher = flusher;
    this.inbox = inbox;
    this.releases = releases;
    this.replies = replies;
    this.seal = seal;
    this.counters = counters;
    this.observer = observer;
    this.ids = ids;
    this.start = start;
    this.nowMs = nowMs;
    this.carrier =
        new Carrier(
            journal, catalogue.live(), background, config.carryBytesPerSecond(), this::carry);
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
    assert atMs >= nowMs : "time went back";
    nowMs = atMs;
    if (journal.needsRewrite()) {
      rewriteTail();
    }
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
    done += servePolls();
    handOver();
    if (checkpointer.step(nowMs)) {
      done++;
    }
    if (carrier.step(nowMs)) {
      done++;
    }
    if (nowMs - countersAtMs >= COUNTERS_EVERY_MS) {
      refreshCounters();
      forceLeftovers();
    }
    flusher.shardWaits(waitsForDurable || checkpointer.awaitsDurable());
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
    boolean waits = waitsForDurable || checkpointer.awaitsDurable();
    return inbox.isEmpty() && !(waits && journal.durablePosition() != durableSeen);
  }

  /** When the shard must turn again even if nothing comes in, in ms since the epoch. */
  public long nextDeadlineMs() {
    return Math.min(polls.nextDeadlineMs(), countersAtMs + COUNTERS_EVERY_MS);
  }

  /**
   * Fails everything that waits for an answer: the shard has stopped, what became of it is unknown.
   */
  void failAll(Throwable cause) {
    replies.fail(inbox.takeAll(), cause);
    replies.fail(handling, cause);
    replies.fail(taken, cause);
    replies.fail(parked.takeAll(), cause);
    replies.fail(atOnce.takeAll(), cause);
    for (QueueEntry entry : catalogue.queues()) {
      for (Call poll : polls.takeAll(entry)) {
        replies.fail(poll, cause);
      }
    }
  }

  /** Answers every waiting poll empty: the engine is stopping. */
  void stopPolls() {
    for (QueueEntry entry : catalogue.queues()) {
      for (Call poll : polls.takeAll(entry)) {
        answerAtOnce(poll, Reply.MessagesReceived.NONE_CAME);
      }
    }
    handOver();
  }

  Checkpointer checkpointer() {
    return checkpointer;
  }

  private void handOver() {
    replies.release(atOnce.takeAll());
    if (!parked.isEmpty()) {
      releases.add(parked);
      flusher.wake();
    }
  }

  /** Receives wait for no force, so after the last of them their records may still want one. */
  private void forceLeftovers() {
    if (config.durability() == Durability.POWER_LOSS
        && journal.durablePosition() < journal.tailPosition()) {
      flusher.requestForce();
    }
  }

  private void refreshCounters() {
    countersAtMs = nowMs;
    long expiredBefore = counters.expired.get();
    for (QueueEntry entry : catalogue.queues()) {
      entry.machine.advance(nowMs);
      entry.refreshCounters(counters, nowMs);
    }
    tellOfHousekeeping(expiredBefore);
    counters.waitingPolls.set(polls.waiting());
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

  // ----------------------------------------------------------------------------------- answering

  /** Parks a reply until everything appended so far is durable. */
  private void answer(Call call, Reply reply) {
    if (config.durability() == Durability.PROCESS_CRASH) {
      answerAtOnce(call, reply);
      return;
    }
    call.reply = reply;
    call.releaseAt = journal.tailPosition();
    parked.add(call);
  }

  private void answerAtOnce(Call call, Reply reply) {
    call.reply = reply;
    call.releaseAt = AT_ONCE;
    atOnce.add(call);
  }

  private void handle(Call call) {
    Request request = call.request;
    if (request instanceof Request.ReceiveMessage receive) {
      receive(call, receive);
      return;
    }
    Reply reply;
    try {
      reply = decide(request);
    } catch (JournalFullException | JournalBusyException e) {
      counters.refused.increment();
      reply = unavailable(e.getMessage());
    }
    answer(call, reply);
  }

  private Reply decide(Request request) {
    if (request instanceof Request.ListQueues list) {
      return list(list);
    }
    if (request instanceof Request.CreateQueue create) {
      return create(create);
    }
    QueueEntry entry = catalogue.find(((Request.OnQueue) request).queue());
    if (entry == null) {
      return QUEUE_MISSING;
    }
    entry.machine.advance(nowMs);
    if (request instanceof Request.SendMessage send) {
      return send(entry, send);
    }
    if (request instanceof Request.DeleteMessage delete) {
      return delete(entry, delete);
    }
    if (request instanceof Request.SendMessageBatch batch) {
      return sendBatch(entry, batch);
    }
    if (request instanceof Request.DeleteMessageBatch batch) {
      return deleteBatch(entry, batch);
    }
    if (request instanceof Request.ChangeMessageVisibility change) {
      return changeVisibility(entry, change.receiptHandle(), change.visibilitySeconds())
          .<Reply>map(Reply.Failed::new)
          .orElse(Reply.Done.DONE);
    }
    if (request instanceof Request.ChangeMessageVisibilityBatch batch) {
      return changeVisibilityBatch(entry, batch);
    }
    if (request instanceof Request.GetQueueAttributes) {
      return state(entry);
    }
    if (request instanceof Request.GetQueueUrl) {
      return new Reply.QueueNamed(entry.machine.name());
    }
    if (request instanceof Request.SetQueueAttributes set) {
      return setAttributes(entry, set);
    }
    if (request instanceof Request.PurgeQueue) {
      return purge(entry);
    }
    if (request instanceof Request.DeleteQueue) {
      return deleteQueue(entry);
    }
    throw new AssertionError("no way to decide " + request);
  }

  private static Reply unavailable(@Nullable String why) {
    return new Reply.Failed(
        new SqsError(ErrorCode.SERVICE_UNAVAILABLE, why == null ? "Try again later." : why));
  }

  // ------------------------------------------------------------------------------------ sending

  private Reply send(QueueEntry entry, Request.SendMessage request) {
    if (!blocks.ensureFree(BlockFile.RESERVE_BLOCKS)) {
      counters.refused.increment();
      return unavailable(BACKLOG_FULL);
    }
    if (!entry.machine.takes(request.message().sizeBytes())) {
      return new Reply.Failed(
          SqsError.messageTooLong(entry.machine.attributes().messageBytesMax()));
    }
    return new Reply.MessageSent(sendOne(entry, request.message(), request));
  }

  private Reply sendBatch(QueueEntry entry, Request.SendMessageBatch batch) {
    if (!blocks.ensureFree(BlockFile.RESERVE_BLOCKS)) {
      counters.refused.increment();
      return unavailable(BACKLOG_FULL);
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
        outcomes.add(noRoom(outcomes, send.id(), e));
      }
    }
    return new Reply.BatchDone(outcomes);
  }

  private UUID sendOne(QueueEntry entry, OutgoingMessage message, Request request) {
    // Version 4, variant 2, as RFC 9562 has it.
    long idHigh = (ids.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L;
    long idLow = (ids.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    Event.Sent event = entry.machine.decideSend(idHigh, idLow, message.delaySeconds());
    ByteBuffer record = codec.encode(event, message, request.caller().principal(), nowMs, start);
    commit(event, record, Space.NORMAL);
    counters.sent.increment();
    counters.sentBytes.add(message.sizeBytes());
    entry.counters.sent.increment();
    entry.counters.sentBytes.add(message.sizeBytes());
    observer.sent(message.sizeBytes());
    polls.touch(entry);
    return new UUID(idHigh, idLow);
  }

  // ---------------------------------------------------------------------------------- receiving

  private void receive(Call call, Request.ReceiveMessage request) {
    QueueEntry entry = catalogue.find(request.queue());
    if (entry == null) {
      answer(call, QUEUE_MISSING);
      return;
    }
    if (!call.beginServing()) {
      answerAtOnce(call, Reply.MessagesReceived.NONE);
      return; // cancelled before its turn came: it takes nothing
    }
    QueueMachine machine = entry.machine;
    machine.advance(nowMs);
    int waitSeconds =
        request.waitSeconds() == Request.QUEUE_DEFAULT
            ? machine.attributes().waitSeconds()
            : request.waitSeconds();
    try {
      // Whoever waits already is served first.
      List<ReceivedMessage> messages =
          polls.firstWaiting(entry) == null ? take(entry, request, waitSeconds > 0) : List.of();
      if (!messages.isEmpty()) {
        answerAtOnce(call, new Reply.MessagesReceived(messages, false));
      } else if (waitSeconds > 0 && call.waitOn()) {
        polls.add(call, entry, waitSeconds, nowMs);
      } else if (selection.moves() > 0) {
        // What was found went to the dead-letter queue: say so when it is durable there.
        emptyReceive(entry);
        answer(call, Reply.MessagesReceived.NONE);
      } else if (machine.overInFlightLimit()) {
        answer(
            call,
            new Reply.Failed(
                new SqsError(
                    ErrorCode.OVER_LIMIT,
                    "Too many messages are in flight: the limit is "
                        + config.limits().inFlightMax()
                        + ".")));
      } else {
        emptyReceive(entry);
        answerAtOnce(call, Reply.MessagesReceived.NONE);
      }
    } catch (JournalFullException | JournalBusyException e) {
      counters.refused.increment();
      answer(call, unavailable(e.getMessage()));
    }
  }

  private void emptyReceive(QueueEntry entry) {
    counters.emptyReceives.increment();
    entry.counters.emptyReceives.increment();
  }

  private int servePolls() {
    int served = 0;
    List<QueueEntry> again = List.of();
    for (QueueEntry entry = polls.nextTouched(nowMs);
        entry != null;
        entry = polls.nextTouched(nowMs)) {
      served += serve(entry);
      if (polls.firstWaiting(entry) != null) {
        polls.setTimer(entry, Math.max(nowMs + 1, entry.machine.nextDeadlineMs()));
        if (entry.machine.visible() > 0 && !entry.machine.overInFlightLimit()) {
          // Something is there but not durable yet: look again when the flusher wakes the shard.
          if (again.isEmpty()) {
            again = new ArrayList<>();
          }
          again.add(entry);
        }
      }
    }
    waitsForDurable = !again.isEmpty();
    for (QueueEntry entry : again) {
      polls.touch(entry);
    }
    for (Call poll = polls.nextExpired(nowMs); poll != null; poll = polls.nextExpired(nowMs)) {
      QueueEntry entry = catalogue.find(poll.poll().queue());
      if (entry != null && !poll.isWithdrawn()) {
        emptyReceive(entry);
      }
      answerAtOnce(poll, Reply.MessagesReceived.NONE_CAME);
      served++;
    }
    return served;
  }

  private int serve(QueueEntry entry) {
    entry.machine.advance(nowMs);
    int served = 0;
    for (Call poll = polls.firstWaiting(entry); poll != null; poll = polls.firstWaiting(entry)) {
      if (!poll.beginServing()) {
        continue; // withdrawn since it was looked at
      }
      Reply reply;
      try {
        List<ReceivedMessage> messages = take(entry, poll.poll(), true);
        if (messages.isEmpty() && poll.waitOn()) {
          return served;
        }
        reply = new Reply.MessagesReceived(messages, true);
      } catch (JournalFullException | JournalBusyException e) {
        counters.refused.increment();
        reply = unavailable(e.getMessage());
      }
      polls.firstAnswered(entry);
      answerAtOnce(poll, reply);
      served++;
    }
    return served;
  }

  private long receivableBelow() {
    return config.durability() == Durability.PROCESS_CRASH
        ? Long.MAX_VALUE
        : journal.durablePosition();
  }

  /** Takes messages for one receive; none when there is nothing to hand out. */
  private List<ReceivedMessage> take(
      QueueEntry entry, Request.ReceiveMessage request, boolean patient) {
    QueueMachine machine = entry.machine;
    DeliveryPolicy policy = config.delivery().apply(machine.name());
    long draw = policy == DeliveryPolicy.QUEUE_ORDER ? 0 : ids.nextLong();
    Optional<QueueEntry> deadLetters = deadLetterQueue(machine);
    int moved = 0;
    selection.clear();
    while (true) {
      selection.strikeAll();
      if (policy == DeliveryPolicy.QUEUE_ORDER) {
        machine.decideReceive(
            selection, request.maxMessages(), receivableBelow(), deadLetters.isPresent());
      } else {
        machine.decideReceive(
            selection,
            request.maxMessages(),
            receivableBelow(),
            deadLetters.isPresent(),
            policy,
            patient,
            draw);
      }
      for (int i = moved; i < selection.moves(); i++) {
        move(entry, selection.move(i), deadLetters.orElseThrow());
      }
      boolean movedMore = selection.moves() > moved;
      moved = selection.moves();
      if (selection.size() == 0) {
        if (!movedMore || selection.movesFull()) {
          return List.of();
        }
        continue; // everything found went to the dead-letter queue: look on
      }
      List<ReceivedMessage> messages = read(entry);
      if (messages.isEmpty()) {
        continue; // everything found was damaged: look on
      }
      Event.Received event = machine.decideReceived(selection, start, request.visibilitySeconds());
      commit(event, codec.encode(event, nowMs), Space.RESERVE);
      counters.received.add(messages.size());
      entry.counters.received.add(messages.size());
      return messages;
    }
  }

  /** Reads the selected messages; those that cannot be read are given up and struck out. */
  private List<ReceivedMessage> read(QueueEntry entry) {
    ReceivedMessage first = nextReadable(entry, 0);
    if (first == null) {
      return List.of();
    }
    if (selection.size() == 1) {
      return List.of(first);
    }
    List<ReceivedMessage> messages = new ArrayList<>(selection.size());
    messages.add(first);
    while (messages.size() < selection.size()) {
      ReceivedMessage next = nextReadable(entry, messages.size());
      if (next != null) {
        messages.add(next);
      }
    }
    return messages;
  }

  /** The i-th selected message once those before it that cannot be read are struck out. */
  private @Nullable ReceivedMessage nextReadable(QueueEntry entry, int i) {
    while (i < selection.size()) {
      long number = selection.number(i);
      ByteBuffer record = record(entry, number);
      if (record != null) {
        return received(entry, number, record);
      }
      selection.strike(i);
    }
    return null;
  }

  private ReceivedMessage received(QueueEntry entry, long number, ByteBuffer record) {
    Backlog backlog = entry.backlog;
    int receiveCount = backlog.receiveCount(number) + 1;
    long first = backlog.firstReceivedAtMs(number);
    if (receiveCount > 1) {
      counters.redelivered.increment();
      entry.counters.redelivered.increment();
    } else {
      long dueAtMs = backlog.sentAtMs(number) + backlog.delaySeconds(number) * 1_000L;
      observer.firstReceived(Math.max(0, nowMs - dueAtMs));
    }
    ReceiptHandle receipt =
        new ReceiptHandle(entry.machine.queueNumber(), number, start, receiveCount);
    return codec.message(
        record,
        seal.seal(receipt),
        receiveCount,
        first == 0 ? nowMs : first,
        sourceArn(backlog.origin(number)));
  }

  private String sourceArn(int origin) {
    QueueName name = origin == 0 ? null : catalogue.nameOf(origin);
    return name == null
        ? OutgoingMessage.NONE
        : new QueueArn(config.region(), config.account(), name).toString();
  }

  /** The record of a message, or null when it is damaged; then the message is given up. */
  private @Nullable ByteBuffer record(QueueEntry entry, long number) {
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

  private Optional<QueueEntry> deadLetterQueue(QueueMachine machine) {
    Optional<RedrivePolicy> policy = machine.attributes().redrivePolicy();
    return policy.isEmpty()
        ? Optional.empty()
        : QueueArn.parse(policy.get().deadLetterTargetArn()).map(arn -> catalogue.find(arn.name()));
  }

  private void move(QueueEntry source, long number, QueueEntry target) {
    ByteBuffer record = record(source, number);
    if (record == null) {
      return;
    }
    target.machine.advance(nowMs);
    Event.Moved event =
        source.machine.decideMove(number, EventCodec.idHigh(record), target.machine);
    commit(event, codec.encode(event, record, nowMs, start), Space.RESERVE);
    counters.movedToDeadLetter.increment();
    source.counters.movedToDeadLetter.increment();
    observer.deadLettered(source.counters.name);
    polls.touch(target);
  }

  // ----------------------------------------------------------------------- deleting and changing

  private @Nullable ReceiptHandle open(QueueEntry entry, String handle) {
    ReceiptHandle receipt = seal.open(handle);
    return receipt != null && receipt.queueNumber() == entry.machine.queueNumber() ? receipt : null;
  }

  private Reply delete(QueueEntry entry, Request.DeleteMessage request) {
    ReceiptHandle receipt = open(entry, request.receiptHandle());
    if (receipt == null) {
      return new Reply.Failed(SqsError.invalidReceiptHandle(request.receiptHandle()));
    }
    long number = deletable(entry, receipt);
    if (number != Backlog.NONE) {
      deleteAll(entry, new long[] {number});
    }
    return Reply.Done.DONE;
  }

  private Reply deleteBatch(QueueEntry entry, Request.DeleteMessageBatch batch) {
    List<Reply.Entry> outcomes = new ArrayList<>(batch.entries().size());
    long[] numbers = new long[batch.entries().size()];
    int count = 0;
    for (Request.DeleteEntry delete : batch.entries()) {
      ReceiptHandle receipt = open(entry, delete.receiptHandle());
      if (receipt == null) {
        outcomes.add(
            new Reply.Entry.Refused(
                delete.id(), SqsError.invalidReceiptHandle(delete.receiptHandle())));
        continue;
      }
      outcomes.add(new Reply.Entry.Succeeded(delete.id()));
      long number = deletable(entry, receipt);
      if (number != Backlog.NONE && !contains(numbers, count, number)) {
        numbers[count++] = number;
      }
    }
    if (count > 0) {
      deleteAll(entry, Arrays.copyOf(numbers, count));
    }
    return new Reply.BatchDone(outcomes);
  }

  private static boolean contains(long[] numbers, int count, long number) {
    for (int i = 0; i < count; i++) {
      if (numbers[i] == number) {
        return true;
      }
    }
    return false;
  }

  private long deletable(QueueEntry entry, ReceiptHandle receipt) {
    long number = entry.machine.decideDelete(receipt);
    if (number == Backlog.NONE && entry.backlog.holds(receipt.messageNumber())) {
      counters.staleDeletes.increment();
    }
    return number;
  }

  private void deleteAll(QueueEntry entry, long[] numbers) {
    Event.Deleted event = new Event.Deleted(entry.machine.queueNumber(), numbers);
    for (int i = 0; i < numbers.length; i++) {
      takenAtMs[i] = entry.machine.takenAtMs(numbers[i]); // gone once it is applied
    }
    commit(event, codec.encode(event, nowMs, start), Space.RESERVE);
    for (int i = 0; i < numbers.length; i++) {
      if (takenAtMs[i] != 0) {
        observer.deletedInFlight(nowMs - takenAtMs[i]);
      }
    }
    counters.deleted.add(numbers.length);
    entry.counters.deleted.add(numbers.length);
    polls.touch(entry); // a queue at its in-flight cap may deliver again
  }

  /** Changes one message's visibility; the reason when that is refused. */
  private Optional<SqsError> changeVisibility(QueueEntry entry, String handle, int seconds) {
    ReceiptHandle receipt = open(entry, handle);
    if (receipt == null) {
      return Optional.of(SqsError.invalidReceiptHandle(handle));
    }
    QueueMachine.VisibilityDecision decision =
        entry.machine.decideVisibility(receipt, handle, seconds);
    if (decision instanceof QueueMachine.VisibilityDecision.Refused refused) {
      return Optional.of(refused.error());
    }
    if (decision instanceof QueueMachine.VisibilityDecision.Change change) {
      commit(change.event(), codec.encode(change.event(), nowMs, start), Space.RESERVE);
      polls.touch(entry);
    }
    return Optional.empty();
  }

  private Reply changeVisibilityBatch(
      QueueEntry entry, Request.ChangeMessageVisibilityBatch batch) {
    List<Reply.Entry> outcomes = new ArrayList<>(batch.entries().size());
    for (Request.VisibilityEntry change : batch.entries()) {
      try {
        outcomes.add(
            changeVisibility(entry, change.receiptHandle(), change.visibilitySeconds())
                .<Reply.Entry>map(error -> new Reply.Entry.Refused(change.id(), error))
                .orElseGet(() -> new Reply.Entry.Succeeded(change.id())));
      } catch (JournalFullException | JournalBusyException e) {
        outcomes.add(noRoom(outcomes, change.id(), e));
      }
    }
    return new Reply.BatchDone(outcomes);
  }

  /**
   * The outcome of an entry for which the journal had no room. What was done before it is done, so
   * only a batch of which nothing is done yet may be refused as a whole.
   */
  private Reply.Entry noRoom(List<Reply.Entry> before, String id, JournalException noRoom) {
    if (before.isEmpty()) {
      throw noRoom;
    }
    counters.refused.increment();
    return new Reply.Entry.Refused(
        id, new SqsError(ErrorCode.SERVICE_UNAVAILABLE, String.valueOf(noRoom.getMessage())));
  }

  private Reply purge(QueueEntry entry) {
    Optional<SqsError> refusal = entry.machine.refusePurge();
    if (refusal.isPresent()) {
      return new Reply.Failed(refusal.get());
    }
    long before = entry.machine.conservation().purged();
    Event.Purged event = new Event.Purged(entry.machine.queueNumber());
    commit(event, codec.encode(event, nowMs, start), Space.RESERVE);
    counters.purged.add(entry.machine.conservation().purged() - before);
    return Reply.Done.DONE;
  }

  // ------------------------------------------------------------------------------------- queues

  private Reply create(Request.CreateQueue request) {
    QueueName name = request.queue();
    QueueAttributes.Change change =
        QueueAttributes.defaults(config.limits()).with(request.attributes(), config.limits());
    if (change instanceof QueueAttributes.Change.Rejected rejected) {
      return new Reply.Failed(rejected.error());
    }
    QueueAttributes wanted = ((QueueAttributes.Change.Accepted) change).attributes();
    QueueEntry entry = catalogue.find(name);
    if (entry != null) {
      return entry
          .machine
          .attributes()
          .firstDifference(wanted, request.attributes().keySet())
          .<Reply>map(Shard::mismatch)
          .orElseGet(() -> new Reply.QueueNamed(name));
    }
    if (catalogue.deletedRecently(name, nowMs)) {
      return new Reply.Failed(
          new SqsError(
              ErrorCode.QUEUE_DELETED_RECENTLY,
              "You must wait 60 seconds after deleting a queue before you can create another with the same name."));
    }
    Optional<SqsError> refusal = refuseRedrive(wanted);
    if (refusal.isPresent()) {
      return new Reply.Failed(refusal.get());
    }
    Event.QueueCreated event = new Event.QueueCreated(catalogue.nextQueueNumber(), name, wanted);
    commit(event, codec.encode(event, nowMs, start), Space.NORMAL);
    return new Reply.QueueNamed(name);
  }

  private static Reply mismatch(QueueAttribute attribute) {
    return new Reply.Failed(
        new SqsError(
            ErrorCode.QUEUE_NAME_EXISTS,
            "A queue already exists with the same name and a different value for attribute "
                + attribute.wireName()));
  }

  private Optional<SqsError> refuseRedrive(QueueAttributes attributes) {
    if (attributes.redrivePolicy().isEmpty()) {
      return Optional.empty();
    }
    RedrivePolicy policy = attributes.redrivePolicy().get();
    boolean exists =
        QueueArn.parse(policy.deadLetterTargetArn())
            .filter(arn -> arn.region().equals(config.region()))
            .filter(arn -> arn.account().equals(config.account()))
            .map(arn -> catalogue.find(arn.name()))
            .isPresent();
    return exists
        ? Optional.empty()
        : Optional.of(
            SqsError.invalidParameter(
                policy.toJson(), "RedrivePolicy", "Dead letter target does not exist."));
  }

  private Reply setAttributes(QueueEntry entry, Request.SetQueueAttributes request) {
    QueueAttributes.Change change =
        entry.machine.attributes().with(request.attributes(), config.limits());
    if (change instanceof QueueAttributes.Change.Rejected rejected) {
      return new Reply.Failed(rejected.error());
    }
    QueueAttributes wanted = ((QueueAttributes.Change.Accepted) change).attributes();
    if (request.attributes().containsKey(QueueAttribute.REDRIVE_POLICY)) {
      Optional<SqsError> refusal = refuseRedrive(wanted);
      if (refusal.isPresent()) {
        return new Reply.Failed(refusal.get());
      }
    }
    Event.AttributesSet event = new Event.AttributesSet(entry.machine.queueNumber(), wanted);
    commit(event, codec.encode(event, nowMs, start), Space.RESERVE);
    polls.touch(entry);
    return Reply.Done.DONE;
  }

  private Reply deleteQueue(QueueEntry entry) {
    Event.QueueDeleted event = new Event.QueueDeleted(entry.machine.queueNumber());
    commit(event, codec.encode(event, nowMs, start), Space.RESERVE);
    for (Call poll : polls.takeAll(entry)) {
      answer(poll, QUEUE_MISSING);
    }
    return Reply.Done.DONE;
  }

  private Reply state(QueueEntry entry) {
    QueueMachine machine = entry.machine;
    return new Reply.QueueState(
        machine.name(),
        machine.attributes(),
        machine.createdAtMs(),
        machine.modifiedAtMs(),
        machine.visible(),
        machine.inFlight(),
        machine.delayed());
  }

  private Reply list(Request.ListQueues request) {
    boolean paged = request.maxResults() != Request.QUEUE_DEFAULT;
    int max = paged ? request.maxResults() : Limits.LIST_RESULTS_MAX;
    List<QueueName> names = new ArrayList<>();
    for (QueueEntry entry : catalogue.queuesAfter(request.startAfter())) {
      QueueName name = entry.machine.name();
      if (!name.value().startsWith(request.prefix())) {
        continue;
      }
      if (names.size() == max) {
        return new Reply.QueueList(names, paged ? names.get(max - 1).value() : "");
      }
      names.add(name);
    }
    return new Reply.QueueList(names, "");
  }

  // -------------------------------------------------------------------------------- the one way in

  /** Appends a decision and applies it: the only way state changes while the shard runs. */
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

  /** Writes a live message of a sparse segment again; returns the bytes it took. */
  private int carry(int queue, long number, long position) {
    QueueEntry entry = catalogue.find(queue);
    if (entry == null
        || !entry.backlog.holds(number)
        || entry.backlog.position(number) != position) {
      return 0;
    }
    if (position >= journal.durablePosition()) {
      return 0; // a failed force would move it; it is carried when the segment is looked at again
    }
    try {
      ByteBuffer record = record(entry, number);
      if (record == null) {
        return 0;
      }
      Event.Carried event = new Event.Carried(queue, number, position);
      ByteBuffer carried = codec.encode(event, record, nowMs, start);
      int bytes = carried.remaining();
      commit(event, carried, Space.NORMAL);
      counters.carriedForward.increment();
      polls.touch(entry);
      return bytes;
    } catch (JournalFullException | JournalBusyException full) {
      return entry.backlog.recordBytes(number); // it stays where it is, and is looked at again
    }
  }

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
