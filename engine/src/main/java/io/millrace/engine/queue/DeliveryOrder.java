package io.millrace.engine.queue;

import static io.millrace.engine.queue.Backlog.NONE;

import io.millrace.engine.queue.Backlog.Place;

/**
 * The visible messages of a queue, and which of them a receive takes first.
 *
 * <pre>
 *   arrived, due, or received too often to go first ──► FRESH ─────┐
 *                                                                  ├── in turn ──► a receive
 *   lease ended, received once or twice ──────────────► RETURNED ──┘
 * </pre>
 *
 * <p>Each receive begins with the list whose turn it is, and every message handed out gives the
 * turn to the other list, so neither starves the other. A message that was received {@value
 * QueueMachine#BACK_OF_QUEUE_RECEIVES} times or more joins the end of the fresh ones (SQS developer
 * guide: such a message goes to the back of the queue).
 *
 * <p>Owned here: both lists, their lengths, the turn, and the places {@link Place#FRESH} and {@link
 * Place#RETURNED}: a message stands in one of the two lists exactly while its place says so. The
 * lists are threaded through the backlog; the heap for them does not grow with their length.
 *
 * <p>Looking never changes anything. Hot: taking the queue's own order allocates nothing.
 */
final class DeliveryOrder {

  private final Backlog backlog;
  private final DeliveryList fresh;
  private final DeliveryList returned;
  private final Walk walk = new Walk();

  private long freshCount;
  private long returnedCount;
  private boolean returnedTurn;

  DeliveryOrder(Backlog backlog) {
    this.backlog = backlog;
    this.fresh = new DeliveryList(backlog);
    this.returned = new DeliveryList(backlog);
  }

  /** Visible messages. */
  long size() {
    return freshCount + returnedCount;
  }

  // ------------------------------------------------------------------------------------ looking

  /**
   * Chooses messages for one receive, in delivery order, until there are {@code room} to deliver or
   * the selection takes no more moves.
   *
   * @param receivesMax a message received as often as this is chosen for the dead-letter queue
   * @param below messages whose record stands at or after this position are passed over, unless
   *     they were carried there
   * @param sentAfterMs messages sent at this time or before are passed over: they have expired
   */
  void choose(Selection selection, int room, int receivesMax, long below, long sentAfterMs) {
    walk.begin(below, sentAfterMs);
    while (selection.size() < room && !selection.movesFull()) {
      long number = walk.next();
      if (number == NONE) {
        return;
      }
      if (backlog.receiveCount(number) >= receivesMax) {
        selection.move(number);
      } else {
        selection.deliver(number);
        walk.passTurn();
      }
    }
  }

  /**
   * The same where a policy decides which messages come first; it is shown those that are first
   * here.
   *
   * @param patient whether the receive would wait for a message
   * @param draw drawn at random for this receive
   */
  void choose(
      Selection selection,
      int room,
      int receivesMax,
      long below,
      long sentAfterMs,
      DeliveryPolicy policy,
      boolean patient,
      long draw) {
    long[] waiting = new long[DeliveryPolicy.WAITING_MAX];
    int count = 0;
    walk.begin(below, sentAfterMs);
    while (count < waiting.length) {
      long number = walk.next();
      if (number == NONE) {
        break;
      }
      waiting[count++] = number;
      walk.passTurn();
    }
    int admitted = count == 0 ? 0 : policy.arrange(waiting, count, patient, draw);
    for (int i = 0; i < admitted && selection.size() < room && !selection.movesFull(); i++) {
      if (backlog.receiveCount(waiting[i]) >= receivesMax) {
        selection.move(waiting[i]);
      } else {
        selection.deliver(waiting[i]);
      }
    }
  }

  /**
   * The first message of a list, if it was sent at this time or before; {@link Backlog#NONE} when
   * neither list begins with such a message.
   */
  long headSentBy(long sentAtMs) {
    if (!fresh.isEmpty() && backlog.sentAtMs(fresh.head()) <= sentAtMs) {
      return fresh.head();
    }
    if (!returned.isEmpty() && backlog.sentAtMs(returned.head()) <= sentAtMs) {
      return returned.head();
    }
    return NONE;
  }

