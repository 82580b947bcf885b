package io.millrace.engine.shard;

/**
 * One queue's numbers: written by the shard's thread, read by any. Totals count from this run's
 * start.
 */
public final class QueueCounters {

  /** The queue's name. */
  public final String name;

  // As of the shard's last look at the queue, at most a second ago.
  public final Counter visible = new Counter();
  public final Counter inFlight = new Counter();
  public final Counter delayed = new Counter();

  /**
   * When the message that is here longest came into the queue, by a send or a move, in ms since the
   * epoch; 0 when there is none. Waiting, delayed or in flight: CloudWatch's
   * ApproximateAgeOfOldestMessage counts those in flight too. Unlike it, this one does not leave
   * out messages received three times or more, for those are late as well.
   */
  public final Counter oldestArrivedAtMs = new Counter();

  /**
   * The same without the messages that this queue handed out three times or more, as CloudWatch has
   * it: one that no consumer can digest does not hide how late the others are.
   */
  public final Counter oldestOrdinaryArrivedAtMs = new Counter();

  /**
   * When the message of {@link #oldestArrivedAtMs} was first sent. Retention counts from there, in
   * a dead-letter queue too.
   */
  public final Counter oldestSentAtMs = new Counter();

  /**
   * How fast the queue empties, in messages per 1,000 seconds over about the last half minute; 0
   * when it does not.
   */
  public final Counter emptiesPer1000Seconds = new Counter();

  /** How long the queue keeps a message, in seconds. */
  public final Counter retentionSeconds = new Counter();

  public final Counter sent = new Counter();
  public final Counter sentBytes = new Counter();
  public final Counter received = new Counter();
  public final Counter redelivered = new Counter();
  public final Counter expired = new Counter();
  public final Counter movedToDeadLetter = new Counter();
  public final Counter deleted = new Counter();
  public final Counter emptyReceives = new Counter();

  QueueCounters(String name) {
    this.name = name;
  }
}
