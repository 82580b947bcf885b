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
  /** Two receives of one message are at least its visibility timeout apart. */
  EXCLUSIVITY("exclusivity", "A received message is hidden for its visibility timeout"),
  /** Every receive of a message but the first has a cause. */
  EXPLAINED_DUPLICATES("explained-duplicates", "Every duplicate is explained"),
  /** A later receive of a message carries a higher count. */
  RECEIVE_COUNT("receive-count", "Receive counts grow"),
  /** No receipt handle is given out twice. */
  HANDLES("handles", "No receipt handle is given out twice"),
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
