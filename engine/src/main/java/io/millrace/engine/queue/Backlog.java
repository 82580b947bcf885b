package io.millrace.engine.queue;

/**
 * The facts of every live message of one queue, by message number; no bodies. Numbers are dense
 * from 1 in the order of arrival. The machine threads its delivery lists through {@link #next} and
 * {@link #previous}, so the order of a hundred million waiting messages needs no heap.
 *
 * <p>Getters are for numbers that are {@linkplain #holds held}; asking for another is a bug.
 */
public interface Backlog {

  /** No message: the end of a list. Numbers start at 1. */
  long NONE = 0;

  /** Takes in a message; its list links are {@link #NONE} and its receive count is 0. */
  void add(Arrival arrival);

  /** Forgets a message. */
  void remove(long number);

  /** Forgets every message. */
  void clear();

  /** Whether the message is live. */
  boolean holds(long number);

  /**
   * The lowest held number that is at least this one, or {@code limit} when there is none below it.
   *
   * @param limit exclusive
   */
  long nextHeld(long from, long limit);

  /** Where the journal holds the message. */
  long position(long number);

  /**
   * The message's record was rewritten elsewhere, since the old place failed before it was durable.
   */
  void setPosition(long number, long position, int recordBytes);

  /**
   * The message's record was copied elsewhere. The old place was durable and stays until the new
   * one is, so the message needs no second wait: {@link #carried} tells.
   */
  void carry(long number, long position, int recordBytes);

  /** Whether the message was carried: its send is durable wherever it stands. */
  boolean carried(long number);

  /** Bytes of the message's record in the journal. */
  int recordBytes(long number);

  /** When it was first sent, in ms since the epoch; kept when it moves to a dead-letter queue. */
  long sentAtMs(long number);

  /**
   * Whole seconds from its first send to its move into this queue; 0 if it was sent here, or moved
   * within the second.
   */
  int elsewhereSeconds(long number);

  /** When it came into this queue, in ms since the epoch; by less than a second early if moved. */
  default long arrivedAtMs(long number) {
    return sentAtMs(number) + elsewhereSeconds(number) * 1_000L;
  }

  /** The low half of the message id: enough to tell that a record read back is this message's. */
  long idLow(long number);

  /** The number of the queue it was moved from, or 0. */
  int origin(long number);

  /** Seconds of delay it was sent with. */
  int delaySeconds(long number);

  Place place(long number);

  void setPlace(long number, Place place);

  long next(long number);

  void setNext(long number, long other);

  long previous(long number);

  void setPrevious(long number, long other);

  /** How often it was received. */
  int receiveCount(long number);

  /** When it was first received, in ms since the epoch; 0 before. */
  long firstReceivedAtMs(long number);

  /** The run of the engine that made the latest receive; 0 before the first. */
  int lastStart(long number);

  void setReceived(long number, int receiveCount, int start, long firstReceivedAtMs);

  /**
   * A message taken in.
   *
   * @param number the next of its queue
   * @param position of its record in the journal
   * @param recordBytes of that record
   * @param sentAtMs first sent
   * @param elsewhereSeconds whole seconds from then to its move into this queue, 0 if sent here; at
   *     most the longest retention period
   * @param idLow low half of the message id
   * @param origin the queue number it was moved from, or 0
   * @param delaySeconds 0 to 900
   */
  record Arrival(
      long number,
      long position,
      int recordBytes,
      long sentAtMs,
      int elsewhereSeconds,
      long idLow,
      int origin,
      int delaySeconds) {}

  /** Where a live message stands. */
  enum Place {
    /** In the list of messages waiting for their first receive, or sent to the back. */
    FRESH(0),
    /** In the list of messages whose lease ended. */
    RETURNED(1),
    /** In a delay lane. */
    DELAYED(2),
    /** Leased to a receiver. */
    IN_FLIGHT(3);

    private static final Place[] BY_CODE = {FRESH, RETURNED, DELAYED, IN_FLIGHT};

    private final int code;

    Place(int code) {
      this.code = code;
    }

    /** Two bits that stand for the place in a stored slot. */
    public int code() {
      return code;
    }

    /** The place of that code. */
    public static Place ofCode(int code) {
      return BY_CODE[code];
    }
  }
}
