package io.millrace.engine.shard;

import io.millrace.engine.journal.Journal;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.SqsError;

/**
 * The replies of a turn, until they are handed over at its end.
 *
 * <p>Owned here is the rule of <em>no early yes</em>: a reply leaves when the journal's tail at the
 * moment of its decision is durable at the level the shard runs at. That holds for errors and for
 * what changed nothing too, since what they say may rest on records that are not durable yet. Only
 * what rests on durable records alone may be answered {@linkplain #atOnce at once}.
 *
 * <p>Threads: the shard's; the flusher takes over what waits for a force.
 */
final class Answers {

  static final Reply QUEUE_MISSING = new Reply.Failed(SqsError.QUEUE_MISSING);

  /** Waits for nothing: the reply may leave at the end of the turn. */
  private static final long AT_ONCE = Long.MIN_VALUE;

  private final Durability durability;
  private final Journal journal;
  private final ReleaseQueue releases;
  private final Replies replies;
  private final Flusher flusher;

  private final CallChain parked = new CallChain();
  private final CallChain atOnce = new CallChain();

  Answers(
      Durability durability,
      Journal journal,
      ReleaseQueue releases,
      Replies replies,
      Flusher flusher) {
    this.durability = durability;
    this.journal = journal;
    this.releases = releases;
    this.replies = replies;
    this.flusher = flusher;
  }

  /** Answers when everything appended so far is durable. */
  void whenDurable(Call call, Reply reply) {
    if (durability == Durability.PROCESS_CRASH) {
      atOnce(call, reply);
      return;
    }
    call.reply = reply;
    call.releaseAt = journal.tailPosition();
    parked.add(call);
  }

  /** Answers at the end of the turn, whatever is durable then. */
  void atOnce(Call call, Reply reply) {
    call.reply = reply;
    call.releaseAt = AT_ONCE;
    atOnce.add(call);
  }

  /** The turn ends: what waits for nothing leaves, the rest goes to the flusher. */
  void handOver() {
    replies.release(atOnce.takeAll());
    if (!parked.isEmpty()) {
      releases.add(parked);
      flusher.wake();
    }
  }

  /** Fails what was not handed over. */
  void failAll(Throwable cause) {
    replies.fail(parked.takeAll(), cause);
    replies.fail(atOnce.takeAll(), cause);
  }
}
