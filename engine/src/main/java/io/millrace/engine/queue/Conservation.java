package io.millrace.engine.queue;

import io.millrace.engine.sqs.QueueName;

/**
 * Where the messages of a queue came from and went to, since it was made. What came in is what is
 * here and what went, after every event.
 */
public final class Conservation {
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

  /** Fails loudly if what came in is not what is here and what went. */
  void check(QueueName queue, long visible, long inFlight, long delayed) {
    long in = sent + movedIn;
    long out = deleted + expired + movedOut + purged + lost;
    if (in != out + visible + inFlight + delayed) {
      throw new AssertionError(
          "messages of "
              + queue
              + " do not add up: in "
              + in
              + ", out "
              + out
              + ", visible "
              + visible
              + ", in flight "
              + inFlight
              + ", delayed "
              + delayed);
    }
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
