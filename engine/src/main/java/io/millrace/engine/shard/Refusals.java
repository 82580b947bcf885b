package io.millrace.engine.shard;

import io.millrace.engine.journal.JournalException;
import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.SqsError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a request is told for which there is no room, now or on the disk; each is counted. */
final class Refusals {

  private final ShardCounters counters;

  Refusals(ShardCounters counters) {
    this.counters = counters;
  }

  /** The answer to a request of which nothing was done. */
  Reply unavailable(@Nullable String why) {
    return new Reply.Failed(error(why));
  }

  /**
   * The outcome of a batch's entry for which the journal had no room. What was done before it is
   * done, so only a batch of which nothing is done yet may be refused as a whole.
   *
   * @param before the outcomes of the entries before it
   * @throws JournalException {@code noRoom} itself, when there are none
   */
  Reply.Entry entry(List<Reply.Entry> before, String id, JournalException noRoom) {
    if (before.isEmpty()) {
      throw noRoom;
    }
    return new Reply.Entry.Refused(id, error(noRoom.getMessage()));
  }

  private SqsError error(@Nullable String why) {
    counters.refused.increment();
    return new SqsError(ErrorCode.SERVICE_UNAVAILABLE, why == null ? "Try again later." : why);
  }
}
