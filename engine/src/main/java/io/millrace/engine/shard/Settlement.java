package io.millrace.engine.shard;

import io.millrace.engine.journal.JournalBusyException;
import io.millrace.engine.journal.JournalFullException;
import io.millrace.engine.queue.Backlog;
import io.millrace.engine.queue.Event;
import io.millrace.engine.queue.VisibilityDecision;
import io.millrace.engine.sqs.Limits;
import io.millrace.engine.sqs.ReceiptHandle;
import io.millrace.engine.sqs.ReceiptSeal;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import io.millrace.engine.sqs.SqsError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a receiver does with a message it holds a receipt of: delete it, or change when it becomes
 * visible again.
 *
 * <p>A receipt is believed only if this engine sealed it, for this queue. The messages of a batch
 * of deletes go in one record, so all of them are gone or none is; each change of visibility is a
 * record of its own.
 *
 * <p>Hot. Threads: the shard's. Queues that are handed in have been advanced to the turn's now.
 */
final class Settlement {

  private final EventLog log;
  private final Receiving receiving;
  private final Refusals refusals;
  private final ReceiptSeal seal;
  private final ShardCounters counters;
  private final ShardObserver observer;

  /** When the messages of the delete that is handled were taken. */
  private final long[] takenAtMs = new long[Limits.BATCH_ENTRIES_MAX];

  Settlement(ShardContext context, EventLog log, Receiving receiving, Refusals refusals) {
    this.log = log;
    this.receiving = receiving;
    this.refusals = refusals;
    this.seal = context.seal();
    this.counters = context.counters();
    this.observer = context.observer();
  }

  Reply delete(QueueEntry entry, Request.DeleteMessage request) {
    ReceiptHandle receipt = open(entry, request.receiptHandle());
    if (receipt == null) {
      return new Reply.Failed(SqsError.invalidReceiptHandle(request.receiptHandle()));
    }
    long number = deletable(entry, receipt);
    if (number != Backlog.NONE) {
      deleteAll(entry, new long[] {number});
    }
    return Reply.Done.DONE;
  }

  Reply deleteBatch(QueueEntry entry, Request.DeleteMessageBatch batch) {
    List<Reply.Entry> outcomes = new ArrayList<>(batch.entries().size());
    long[] numbers = new long[batch.entries().size()];
    int count = 0;
    for (Request.DeleteEntry delete : batch.entries()) {
      ReceiptHandle receipt = open(entry, delete.receiptHandle());
      if (receipt == null) {
        outcomes.add(
            new Reply.Entry.Refused(
                delete.id(), SqsError.invalidReceiptHandle(delete.receiptHandle())));
        continue;
      }
      outcomes.add(new Reply.Entry.Succeeded(delete.id()));
      long number = deletable(entry, receipt);
      if (number != Backlog.NONE && !contains(numbers, count, number)) {
        numbers[count++] = number;
      }
    }
    if (count > 0) {
      deleteAll(entry, Arrays.copyOf(numbers, count));
    }
    return new Reply.BatchDone(outcomes);
  }

  Reply changeVisibility(QueueEntry entry, Request.ChangeMessageVisibility change) {
    return changeVisibility(entry, change.receiptHandle(), change.visibilitySeconds())
        .<Reply>map(Reply.Failed::new)
        .orElse(Reply.Done.DONE);
  }

  Reply changeVisibilityBatch(QueueEntry entry, Request.ChangeMessageVisibilityBatch batch) {
    List<Reply.Entry> outcomes = new ArrayList<>(batch.entries().size());
    for (Request.VisibilityEntry change : batch.entries()) {
      try {
        outcomes.add(
            changeVisibility(entry, change.receiptHandle(), change.visibilitySeconds())
                .<Reply.Entry>map(error -> new Reply.Entry.Refused(change.id(), error))
                .orElseGet(() -> new Reply.Entry.Succeeded(change.id())));
      } catch (JournalFullException | JournalBusyException e) {
        outcomes.add(refusals.entry(outcomes, change.id(), e));
      }
    }
    return new Reply.BatchDone(outcomes);
  }

  private @Nullable ReceiptHandle open(QueueEntry entry, String handle) {
    ReceiptHandle receipt = seal.open(handle);
    return receipt != null && receipt.queueNumber() == entry.machine.queueNumber() ? receipt : null;
  }

  private long deletable(QueueEntry entry, ReceiptHandle receipt) {
    long number = entry.machine.decideDelete(receipt);
    if (number == Backlog.NONE && entry.backlog.holds(receipt.messageNumber())) {
      counters.staleDeletes.increment();
    }
    return number;
  }

  private static boolean contains(long[] numbers, int count, long number) {
    for (int i = 0; i < count; i++) {
      if (numbers[i] == number) {
        return true;
      }
    }
    return false;
  }

  private void deleteAll(QueueEntry entry, long[] numbers) {
    Event.Deleted event = new Event.Deleted(entry.machine.queueNumber(), numbers);
    for (int i = 0; i < numbers.length; i++) {
      takenAtMs[i] = entry.machine.takenAtMs(numbers[i]); // gone once it is applied
    }
    log.commit(event);
    for (int i = 0; i < numbers.length; i++) {
      if (takenAtMs[i] != 0) {
        observer.deletedInFlight(log.nowMs() - takenAtMs[i]);
      }
    }
    counters.deleted.add(numbers.length);
    entry.counters.deleted.add(numbers.length);
    receiving.touch(entry); // a queue at its in-flight cap may deliver again
  }

  /** Changes one message's visibility; the reason when that is refused. */
  private Optional<SqsError> changeVisibility(QueueEntry entry, String handle, int seconds) {
    ReceiptHandle receipt = open(entry, handle);
    if (receipt == null) {
      return Optional.of(SqsError.invalidReceiptHandle(handle));
    }
    VisibilityDecision decision = entry.machine.decideVisibility(receipt, handle, seconds);
    if (decision instanceof VisibilityDecision.Refused refused) {
      return Optional.of(refused.error());
    }
    if (decision instanceof VisibilityDecision.Change change) {
      log.commit(change.event());
      receiving.touch(entry);
    }
    return Optional.empty();
  }
}
