package io.millrace.engine.queue;

import static io.millrace.engine.queue.Backlog.NONE;

import io.millrace.engine.queue.Backlog.Arrival;
import io.millrace.engine.queue.Backlog.Place;
import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.sqs.Limits;
import io.millrace.engine.sqs.QueueAttributes;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceiptHandle;
import io.millrace.engine.sqs.SqsError;
import java.util.Optional;

/**
 * One standard queue.
 *
 * <p>Two kinds of methods. The {@code decide…} methods look and change nothing: they answer with
 * the event that would carry out a request, or with the reason against. The {@code apply} methods
 * change and never refuse: they replay the event wherever the log is read, and reach the same state
 * each time. Between the two stands the journal.
 *
 * <p>Time is an argument and moves by {@link #advance}. Leases, delays and retention end by
 * comparison with now, in the order of their ends, so that it makes no difference whether a queue
 * was looked at every millisecond or once a day.
 *
 * <pre>
 *            delay 0                      receive                    delete
 *   Sent ───────────────► FRESH ─────────────────────► IN_FLIGHT ─────────────► gone
 *     │                     ▲  ▲                        │  ▲  │
 *     │ delay               │  └── lease ends, received │  │  └─ received too often: Moved
 *     └───► DELAYED ── due ─┘      three times or more ─┤  │
 *                                                       │  │ receive
 *                                       lease ends ─────┴► RETURNED
 *   Retention ends a message in any place.
 * </pre>
 *
 * <p>What is visible stands in a {@link DeliveryOrder}, what is delayed in {@link DelayLanes}, what
 * is leased in {@link InFlight}. The machine owns what concerns them all: time, the numbers that
 * were given, retention, the attributes, and the count of what came and went.
 */
public final class QueueMachine {

  /** After this many receives a returning message goes to the back of the queue. */
  public static final int BACK_OF_QUEUE_RECEIVES = 3;

  private final int queueNumber;
  private final QueueName name;
  private final long createdAtMs;
  private final Backlog backlog;
  private final DeliveryOrder waiting;
  private final DelayLanes delayed;
  private final InFlight inFlight;
  private final Conservation conservation = new Conservation();

  private QueueAttributes attributes;
  private long modifiedAtMs;
  private long nowMs;
  private long nextNumber = 1;
  private long oldestNumber = 1;
  private long purgedAtMs = Long.MIN_VALUE;

  /**
   * A new, empty queue.
   *
   * @param inFlightMax how many of its messages may be in flight at a time, from 1
   */
  public QueueMachine(
      int queueNumber,
      QueueName name,
      QueueAttributes attributes,
      long createdAtMs,
      int inFlightMax,
      Backlog backlog) {
    this.queueNumber = queueNumber;
    this.name = name;
    this.attributes = attributes;
    this.createdAtMs = createdAtMs;
    this.modifiedAtMs = createdAtMs;
    this.nowMs = createdAtMs;
    this.backlog = backlog;
    this.waiting = new DeliveryOrder(backlog);
    this.delayed = new DelayLanes(backlog);
    this.inFlight = new InFlight(queueNumber, inFlightMax, backlog);
  }

  // ------------------------------------------------------------------------------------ reading

  public int queueNumber() {
    return queueNumber;
  }

  public QueueName name() {
    return name;
  }

  public QueueAttributes attributes() {
    return attributes;
  }

  public long createdAtMs() {
    return createdAtMs;
  }

  /** When the attributes were last set, in ms since the epoch. */
  public long modifiedAtMs() {
    return modifiedAtMs;
  }

  /** When the queue was last purged; {@link Long#MIN_VALUE} when never. */
  public long purgedAtMs() {
    return purgedAtMs;
  }

  /** The number the next message gets. */
  public long nextNumber() {
    return nextNumber;
  }

  /** Messages a receive could return, as of the last advance. */
  public long visible() {
    return waiting.size();
  }

  public long inFlight() {
    return inFlight.size();
  }

  public long delayed() {
    return delayed.size();
  }

  /** What came in and what became of it. */
  public Conservation conservation() {
    return conservation;
  }

  /**
   * When the message that is here longest came into this queue, in ms since the epoch; 0 when the
   * queue is empty. Numbers are given in that order, in a dead-letter queue by the moves.
   */
  public long oldestArrivedAtMs() {
    return oldestNumber < nextNumber ? backlog.arrivedAtMs(oldestNumber) : 0;
  }

  /** When the same message was first sent, from which retention counts; 0 when there is none. */
  public long oldestSentAtMs() {
    return oldestNumber < nextNumber ? backlog.sentAtMs(oldestNumber) : 0;
  }

  /** Leases that ended with the message still here, since this object was made. */
  public long leasesEnded() {
    return inFlight.ended();
  }

