package io.millrace.engine.shard;

import io.millrace.engine.journal.JournalBusyException;
import io.millrace.engine.journal.JournalFullException;
import io.millrace.engine.queue.Backlog;
import io.millrace.engine.queue.DeliveryPolicy;
import io.millrace.engine.queue.Event;
import io.millrace.engine.queue.QueueMachine;
import io.millrace.engine.queue.Selection;
import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.QueueArn;
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
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * ReceiveMessage: takes messages for whoever asks, at once or once there are any, and moves those
 * received too often to the dead-letter queue on the way.
 *
 * <p>A receive hands out only messages whose send is durable, and so need not wait for its own
 * record: losing that in a power cut means an early redelivery, never a loss. One that finds
 * nothing may wait: it is looked at again when its queue was {@linkplain #touch touched}, when a
 * lease or delay there ends, when what is there becomes durable, and at last when its wait is over.
 * Whoever waits longest is served first, before a receive that has just come in.
 *
 * <p>Hot. Threads: the shard's.
 */
final class Receiving {

  private final ShardConfig config;
  private final Catalogue catalogue;
  private final EventLog log;
  private final Answers answers;
  private final Refusals refusals;
  private final ReceiptSeal seal;
  private final ShardCounters counters;
  private final ShardObserver observer;
  private final SplittableRandom draws;

  private final LongPolls polls = new LongPolls();
  private final Selection selection = new Selection();
  private boolean awaitsDurable;

  Receiving(
      ShardContext context,
      EventLog log,
      Answers answers,
      Refusals refusals,
      SplittableRandom draws) {
    this.config = context.config();
    this.catalogue = context.catalogue();
    this.log = log;
    this.answers = answers;
    this.refusals = refusals;
    this.seal = context.seal();
    this.counters = context.counters();
    this.observer = context.observer();
    this.draws = draws;
  }

  // -------------------------------------------------------------------------------------- doors

  /** Answers a receive, or lets it wait. */
  void receive(Call call, Request.ReceiveMessage request) {
    QueueEntry entry = catalogue.find(request.queue());
    if (entry == null) {
      answers.whenDurable(call, Answers.QUEUE_MISSING);
      return;
    }
    if (!call.beginServing()) {
      answers.atOnce(call, Reply.MessagesReceived.NONE);
      return; // cancelled before its turn came: it takes nothing
    }
    QueueMachine machine = entry.machine;
    machine.advance(log.nowMs());
    int waitSeconds =
        request.waitSeconds() == Request.QUEUE_DEFAULT
            ? machine.attributes().waitSeconds()
            : request.waitSeconds();
    try {
      // Whoever waits already is served first.
      List<ReceivedMessage> messages =
          polls.firstWaiting(entry) == null ? take(entry, request, waitSeconds > 0) : List.of();
      if (!messages.isEmpty()) {
        answers.atOnce(call, new Reply.MessagesReceived(messages, false));
      } else if (waitSeconds > 0 && call.waitOn()) {
        polls.add(call, entry, waitSeconds, log.nowMs());
      } else if (selection.moves() > 0) {
        // What was found went to the dead-letter queue: say so when it is durable there.
        countEmpty(entry);
        answers.whenDurable(call, Reply.MessagesReceived.NONE);
      } else if (machine.overInFlightLimit()) {
        answers.whenDurable(call, overLimit());
      } else {
        countEmpty(entry);
        answers.atOnce(call, Reply.MessagesReceived.NONE);
      }
    } catch (JournalFullException | JournalBusyException e) {
      answers.whenDurable(call, refusals.unavailable(e.getMessage()));
    }
  }

  /** Something happened to a queue that may let it deliver: its polls are to be looked at. */
  void touch(QueueEntry entry) {
    polls.touch(entry);
  }

  /** Looks at the polls that may be answered now; returns how many were. */
  int servePolls() {
    int served = 0;
    List<QueueEntry> again = List.of();
    for (QueueEntry entry = polls.nextTouched(log.nowMs());
        entry != null;
        entry = polls.nextTouched(log.nowMs())) {
      served += serve(entry);
      if (polls.firstWaiting(entry) != null) {
        polls.setTimer(entry, Math.max(log.nowMs() + 1, entry.machine.nextDeadlineMs()));
        if (entry.machine.visible() > 0 && !entry.machine.overInFlightLimit()) {
          // Something is there but not durable yet: look again when the flusher wakes the shard.
          if (again.isEmpty()) {
            again = new ArrayList<>();
          }
          again.add(entry);
        }
      }
    }
    awaitsDurable = !again.isEmpty();
    for (QueueEntry entry : again) {
      polls.touch(entry);
    }
    return served + giveUp();
  }

  /** Whether a poll waits for a message that is here but not durable yet. */
  boolean awaitsDurable() {
    return awaitsDurable;
  }

  /** When a poll is to be looked at, in ms since the epoch; {@link Long#MAX_VALUE} for never. */
  long nextDeadlineMs() {
    return polls.nextDeadlineMs();
  }

  /** Polls that wait, cancelled ones included until their time is up. */
  int waiting() {
    return polls.waiting();
  }

  /** A queue is gone: whoever waited for it learns so when that is durable. */
  void queueDeleted(QueueEntry entry) {
    for (Call poll : polls.takeAll(entry)) {
      answers.whenDurable(poll, Answers.QUEUE_MISSING);
    }
  }

  /** Takes every poll that waits, whatever its queue. */
  List<Call> takeAll() {
    List<Call> all = new ArrayList<>();
    for (QueueEntry entry : catalogue.queues()) {
      all.addAll(polls.takeAll(entry));
    }
    return all;
  }

  // -------------------------------------------------------------------------------------- polls

  private int serve(QueueEntry entry) {
    entry.machine.advance(log.nowMs());
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
        reply = refusals.unavailable(e.getMessage());
      }
      polls.firstAnswered(entry);
      answers.atOnce(poll, reply);
      served++;
    }
    return served;
  }

  /** Answers the polls whose wait is over. */
  private int giveUp() {
    int answered = 0;
    for (Call poll = polls.nextExpired(log.nowMs());
        poll != null;
        poll = polls.nextExpired(log.nowMs())) {
      QueueEntry entry = catalogue.find(poll.poll().queue());
      if (entry != null && !poll.isWithdrawn()) {
        countEmpty(entry);
      }
      answers.atOnce(poll, Reply.MessagesReceived.NONE_CAME);
      answered++;
    }
    return answered;
  }

  private void countEmpty(QueueEntry entry) {
    counters.emptyReceives.increment();
    entry.counters.emptyReceives.increment();
  }

  private Reply overLimit() {
    return new Reply.Failed(
        new SqsError(
            ErrorCode.OVER_LIMIT,
            "Too many messages are in flight: the limit is "
                + config.limits().inFlightMax()
                + "."));
  }

  // ------------------------------------------------------------------------------------- taking

  /** Takes messages for one receive; none when there is nothing to hand out. */
  private List<ReceivedMessage> take(
      QueueEntry entry, Request.ReceiveMessage request, boolean patient) {
    QueueMachine machine = entry.machine;
    DeliveryPolicy policy = config.delivery().apply(machine.name());
    long draw = policy == DeliveryPolicy.QUEUE_ORDER ? 0 : draws.nextLong();
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
      log.commit(machine.decideReceived(selection, log.start(), request.visibilitySeconds()));
      counters.received.add(messages.size());
      entry.counters.received.add(messages.size());
      return messages;
    }
  }

  private long receivableBelow() {
    return config.durability() == Durability.PROCESS_CRASH ? Long.MAX_VALUE : log.durablePosition();
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
      ByteBuffer record = log.record(entry, number);
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
      observer.firstReceived(Math.max(0, log.nowMs() - dueAtMs));
    }
    ReceiptHandle receipt =
        new ReceiptHandle(entry.machine.queueNumber(), number, log.start(), receiveCount);
    return log.message(
        record,
        seal.seal(receipt),
        receiveCount,
        first == 0 ? log.nowMs() : first,
        sourceArn(backlog.origin(number)));
  }

  private String sourceArn(int origin) {
    QueueName name = origin == 0 ? null : catalogue.nameOf(origin);
    return name == null
        ? OutgoingMessage.NONE
        : new QueueArn(config.region(), config.account(), name).toString();
  }

  // ------------------------------------------------------------------------------- dead letters

  private Optional<QueueEntry> deadLetterQueue(QueueMachine machine) {
    Optional<RedrivePolicy> policy = machine.attributes().redrivePolicy();
    return policy.isEmpty()
        ? Optional.empty()
        : QueueArn.parse(policy.get().deadLetterTargetArn()).map(arn -> catalogue.find(arn.name()));
  }

  private void move(QueueEntry source, long number, QueueEntry target) {
    ByteBuffer record = log.record(source, number);
    if (record == null) {
      return;
    }
    target.machine.advance(log.nowMs());
    Event.Moved event =
        source.machine.decideMove(number, EventCodec.idHigh(record), target.machine);
    log.commit(event, record);
    counters.movedToDeadLetter.increment();
    source.counters.movedToDeadLetter.increment();
    observer.deadLettered(source.counters.name);
    touch(target);
  }
}
