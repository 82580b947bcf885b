package io.millrace.engine.sqs;

import java.util.List;
import java.util.UUID;

/** What a {@link QueueService} answers. */
public sealed interface Reply {

  /** The request had no effect, for this reason. */
  record Failed(SqsError error) implements Reply {}

  /**
   * Done, with nothing to tell: delete, purge, set attributes, change visibility, delete a queue.
   */
  record Done() implements Reply {
    public static final Done DONE = new Done();
  }

  /** The queue exists (CreateQueue, GetQueueUrl); its URL is the endpoint's business. */
  record QueueNamed(QueueName queue) implements Reply {}

  /**
   * One page of queue names in order.
   *
   * @param nextStartAfter where the next page starts; empty when this is the last or paging was not
   *     asked for
   */
  record QueueList(List<QueueName> queues, String nextStartAfter) implements Reply {}

  /**
   * A queue's settings and counts at one moment.
   *
   * @param visible messages a receive could return now
   * @param inFlight received, neither deleted nor expired
   * @param delayed sent, not yet due
   */
  record QueueState(
      QueueName queue,
      QueueAttributes attributes,
      long createdAtMs,
      long modifiedAtMs,
      long visible,
      long inFlight,
      long delayed)
      implements Reply {}

  record MessageSent(UUID messageId) implements Reply {}

  /**
   * Messages of one receive, possibly none.
   *
   * @param waited whether the receive found nothing at first and was held for a message: the time
   *     it took then says how long none came, not how long the work took
   */
  record MessagesReceived(List<ReceivedMessage> messages, boolean waited) implements Reply {

    /** None was there, and the caller did not want to wait. */
    public static final MessagesReceived NONE = new MessagesReceived(List.of(), false);

    /** None came while the receive waited. */
    public static final MessagesReceived NONE_CAME = new MessagesReceived(List.of(), true);
  }

  /** Outcomes of a batch, in the order of its entries. */
  record BatchDone(List<Entry> entries) implements Reply {}

  /** The outcome of one entry. */
  sealed interface Entry {
    String id();

    record Sent(String id, UUID messageId) implements Entry {}

    record Succeeded(String id) implements Entry {}

    record Refused(String id, SqsError error) implements Entry {}
  }
}