  /** Those of {@link #leasesEnded} that a receiver ended itself, by a visibility of zero. */
  public long leasesReleased() {
    return inFlight.released();
  }

  /** When a message in flight was taken, in ms since the epoch; 0 when it is not in flight. */
  public long takenAtMs(long number) {
    return inFlight.takenAtMs(number);
  }

  /**
   * The next moment at which a lease or a delay ends; {@link Long#MAX_VALUE} when nothing is
   * pending.
   */
  public long nextDeadlineMs() {
    return Math.min(inFlight.firstEndMs(), delayed.nextDueMs());
  }

  // ----------------------------------------------------------------------------------- deciding

  /**
   * Whether a message of this size may be sent; the answer for a refused one is the caller's to
   * word.
   */
  public boolean takes(int sizeBytes) {
    return sizeBytes <= attributes.messageBytesMax();
  }

  /** The event of sending one message. */
  public Event.Sent decideSend(long idHigh, long idLow, int delaySeconds) {
    int delay = delaySeconds < 0 ? attributes.delaySeconds() : delaySeconds;
    return new Event.Sent(queueNumber, nextNumber, idHigh, idLow, delay);
  }

  /**
   * Chooses the messages of one receive, in delivery order, into {@code selection}. A message that
   * was received as often as the redrive policy allows is chosen for the dead-letter queue instead.
   *
   * @param durablePosition messages whose record stands at or after it are passed over
   * @param redrive whether there is a dead-letter queue to move to
   */
  public void decideReceive(Selection selection, int max, long durablePosition, boolean redrive) {
    waiting.choose(
        selection, inFlight.room(max), receivesMax(redrive), durablePosition, expiredSentAtMs());
  }

  /**
   * The same where another than the queue decides which messages come first.
   *
   * @param policy decides
   * @param patient whether the receive would wait for a message
   * @param draw drawn at random for this receive
   */
  public void decideReceive(
      Selection selection,
      int max,
      long durablePosition,
      boolean redrive,
      DeliveryPolicy policy,
      boolean patient,
      long draw) {
    waiting.choose(
        selection,
        inFlight.room(max),
        receivesMax(redrive),
        durablePosition,
        expiredSentAtMs(),
        policy,
        patient,
        draw);
  }

  private int receivesMax(boolean redrive) {
    return redrive
        ? attributes
            .redrivePolicy()
            .map(policy -> policy.maxReceiveCount())
            .orElse(Integer.MAX_VALUE)
        : Integer.MAX_VALUE;
  }

  /** Whether the queue is at its cap of messages in flight. */
  public boolean overInFlightLimit() {
    return inFlight.isFull();
  }

  /** The event of handing out the chosen messages. */
  public Event.Received decideReceived(Selection selection, int start, int visibilitySeconds) {
    int count = selection.size();
    long[] numbers = new long[count];
    int[] receiveCounts = new int[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = selection.number(i);
      receiveCounts[i] = backlog.receiveCount(numbers[i]) + 1;
    }
    int seconds = visibilitySeconds < 0 ? attributes.visibilitySeconds() : visibilitySeconds;
    return new Event.Received(queueNumber, start, nowMs + seconds * 1_000L, numbers, receiveCounts);
  }

  /**
   * What deleting by a receipt would do: the message to delete, or {@link Backlog#NONE} for
   * nothing.
   */
  public long decideDelete(ReceiptHandle receipt) {
    long number = receipt.messageNumber();
    return backlog.holds(number) && inFlight.isLatest(receipt) ? number : NONE;
  }

  /**
   * Decides a ChangeMessageVisibility.
   *
   * @param handle the receipt handle's text, quoted in a refusal
   */
  public VisibilityDecision decideVisibility(ReceiptHandle receipt, String handle, int seconds) {
    return inFlight.decideVisibility(receipt, handle, seconds, nowMs);
  }

  /**
   * The event of moving one message to a dead-letter queue, as its next number.
   *
   * @param idHigh the high half of the message's id, read from its record
   */
  public Event.Moved decideMove(long number, long idHigh, QueueMachine target) {
    return new Event.Moved(
        queueNumber,
        number,
        target.queueNumber,
        target.nextNumber,
        idHigh,
        backlog.idLow(number),
        backlog.sentAtMs(number),
        backlog.receiveCount(number),
        backlog.firstReceivedAtMs(number));
  }

  /** Why the queue cannot be purged now, if so: one purge a minute. */
  public Optional<SqsError> refusePurge() {
    boolean tooSoon =
        purgedAtMs != Long.MIN_VALUE && nowMs - purgedAtMs < Limits.COOL_DOWN_SECONDS * 1_000L;
    return tooSoon
        ? Optional.of(
            new SqsError(
                ErrorCode.PURGE_QUEUE_IN_PROGRESS,
                "Only one PurgeQueue operation on " + name + " is allowed every 60 seconds."))
        : Optional.empty();
  }

