package io.millrace.chaos.check;

/**
 * What a lab must show to have occurred before its silence means anything: the states in which
 * queues are known to break.
 */
public enum RareState {
  /** The server died with the first record of a new segment just written. */
  CRASH_DURING_ROLL("crash-during-roll"),
  /** The server died while it wrote a checkpoint. */
  CRASH_DURING_CHECKPOINT("crash-during-checkpoint"),
  /** The server died while it recovered from a death before. */
  CRASH_DURING_RECOVERY("crash-during-recovery"),
  /** The server died between two records of one batch. */
  CRASH_DURING_BATCH("crash-during-batch"),
  /** The server died with a move to the dead-letter queue just written. */
  CRASH_DURING_DEAD_LETTER_MOVE("crash-during-dead-letter-move"),
  /** A lease ended while a poll waited, and that poll was given the message. */
  EXPIRY_UNDER_WAITING_POLL("expiry-under-waiting-poll"),
  /** A message was deleted by a receipt after it had been received anew. */
  STALE_DELETE_AFTER_REDELIVERY("stale-delete-after-redelivery"),
  /** A message was deleted by a receipt whose receive a power cut had taken from the journal. */
  RECEIPT_OF_A_LOST_RECEIVE("receipt-of-a-lost-receive"),
  /** A segment was dropped after the messages that still lived in it had been carried forward. */
  SEGMENT_DROPPED_WITH_SURVIVORS("segment-dropped-with-survivors"),
  /** A poll waited at a queue that had as many messages in flight as it may. */
  LONG_POLL_AT_THE_IN_FLIGHT_CAP("long-poll-at-the-in-flight-cap");

  private final String label;

  RareState(String label) {
    this.label = label;
  }

  /** The state's name in files and reports. */
  public String label() {
    return label;
  }
}
