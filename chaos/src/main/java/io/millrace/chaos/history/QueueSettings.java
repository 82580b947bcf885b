package io.millrace.chaos.history;

import java.time.Duration;

/**
 * The settings of one queue that decide what is legal.
 *
 * @param visibilityMs the visibility timeout of a receive that names none, 0 to 43,200,000
 * @param delayMs the delay of a send that names none, 0 to 900,000
 * @param waitMs how long a receive that names nothing waits, 0 to 20,000
 * @param retentionMs how long a message is kept, 60,000 to 1,209,600,000
 * @param maxReceiveCount receives before a message is moved to the dead-letter queue; {@link
 *     #NO_DEAD_LETTERS} if it is never moved
 * @param deadLetterQueue the number of the dead-letter queue; {@link #NO_QUEUE} if there is none
 * @param inFlightMax how many messages may be in flight
 */
public record QueueSettings(
    int visibilityMs,
    int delayMs,
    int waitMs,
    long retentionMs,
    int maxReceiveCount,
    int deadLetterQueue,
    int inFlightMax) {

  /** The maximum receive count of a queue without a dead-letter queue. */
  public static final int NO_DEAD_LETTERS = 0;

  /** The number of no queue. */
  public static final int NO_QUEUE = -1;

  /** What a standard queue has if nothing is said (Amazon SQS API reference, 2025). */
  public static final QueueSettings DEFAULTS =
      new QueueSettings(30_000, 0, 0, 345_600_000L, NO_DEAD_LETTERS, NO_QUEUE, 120_000);

  /** Checks the ranges. */
  public QueueSettings {
    if (visibilityMs < 0 || delayMs < 0 || waitMs < 0 || retentionMs < 0 || inFlightMax < 1) {
      throw new IllegalArgumentException("a setting is out of range");
    }
    if ((maxReceiveCount > 0) != (deadLetterQueue >= 0)) {
      throw new IllegalArgumentException(
          "a dead-letter queue " + deadLetterQueue + " after " + maxReceiveCount + " receives");
    }
  }

  /** These with another visibility timeout. */
  public QueueSettings withVisibility(Duration visibility) {
    return new QueueSettings(
        Math.toIntExact(visibility.toMillis()),
        delayMs,
        waitMs,
        retentionMs,
        maxReceiveCount,
        deadLetterQueue,
        inFlightMax);
  }

  /** These with another delay. */
  public QueueSettings withDelay(Duration delay) {
    return new QueueSettings(
        visibilityMs,
        Math.toIntExact(delay.toMillis()),
        waitMs,
        retentionMs,
        maxReceiveCount,
        deadLetterQueue,
        inFlightMax);
  }

  /** These with another retention. */
  public QueueSettings withRetention(Duration retention) {
    return new QueueSettings(
        visibilityMs,
        delayMs,
        waitMs,
        retention.toMillis(),
        maxReceiveCount,
        deadLetterQueue,
        inFlightMax);
  }

  /** These with a dead-letter queue. */
  public QueueSettings withDeadLetters(int queue, int receivesMax) {
    return new QueueSettings(
        visibilityMs, delayMs, waitMs, retentionMs, receivesMax, queue, inFlightMax);
  }

  /** These with another cap on what is in flight. */
  public QueueSettings withInFlightMax(int messages) {
    return new QueueSettings(
        visibilityMs, delayMs, waitMs, retentionMs, maxReceiveCount, deadLetterQueue, messages);
  }

  /** Whether messages are moved to a dead-letter queue. */
  public boolean hasDeadLetters() {
    return maxReceiveCount > 0;
  }
}