  // ----------------------------------------------------------------------------------- applying

  /**
   * Applies an event of this queue's. A move concerns two queues and has methods of its own, {@link
   * #applyMovedOut} and {@link #applyMovedIn}; a creation is the constructor's.
   *
   * @param atMs the event's now
   * @param position where its record stands
   * @param recordBytes of that record
   */
  public void apply(Event event, long atMs, long position, int recordBytes) {
    if (event instanceof Event.Sent sent) {
      apply(sent, atMs, position, recordBytes);
    } else if (event instanceof Event.Received received) {
      apply(received, atMs);
    } else if (event instanceof Event.Deleted deleted) {
      apply(deleted, atMs);
    } else if (event instanceof Event.VisibilityChanged changed) {
      apply(changed, atMs);
    } else if (event instanceof Event.Carried carried) {
      apply(carried, atMs, position, recordBytes);
    } else if (event instanceof Event.Purged purged) {
      apply(purged, atMs);
    } else if (event instanceof Event.AttributesSet set) {
      apply(set, atMs);
    } else if (event instanceof Event.Lost lost) {
      apply(lost, atMs);
    } else if (event instanceof Event.QueueDeleted gone) {
      apply(gone, atMs);
    } else {
      throw new AssertionError("no way to apply " + event);
    }
  }

  /**
   * Moves time on: leases and delays end in the order of their ends, then retention takes what is
   * too old.
   */
  public void advance(long toMs) {
    assert toMs >= nowMs : "time went back from " + nowMs + " to " + toMs;
    nowMs = toMs;
    while (true) {
      long leaseEnd = inFlight.firstEndMs();
      long due = delayed.nextDueMs();
      if (leaseEnd <= nowMs && leaseEnd <= due) {
        waiting.takeBack(inFlight.endFirst());
      } else if (due <= nowMs) {
        waiting.arrive(delayed.takeNextDue());
      } else {
        break;
      }
    }
    retire();
  }

  /**
   * Ends what retention has caught up with: from the oldest number on, and at the heads of the
   * delivery order, where a dead-letter queue's ages are not those of its numbers.
   */
  private void retire() {
    long expiredSentAtMs = expiredSentAtMs();
    while (oldestNumber < nextNumber) {
      if (!backlog.holds(oldestNumber)) {
        oldestNumber = backlog.nextHeld(oldestNumber, nextNumber);
      } else if (backlog.sentAtMs(oldestNumber) <= expiredSentAtMs) {
        expire(oldestNumber);
      } else {
        break;
      }
    }
    for (long number = waiting.headSentBy(expiredSentAtMs);
        number != NONE;
        number = waiting.headSentBy(expiredSentAtMs)) {
      expire(number);
    }
  }

  private void expire(long number) {
    conservation.expired++;
    forget(number);
  }

  /** Messages sent then or earlier have expired. */
  private long expiredSentAtMs() {
    return nowMs - attributes.retentionSeconds() * 1_000L;
  }

  private void apply(Event.AttributesSet event, long atMs) {
    advance(atMs);
    attributes = event.attributes();
    modifiedAtMs = atMs;
    advance(atMs);
  }

  /**
   * Takes a message in.
   *
   * @param position where its record stands
   * @param recordBytes of that record
   */
  private void apply(Event.Sent event, long atMs, long position, int recordBytes) {
    advance(atMs);
    arrive(
        new Arrival(
            event.number(),
            position,
            recordBytes,
            atMs,
            0,
            event.idLow(),
            0,
            event.delaySeconds()));
    conservation.sent++;
  }

  private void arrive(Arrival arrival) {
    long number = arrival.number();
    assert number >= nextNumber : "message number " + number + " was given before";
    skipTo(number);
    nextNumber = number + 1;
    backlog.add(arrival);
    if (arrival.delaySeconds() > 0) {
      delayed.add(number);
    } else {
      waiting.arrive(number);
    }
  }

  /** The records of the numbers before this one were damaged: they stay unused, and are counted. */
  private void skipTo(long number) {
    long gap = number - nextNumber;
    if (gap > 0) {
      conservation.sent += gap;
      conservation.lost += gap;
      nextNumber = number;
    }
  }

  private void apply(Event.Received event, long atMs) {
    advance(atMs);
    for (int i = 0; i < event.numbers().length; i++) {
      long number = event.numbers()[i];
      if (!backlog.holds(number)) {
        // Its send was damaged: nothing to lease. Whoever received it has a receipt by this number,
        // which must never be another message's.
        skipTo(number + 1);
        continue;
      }
      Place stoodIn = backlog.place(number);
      withdraw(number);
      inFlight.take(number, event.receiveCounts()[i], event.start(), atMs, event.visibleAtMs());
      waiting.handedOut(stoodIn);
    }
    advance(atMs);
  }

