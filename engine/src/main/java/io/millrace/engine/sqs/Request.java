package io.millrace.engine.sqs;

import java.util.List;
import java.util.Map;

/**
 * What a caller can ask of a {@link QueueService}, one record an action. A request that exists is
 * well formed: ranges that depend on no queue were checked by whoever built it, and the service
 * asserts them.
 */
public sealed interface Request {

  /** Stands for a number the caller did not give: the queue's own setting applies. */
  int QUEUE_DEFAULT = -1;

  /** Who asks. */
  Caller caller();

  /** A request about one queue. */
  sealed interface OnQueue extends Request {
    QueueName queue();
  }

  /**
   * Makes a queue, or confirms that one with these attributes is there.
   *
   * @param attributes the settings given, raw values checked by {@link QueueAttributes#with}
   */
  record CreateQueue(Caller caller, QueueName queue, Map<QueueAttribute, String> attributes)
      implements OnQueue {}

  record DeleteQueue(Caller caller, QueueName queue) implements OnQueue {}

  record GetQueueUrl(Caller caller, QueueName queue) implements OnQueue {}

  /**
   * Lists queues by name.
   *
   * @param prefix of the names wanted; empty for all
   * @param maxResults 1 to 1,000, or {@link #QUEUE_DEFAULT} for up to 1,000 and no further page
   * @param startAfter the last name of the page before; empty for the first page
   */
  record ListQueues(Caller caller, String prefix, int maxResults, String startAfter)
      implements Request {
    public ListQueues {
      check(
          maxResults == QUEUE_DEFAULT || inRange(maxResults, 1, Limits.LIST_RESULTS_MAX),
          "maxResults");
    }
  }

  record GetQueueAttributes(Caller caller, QueueName queue) implements OnQueue {}

  record SetQueueAttributes(Caller caller, QueueName queue, Map<QueueAttribute, String> attributes)
      implements OnQueue {}

  record PurgeQueue(Caller caller, QueueName queue) implements OnQueue {}

  record SendMessage(Caller caller, QueueName queue, OutgoingMessage message) implements OnQueue {}

  /** Sends up to ten messages, each judged alone; the sum of sizes is within the limits. */
  record SendMessageBatch(Caller caller, QueueName queue, List<SendEntry> entries)
      implements OnQueue {
    public SendMessageBatch {
      check(entries.size() <= Limits.BATCH_ENTRIES_MAX, "entries");
    }
  }

  /**
   * Receives up to ten messages. The poll is cancelled by cancelling its future: a cancelled poll
   * takes nothing.
   *
   * @param maxMessages 1 to 10
   * @param waitSeconds 0 to 20, or {@link #QUEUE_DEFAULT}
   * @param visibilitySeconds 0 to 43,200, or {@link #QUEUE_DEFAULT}
   */
  record ReceiveMessage(
      Caller caller, QueueName queue, int maxMessages, int waitSeconds, int visibilitySeconds)
      implements OnQueue {
    public ReceiveMessage {
      check(inRange(maxMessages, 1, Limits.RECEIVE_MESSAGES_MAX), "maxMessages");
      check(inRange(waitSeconds, QUEUE_DEFAULT, Limits.WAIT_SECONDS_MAX), "waitSeconds");
      check(
          inRange(visibilitySeconds, QUEUE_DEFAULT, Limits.VISIBILITY_SECONDS_MAX),
          "visibilitySeconds");
    }
  }

  record DeleteMessage(Caller caller, QueueName queue, String receiptHandle) implements OnQueue {}

  record DeleteMessageBatch(Caller caller, QueueName queue, List<DeleteEntry> entries)
      implements OnQueue {
    public DeleteMessageBatch {
      check(entries.size() <= Limits.BATCH_ENTRIES_MAX, "entries");
    }
  }

  /**
   * Restarts a message's visibility timeout.
   *
   * @param visibilitySeconds 0 (visible at once) to 43,200, counted from the call
   */
  record ChangeMessageVisibility(
      Caller caller, QueueName queue, String receiptHandle, int visibilitySeconds)
      implements OnQueue {
    public ChangeMessageVisibility {
      check(inRange(visibilitySeconds, 0, Limits.VISIBILITY_SECONDS_MAX), "visibilitySeconds");
    }
  }

  record ChangeMessageVisibilityBatch(Caller caller, QueueName queue, List<VisibilityEntry> entries)
      implements OnQueue {
    public ChangeMessageVisibilityBatch {
      check(entries.size() <= Limits.BATCH_ENTRIES_MAX, "entries");
    }
  }

  /** One message of a batch; the id is the caller's, unique in the batch. */
  record SendEntry(String id, OutgoingMessage message) {}

  record DeleteEntry(String id, String receiptHandle) {}

  record VisibilityEntry(String id, String receiptHandle, int visibilitySeconds) {
    public VisibilityEntry {
      check(inRange(visibilitySeconds, 0, Limits.VISIBILITY_SECONDS_MAX), "visibilitySeconds");
    }
  }

  private static boolean inRange(int value, int min, int max) {
    return value >= min && value <= max;
  }

  private static void check(boolean legal, String parameter) {
    if (!legal) {
      throw new IllegalArgumentException(parameter + " is out of range");
    }
  }
}