  /** One look along both lists from their heads; reused. */
  private final class Walk {
    private long below;
    private long sentAfterMs;
    private long nextFresh;
    private long nextReturned;
    private boolean returnedFirst;
    private boolean tookReturned;

    private void begin(long belowPosition, long afterMs) {
      below = belowPosition;
      sentAfterMs = afterMs;
      nextFresh = deliverable(fresh.head());
      nextReturned = deliverable(returned.head());
      returnedFirst = returnedTurn;
    }

    /** The next message; {@link Backlog#NONE} after the last. The turn stays where it is. */
    private long next() {
      tookReturned = nextReturned != NONE && (returnedFirst || nextFresh == NONE);
      long number = tookReturned ? nextReturned : nextFresh;
      if (tookReturned) {
        nextReturned = deliverable(backlog.next(number));
      } else if (number != NONE) {
        nextFresh = deliverable(backlog.next(number));
      }
      return number;
    }

    /** The message {@link #next} gave would be handed out: the other list is next. */
    private void passTurn() {
      returnedFirst = !tookReturned;
    }

    /** The first message from this one on that a receive may hand out. */
    private long deliverable(long from) {
      long number = from;
      while (number != NONE && !isDeliverable(number)) {
        number = backlog.next(number);
      }
      return number;
    }

    private boolean isDeliverable(long number) {
      return (backlog.position(number) < below || backlog.carried(number))
          && backlog.sentAtMs(number) > sentAfterMs;
    }
  }

  // ----------------------------------------------------------------------------------- changing

  /** Takes in a message that stands nowhere, behind all fresh ones. */
  void arrive(long number) {
    backlog.setPlace(number, Place.FRESH);
    fresh.append(number);
    freshCount++;
  }

  /** Takes a message back whose lease has ended. */
  void takeBack(long number) {
    if (backlog.receiveCount(number) >= QueueMachine.BACK_OF_QUEUE_RECEIVES) {
      arrive(number);
      return;
    }
    backlog.setPlace(number, Place.RETURNED);
    returned.append(number);
    returnedCount++;
  }

  /**
   * Takes a visible message out.
   *
   * @param place where it stands
   */
  void remove(long number, Place place) {
    if (place == Place.RETURNED) {
      returned.remove(number);
      returnedCount--;
    } else {
      assert place == Place.FRESH : "message " + number + " is " + place;
      fresh.remove(number);
      freshCount--;
    }
  }

  /** A message that stood in that place was handed out: the other list has the turn. */
  void handedOut(Place from) {
    returnedTurn = from != Place.RETURNED;
  }

  /** Forgets all; the messages are forgotten too, or about to be. The turn stays. */
  void clear() {
    fresh.clear();
    returned.clear();
    freshCount = 0;
    returnedCount = 0;
  }

  // ------------------------------------------------------------------------------------- saving

  /** Whether the next receive begins with a returned message. */
  boolean returnedTurn() {
    return returnedTurn;
  }

  MachineSnapshot.Ends freshEnds() {
    return new MachineSnapshot.Ends(fresh.head(), fresh.tail(), freshCount);
  }

  MachineSnapshot.Ends returnedEnds() {
    return new MachineSnapshot.Ends(returned.head(), returned.tail(), returnedCount);
  }

  /** Takes up lists whose links the backlog still holds. */
  void restore(
      MachineSnapshot.Ends savedFresh, MachineSnapshot.Ends savedReturned, boolean savedTurn) {
    fresh.restore(savedFresh.head(), savedFresh.tail());
    freshCount = savedFresh.count();
    returned.restore(savedReturned.head(), savedReturned.tail());
    returnedCount = savedReturned.count();
    returnedTurn = savedTurn;
  }
}