  private void apply(Event.Deleted event, long atMs) {
    advance(atMs);
    for (long number : event.numbers()) {
      if (backlog.holds(number)) {
        conservation.deleted++;
        forget(number);
      }
    }
  }

  private void apply(Event.VisibilityChanged event, long atMs) {
    advance(atMs);
    inFlight.setEnd(event.number(), event.visibleAtMs(), atMs);
    advance(atMs);
  }

  private void apply(Event.Purged event, long atMs) {
    assert event.queue() == queueNumber;
    advance(atMs);
    discardAll();
    purgedAtMs = atMs;
  }

  /** The queue goes away, and its messages with it. */
  private void apply(Event.QueueDeleted event, long atMs) {
    assert event.queue() == queueNumber;
    advance(atMs);
    discardAll();
  }

  /** The source's side of a move. */
  public void applyMovedOut(Event.Moved event, long atMs) {
    advance(atMs);
    if (backlog.holds(event.number())) {
      conservation.movedOut++;
      forget(event.number());
    }
  }

  /**
   * The dead-letter queue's side of a move.
   *
   * @param position of the move's record, which carries the message
   * @param recordBytes of that record
   */
  public void applyMovedIn(Event.Moved event, long atMs, long position, int recordBytes) {
    advance(atMs);
    arrive(
        new Arrival(
            event.targetNumber(),
            position,
            recordBytes,
            event.sentAtMs(),
            (int) ((atMs - event.sentAtMs()) / 1_000),
            event.idLow(),
            event.queue(),
            0));
    backlog.setReceived(event.targetNumber(), event.receiveCount(), 0, event.firstReceivedAtMs());
    conservation.movedIn++;
    advance(atMs);
  }

  /** The message's record moved within the journal. */
  private void apply(Event.Carried event, long atMs, long position, int recordBytes) {
    advance(atMs);
    if (backlog.holds(event.number()) && backlog.position(event.number()) == event.fromPosition()) {
      backlog.carry(event.number(), position, recordBytes);
    }
  }

  private void apply(Event.Lost event, long atMs) {
    advance(atMs);
    if (backlog.holds(event.number())) {
      conservation.lost++;
      forget(event.number());
    }
  }

  private void discardAll() {
    conservation.purged += visible() + inFlight() + delayed();
    inFlight.clear();
    waiting.clear();
    delayed.clear();
    backlog.clear();
    oldestNumber = nextNumber;
  }

  /** Takes a message out of wherever it stands; it stays in the backlog. */
  private void withdraw(long number) {
    Place place = backlog.place(number);
    switch (place) {
      case FRESH, RETURNED -> waiting.remove(number, place);
      case DELAYED -> delayed.remove(number);
      case IN_FLIGHT -> inFlight.remove(number);
    }
  }

  private void forget(long number) {
    withdraw(number);
    backlog.remove(number);
  }

  // ------------------------------------------------------------------------- saving and checking

  /** Everything but the backlog. */
  public MachineSnapshot snapshot() {
    return new MachineSnapshot(
        createdAtMs,
        modifiedAtMs,
        nowMs,
        purgedAtMs,
        nextNumber,
        oldestNumber,
        waiting.returnedTurn(),
        waiting.freshEnds(),
        waiting.returnedEnds(),
        delayed.size(),
        delayed.snapshot(),
        inFlight.snapshot(),
        conservation.copy());
  }

  /** A queue as it was, over the backlog as it was. */
  public static QueueMachine restore(
      int queueNumber,
      QueueName name,
      QueueAttributes attributes,
      MachineSnapshot saved,
      int inFlightMax,
      Backlog backlog) {
    QueueMachine machine =
        new QueueMachine(queueNumber, name, attributes, saved.createdAtMs(), inFlightMax, backlog);
    machine.modifiedAtMs = saved.modifiedAtMs();
    machine.nowMs = saved.nowMs();
    machine.purgedAtMs = saved.purgedAtMs();
    machine.nextNumber = saved.nextNumber();
    machine.oldestNumber = saved.oldestNumber();
    machine.waiting.restore(saved.fresh(), saved.returned(), saved.returnedTurn());
    machine.delayed.restore(saved.lanes(), saved.delayedCount());
    machine.inFlight.restore(saved.leased());
    machine.conservation.set(saved.conservation());
    return machine;
  }

  /** Fails loudly if what came in is not what is here and what went. */
  public void checkConservation() {
    conservation.check(name, visible(), inFlight(), delayed());
  }
}
