package io.millrace.chaos.check;

/** What a queue with Amazon SQS semantics must keep; each is judged by one {@link Checker}. */
public enum Invariant {
  /** An acknowledged message that nobody deleted is received in the final drain. */
  LOSS("no-loss", "No acknowledged message is lost"),
  /** Every message received was sent, and carries the id its sender was given. */
  PHANTOM("no-phantom", "No message is invented"),
  /** Body and attributes are those that were sent, and the digests are theirs. */
  INTEGRITY("integrity", "No message is corrupted"),
  /** A send that surely failed is never received. */
  FAILED_SEND("failed-send", "A failed send is never received"),
  /** One attempt makes one message at most, whatever its sender learnt of it. */
  INFO_SEND("one-message-per-attempt", "One send attempt makes at most one message"),
  /** Nothing is received after a confirmed delete by its latest, unexpired receipt. */
  ZOMBIE("no-zombie", "No message is received after its confirmed delete"),
  /** A delete by a receipt that is no longer the latest changes nothing. */
  STALE_HANDLE("stale-handle", "A stale receipt deletes nothing"),
  /** Two receives of one message are at least its visibility timeout apart. */
  EXCLUSIVITY("exclusivity", "A received message is hidden for its visibility timeout"),
  /** A message whose lease has ended comes again while somebody polls. */
  REDELIVERY("redelivery", "An undeleted message comes again after its lease"),
  /** A change of visibility moves the end of the lease, within twelve hours in all. */
  CHANGE_VISIBILITY("change-visibility", "A changed visibility timeout is kept to"),
  /** Every receive of a message but the first has a cause. */
  EXPLAINED_DUPLICATES("explained-duplicates", "Every duplicate is explained"),
  /** A later receive of a message carries a higher count. */
  RECEIVE_COUNT("receive-count", "Receive counts grow"),
  /** No receipt handle is given out twice, and none is accepted that was never given out. */
  HANDLES("handles", "No receipt handle is given out twice or forged"),
  /** A message's times never change, and its sent timestamp is when it was sent. */
  STABLE_META("stable-meta", "Timestamps of a message are right and never change"),
  /** A delayed message is not received before its delay, and is to be had after it. */
  DELAY("delay", "A delayed message comes after its delay, not before"),
  /** A message is kept for its retention and not received after it. */
  RETENTION("retention", "A message is kept for its retention and no longer"),
  /** No more messages are in flight than the queue allows, and none is refused below that. */
  IN_FLIGHT_CAP("in-flight-cap", "The cap on messages in flight is kept to"),
  /** A long poll comes back empty only when its time is up and nothing was there all the while. */
  LONG_POLL("long-poll", "A long poll misses nothing and is not cut short"),
  /** Every entry of a batch is answered once; a malformed batch is refused whole. */
  BATCH("batch", "Every entry of a batch is answered once"),
  /** The counts among a queue's attributes are those of its messages. */
  COUNTS("counts", "A queue's counts are those of its messages"),
  /** A message is moved to the dead-letter queue after its last allowed receive, once. */
  DEAD_LETTERS("dead-letters", "Messages move to the dead-letter queue when they must, once"),
  /** What was sent before a purge is gone, what was sent after it is not. */
  PURGE("purge", "A purge removes what was there and nothing else"),
  /** Measured: what each crash cost, by producer and place. */
  CRASH_ATTRIBUTION("crash-attribution", "What each crash cost is known"),
  /** A delete that was confirmed before a crash is still in force after it. */
  DELETE_DURABILITY("delete-durability", "A confirmed delete survives a crash"),
  /** Measured: how far messages come out of the order in which they were sent. */
  ORDER("order", "The order of delivery is measured"),
  /**
   * The run did what it set out to do: messages moved, and every planned fault fired and was felt.
   */
  WORK_DONE("work-done", "The run did its work and its faults fired");

  private final String label;
  private final String sentence;

  Invariant(String label, String sentence) {
    this.label = label;
    this.sentence = sentence;
  }

  /** The invariant's short name in reports. */
  public String label() {
    return label;
  }

  /** The invariant in plain words, without a full stop. */
  public String sentence() {
    return sentence;
  }
}
