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
 * <p>Receives take from FRESH and RETURNED in turn, so neither starves the other; a message
 * received {@value #BACK_OF_QUEUE_RECEIVES} times or more joins the end of FRESH (SQS developer
 * guide: such a message goes to the back of the queue).
 */
public final class QueueMachine {

  /** After this many receives a returning message goes to the back of the queue. */
  public static final int BACK_OF_QUEUE_RECEIVES = 3;

  private final int queueNumber;
  private final int inFlightMax;
  private final QueueName name;
  private final long createdAtMs;
  private final Backlog backlog;
  private final DeliveryList fresh;
  private final DeliveryList returned;
  private final DelayLanes delayed;
  private final Leases leases = new Leases();

  private QueueAttributes attributes;
  private long modifiedAtMs;
  private long nowMs;
  private long nextNumber = 1;
  private long oldestNumber = 1;
  private boolean returnedTurn;
  private long purgedAtMs = Long.MIN_VALUE;

  private long freshCount;
  private long returnedCount;
  private final Conservation conservation = new Conservation();

  // Since this object was made, replay included: no part of the state.
  private long leasesEnded;
  private long leasesReleased;

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
    this.inFlightMax = inFlightMax;
    this.name = name;
    this.attributes = attributes;
    this.createdAtMs = createdAtMs;
    this.modifiedAtMs = createdAtMs;
    this.nowMs = createdAtMs;
    this.backlog = backlog;
    this.fresh = new DeliveryList(backlog);
    this.returned = new DeliveryList(backlog);
    this.delayed = new DelayLanes(backlog);
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
    return freshCount + returnedCount;
  }

  public long inFlight() {
    return leases.size();
  }

  public long delayed() {
    return delayed.size();
  }

  /** What came in and what became of it. */
  public Conservation conservation() {
    return conservation;
  }

  /** When the oldest message still here was sent; 0 when the queue is empty. */
  public long oldestSentAtMs() {
    return oldestNumber < nextNumber ? backlog.sentAtMs(oldestNumber) : 0;
  }

  /** Leases that ended with the message still here, since this object was made. */
  public long leasesEnded() {
    return leasesEnded;
  }

  /** Those of {@link #leasesEnded} that a receiver ended itself, by a visibility of zero. */
  public long leasesReleased() {
    return leasesReleased;
  }

  /** When a message in flight was taken, in ms since the epoch; 0 when it is not in flight. */
  public long takenAtMs(long number) {
    return leases.holds(number) ? leases.takenAtMs(number) : 0;
  }

  /**
   * The next moment at which a lease or a delay ends; {@link Long#MAX_VALUE} when nothing is
   * pending.
   */
  public long nextDeadlineMs() {
    return Math.min(leases.firstEndMs(), delayed.nextDueMs());
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
    int receivesMax = receivesMax(redrive);
    int room = (int) Math.min(max, inFlightMax - (long) leases.size());
    long nextFresh = deliverable(fresh.head(), durablePosition);
    long nextReturned = deliverable(returned.head(), durablePosition);
    boolean fromReturned = returnedTurn;
    while (selection.size() < room && !selection.movesFull()) {
      if (nextFresh == NONE && nextReturned == NONE) {
        return;
      }
      boolean takeReturned = nextReturned != NONE && (fromReturned || nextFresh == NONE);
      long number = takeReturned ? nextReturned : nextFresh;
      if (takeReturned) {
        nextReturned = deliverable(backlog.next(number), durablePosition);
      } else {
        nextFresh = deliverable(backlog.next(number), durablePosition);
      }
      if (backlog.receiveCount(number) >= receivesMax) {
        selection.move(number);
      } else {
        selection.deliver(number);
        fromReturned = !takeReturned;
      }
    }
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
    long[] waiting = new long[DeliveryPolicy.WAITING_MAX];
    int count = waiting(waiting, durablePosition);
    int admitted = count == 0 ? 0 : policy.arrange(waiting, count, patient, draw);
    int receivesMax = receivesMax(redrive);
    int room = (int) Math.min(max, inFlightMax - (long) leases.size());
    for (int i = 0; i < admitted && selection.size() < room && !selection.movesFull(); i++) {
      if (backlog.receiveCount(waiting[i]) >= receivesMax) {
        selection.move(waiting[i]);
      } else {
        selection.deliver(waiting[i]);
      }
    }
  }

  /** Fills in the first messages a receive may hand out, in the queue's own order. */
  private int waiting(long[] numbers, long durablePosition) {
    long nextFresh = deliverable(fresh.head(), durablePosition);
    long nextReturned = deliverable(returned.head(), durablePosition);
    boolean fromReturned = returnedTurn;
    int count = 0;
    while (count < numbers.length && (nextFresh != NONE || nextReturned != NONE)) {
      boolean takeReturned = nextReturned != NONE && (fromReturned || nextFresh == NONE);
      if (takeReturned) {
        numbers[count++] = nextReturned;
        nextReturned = deliverable(backlog.next(nextReturned), durablePosition);
      } else {
        numbers[count++] = nextFresh;
        nextFresh = deliverable(backlog.next(nextFresh), durablePosition);
      }
      fromReturned = !takeReturned;
    }
    return count;
  }

  private int receivesMax(boolean redrive) {
    return redrive
        ? attributes
            .redrivePolicy()
            .map(policy -> policy.maxReceiveCount())
            .orElse(Integer.MAX_VALUE)
        : Integer.MAX_VALUE;
  }

  /** The first message from this one on that a receive may hand out. */
  private long deliverable(long from, long durablePosition) {
    long number = from;
    while (number != NONE
        && (!isDurable(number, durablePosition) || retentionEndMs(number) <= nowMs)) {
      number = backlog.next(number);
    }
    return number;
  }

  private boolean isDurable(long number, long durablePosition) {
    return backlog.position(number) < durablePosition || backlog.carried(number);
  }

  /** Whether the queue is at its cap of messages in flight. */
  public boolean overInFlightLimit() {
    return leases.size() >= inFlightMax;
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
    return backlog.holds(number) && isLatest(receipt) ? number : NONE;
  }

  /** What changing visibility by a receipt would do. */
  public sealed interface VisibilityDecision {
    record Change(Event.VisibilityChanged event) implements VisibilityDecision {}

    /** SQS answers success and changes nothing: the receipt is stale, or its lease has ended. */
    record NoChange() implements VisibilityDecision {}

    record Refused(SqsError error) implements VisibilityDecision {}
  }

  private static final VisibilityDecision NO_CHANGE = new VisibilityDecision.NoChange();

  /**
   * Decides a ChangeMessageVisibility.
   *
   * @param handle the receipt handle's text, quoted in a refusal
   */
  public VisibilityDecision decideVisibility(ReceiptHandle receipt, String handle, int seconds) {
    long number = receipt.messageNumber();
    if (!backlog.holds(number)) {
      return new VisibilityDecision.Refused(
          SqsError.invalidParameter(
              handle,
              "ReceiptHandle",
              "Message does not exist or is not available for visibility timeout change."));
    }
    if (backlog.place(number) != Place.IN_FLIGHT || !isLatest(receipt)) {
      return NO_CHANGE;
    }
    long visibleAtMs = nowMs + seconds * 1_000L;
    if (visibleAtMs - leases.takenAtMs(number) > Limits.VISIBILITY_SECONDS_MAX * 1_000L) {
      return new VisibilityDecision.Refused(
          SqsError.invalidParameter(
              Integer.toString(seconds),
              "VisibilityTimeout",
              "Total VisibilityTimeout for the message is beyond the limit ["
                  + Limits.VISIBILITY_SECONDS_MAX
                  + " seconds]"));
    }
    return new VisibilityDecision.Change(
        new Event.VisibilityChanged(queueNumber, number, visibleAtMs));
  }

  /**
   * Whether no later receive than the receipt's is known. A receipt may be ahead of what is known:
   * the record of its receive was lost in a power cut, the receipt is genuine all the same.
   */
  private boolean isLatest(ReceiptHandle receipt) {
    int start = backlog.lastStart(receipt.messageNumber());
    return receipt.startNumber() > start
        || (receipt.startNumber() == start
            && receipt.receiveNumber() >= backlog.receiveCount(receipt.messageNumber()));
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
      long leaseEnd = leases.firstEndMs();
      long due = delayed.nextDueMs();
      if (leaseEnd <= nowMs && leaseEnd <= due) {
        endLease(leases.firstNumber());
      } else if (due <= nowMs) {
        long number = delayed.takeNextDue();
        backlog.setPlace(number, Place.FRESH);
        fresh.append(number);
        freshCount++;
      } else {
        break;
      }
    }
    retire();
  }

  /**
   * Ends what retention has caught up with: from the oldest number on, and at the head of each
   * list.
   */
  private void retire() {
    while (oldestNumber < nextNumber) {
      if (!backlog.holds(oldestNumber)) {
        oldestNumber = backlog.nextHeld(oldestNumber, nextNumber);
      } else if (retentionEndMs(oldestNumber) <= nowMs) {
        expire(oldestNumber);
      } else {
        break;
      }
    }
    while (!fresh.isEmpty() && retentionEndMs(fresh.head()) <= nowMs) {
      expire(fresh.head());
    }
    while (!returned.isEmpty() && retentionEndMs(returned.head()) <= nowMs) {
      expire(returned.head());
    }
  }

  private void expire(long number) {
    conservation.expired++;
    forget(number);
  }

  private long retentionEndMs(long number) {
    return backlog.sentAtMs(number) + attributes.retentionSeconds() * 1_000L;
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
            event.number(), position, recordBytes, atMs, event.idLow(), 0, event.delaySeconds()));
    conservation.sent++;
  }

  private void arrive(Arrival arrival) {
    long number = arrival.number();
    assert number >= nextNumber : "message number " + number + " was given before";
    skipTo(number);
    nextNumber = number + 1;
    backlog.add(arrival);
    if (arrival.delaySeconds() > 0) {
      backlog.setPlace(number, Place.DELAYED);
      delayed.add(number);
    } else {
      backlog.setPlace(number, Place.FRESH);
      fresh.append(number);
      freshCount++;
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
      boolean wasReturned = backlog.place(number) == Place.RETURNED;
      withdraw(number);
      long first = backlog.firstReceivedAtMs(number);
      backlog.setReceived(
          number, event.receiveCounts()[i], event.start(), first == 0 ? atMs : first);
      backlog.setPlace(number, Place.IN_FLIGHT);
      leases.add(number, atMs, event.visibleAtMs());
      returnedTurn = !wasReturned;
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
    if (leases.holds(event.number())) {
      if (event.visibleAtMs() <= atMs) {
        leasesReleased++;
      }
      leases.setEnd(event.number(), event.visibleAtMs());
      advance(atMs);
    }
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
    leases.clear();
    fresh.clear();
    returned.clear();
    delayed.clear();
    freshCount = 0;
    returnedCount = 0;
    backlog.clear();
    oldestNumber = nextNumber;
  }

  /** Ends the lease of a message: it is deliverable again. */
  private void endLease(long number) {
    leases.remove(number);
    leasesEnded++;
    if (backlog.receiveCount(number) >= BACK_OF_QUEUE_RECEIVES) {
      backlog.setPlace(number, Place.FRESH);
      fresh.append(number);
      freshCount++;
    } else {
      backlog.setPlace(number, Place.RETURNED);
      returned.append(number);
      returnedCount++;
    }
  }

  /** Takes a message out of wherever it stands; it stays in the backlog. */
  private void withdraw(long number) {
    switch (backlog.place(number)) {
      case FRESH -> {
        fresh.remove(number);
        freshCount--;
      }
      case RETURNED -> {
        returned.remove(number);
        returnedCount--;
      }
      case DELAYED -> delayed.remove(number);
      case IN_FLIGHT -> leases.remove(number);
    }
  }

  private void forget(long number) {
    withdraw(number);
    backlog.remove(number);
  }

  // ------------------------------------------------------------------------- saving and checking

  /** Everything but the backlog. */
  public MachineSnapshot snapshot() {
    MachineSnapshot.Lanes lanes = new MachineSnapshot.Lanes();
    delayed.forEach(lanes::add);
    MachineSnapshot.Leased leased = new MachineSnapshot.Leased(leases.size());
    leases.forEach(leased::add);
    return new MachineSnapshot(
        createdAtMs,
        modifiedAtMs,
        nowMs,
        purgedAtMs,
        nextNumber,
        oldestNumber,
        returnedTurn,
        new MachineSnapshot.Ends(fresh.head(), fresh.tail(), freshCount),
        new MachineSnapshot.Ends(returned.head(), returned.tail(), returnedCount),
        delayed.size(),
        lanes,
        leased,
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
    machine.returnedTurn = saved.returnedTurn();
    machine.fresh.restore(saved.fresh().head(), saved.fresh().tail());
    machine.freshCount = saved.fresh().count();
    machine.returned.restore(saved.returned().head(), saved.returned().tail());
    machine.returnedCount = saved.returned().count();
    saved.lanes().forEach(machine.delayed::restore);
    machine.delayed.restoreSize(saved.delayedCount());
    saved.leased().forEach(machine.leases::add);
    machine.conservation.set(saved.conservation());
    return machine;
  }

  /** Fails loudly if what came in is not what is here and what went. */
  public void checkConservation() {
    long in = conservation.sent + conservation.movedIn;
    long out =
        conservation.deleted
            + conservation.expired
            + conservation.movedOut
            + conservation.purged
            + conservation.lost;
    if (in != out + visible() + inFlight() + delayed()) {
      throw new AssertionError(
          "messages of "
              + name
              + " do not add up: in "
              + in
              + ", out "
              + out
              + ", visible "
              + visible()
              + ", in flight "
              + inFlight()
              + ", delayed "
              + delayed());
    }
  }

  /** Where the messages of a queue came from and went to, since it was made. */
  public static final class Conservation {
    long sent;
    long movedIn;
    long deleted;
    long expired;
    long movedOut;
    long purged;
    long lost;

    Conservation copy() {
      Conservation copy = new Conservation();
      copy.set(this);
      return copy;
    }

    void set(Conservation other) {
      sent = other.sent;
      movedIn = other.movedIn;
      deleted = other.deleted;
      expired = other.expired;
      movedOut = other.movedOut;
      purged = other.purged;
      lost = other.lost;
    }

    /** The seven counts, in the order of the fields. */
    public long[] toArray() {
      return new long[] {sent, movedIn, deleted, expired, movedOut, purged, lost};
    }

    /** The counts an array of {@link #toArray} stands for. */
    public static Conservation ofArray(long[] counts) {
      Conservation conservation = new Conservation();
      conservation.sent = counts[0];
      conservation.movedIn = counts[1];
      conservation.deleted = counts[2];
      conservation.expired = counts[3];
      conservation.movedOut = counts[4];
      conservation.purged = counts[5];
      conservation.lost = counts[6];
      return conservation;
    }

    public long sent() {
      return sent;
    }

    public long movedIn() {
      return movedIn;
    }

    public long deleted() {
      return deleted;
    }

    public long expired() {
      return expired;
    }

    public long movedOut() {
      return movedOut;
    }

    public long purged() {
      return purged;
    }

    public long lost() {
      return lost;
    }
  }
}
