package io.millrace.engine.queue;

import io.millrace.engine.queue.Backlog.Place;
import io.millrace.engine.sqs.Limits;
import io.millrace.engine.sqs.ReceiptHandle;
import io.millrace.engine.sqs.SqsError;

/**
 * The messages that were handed out, and what their receipts are good for.
 *
 * <p>Each receive of a message is a generation: the run of the engine that made it and the number
 * of the receive, kept in the backlog from the first receive on. The receipt of the latest one
 * counts, even after its lease has ended; an older one changes nothing. A receipt may be ahead of
 * what is known: the record of its receive was lost in a power cut, the receipt is genuine all the
 * same.
 *
 * <p>Owned here: the leases, the bound on their number, and the place {@link Place#IN_FLIGHT}: a
 * message has a lease exactly while its place says so. Leases end in the order of (end, number).
 */
final class InFlight {

  private static final VisibilityDecision NO_CHANGE = new VisibilityDecision.NoChange();

  private final int queueNumber;
  private final int max;
  private final Backlog backlog;
  private final Leases leases = new Leases();

  // Since this object was made, replay included: no part of the state.
  private long ended;
  private long released;

  /**
   * Nothing in flight.
   *
   * @param max how many messages may be in flight at a time, from 1
   */
  InFlight(int queueNumber, int max, Backlog backlog) {
    this.queueNumber = queueNumber;
    this.max = max;
    this.backlog = backlog;
  }

  // ------------------------------------------------------------------------------------ looking

  int size() {
    return leases.size();
  }

  /** How many of the messages wanted may be taken now. */
  int room(int wanted) {
    return (int) Math.min(wanted, max - (long) leases.size());
  }

  boolean isFull() {
    return leases.size() >= max;
  }

  /** When the first lease ends; {@link Long#MAX_VALUE} when there is none. */
  long firstEndMs() {
    return leases.firstEndMs();
  }

  /** When a message was taken, in ms since the epoch; 0 when it is not in flight. */
  long takenAtMs(long number) {
    return leases.holds(number) ? leases.takenAtMs(number) : 0;
  }

  /** Leases that ended with the message still here. */
  long ended() {
    return ended;
  }

  /** Those of {@link #ended} that a receiver ended itself, by a visibility of zero. */
  long released() {
    return released;
  }

  /** Whether no later receive than the receipt's is known; its message must be held. */
  boolean isLatest(ReceiptHandle receipt) {
    int start = backlog.lastStart(receipt.messageNumber());
    return receipt.startNumber() > start
        || (receipt.startNumber() == start
            && receipt.receiveNumber() >= backlog.receiveCount(receipt.messageNumber()));
  }

  /**
   * What changing visibility by a receipt would do.
   *
   * @param handle the receipt handle's text, quoted in a refusal
   * @param seconds from now to the new end of the lease
   */
  VisibilityDecision decideVisibility(
      ReceiptHandle receipt, String handle, int seconds, long nowMs) {
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

  // ----------------------------------------------------------------------------------- changing

  /** Leases a message that stands nowhere: its next generation. */
  void take(long number, int receiveCount, int start, long atMs, long visibleAtMs) {
    long first = backlog.firstReceivedAtMs(number);
    backlog.setReceived(number, receiveCount, start, first == 0 ? atMs : first);
    backlog.setPlace(number, Place.IN_FLIGHT);
    leases.add(number, atMs, visibleAtMs);
  }

  /** Gives the lease of a message another end, if it has one. */
  void setEnd(long number, long visibleAtMs, long nowMs) {
    if (leases.holds(number)) {
      if (visibleAtMs <= nowMs) {
        released++;
      }
      leases.setEnd(number, visibleAtMs);
    }
  }

  /** Ends the first lease and gives its message, which then stands nowhere; there must be one. */
  long endFirst() {
    long number = leases.firstNumber();
    leases.remove(number);
    ended++;
    return number;
  }

  /** Takes a message out whose lease did not end by time. */
  void remove(long number) {
    leases.remove(number);
  }

  /** Forgets all leases; their messages are forgotten too, or about to be. */
  void clear() {
    leases.clear();
  }

  // ------------------------------------------------------------------------------------- saving

  MachineSnapshot.Leased snapshot() {
    MachineSnapshot.Leased leased = new MachineSnapshot.Leased(leases.size());
    leases.forEach(leased::add);
    return leased;
  }

  void restore(MachineSnapshot.Leased saved) {
    saved.forEach(leases::add);
  }
}
