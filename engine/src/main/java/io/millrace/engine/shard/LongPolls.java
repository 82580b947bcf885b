package io.millrace.engine.shard;

import io.millrace.engine.sqs.Limits;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Receives that wait for a message: who waits for which queue, and until when.
 *
 * <p>Waits are whole seconds from 1 to 20, so polls of equal wait give up in the order they came:
 * one plain list for each length of wait, {@value Limits#WAIT_SECONDS_MAX} in all, and no timer per
 * poll. An answered or cancelled poll is passed over when its turn comes; its payload left with the
 * answer.
 *
 * <p>A queue is looked at again only when something happened to it (it was <em>touched</em>) or
 * when its next lease or delay ends (its timer). Threads: the shard's.
 */
final class LongPolls {

  private record Timer(long atMs, QueueEntry entry) {}

  private final List<ArrayDeque<Call>> byWaitSeconds = new ArrayList<>();
  private final ArrayDeque<QueueEntry> touched = new ArrayDeque<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>((a, b) -> Long.compare(a.atMs, b.atMs));
  private int waiting;

  LongPolls() {
    for (int seconds = 0; seconds <= Limits.WAIT_SECONDS_MAX; seconds++) {
      byWaitSeconds.add(new ArrayDeque<>(0));
    }
  }

  /** Polls that wait, cancelled ones included until their time is up. */
  int waiting() {
    return waiting;
  }

  /** Puts a poll to sleep until its queue has something or the wait is over. */
  void add(Call poll, QueueEntry entry, int waitSeconds, long nowMs) {
    poll.deadlineMs = nowMs + waitSeconds * 1_000L;
    byWaitSeconds.get(waitSeconds).add(poll);
    entry.polls.add(poll);
    waiting++;
    touch(entry);
  }

  /** Something happened to a queue: its polls, if any, are to be looked at. */
  void touch(QueueEntry entry) {
    if (!entry.touched && !entry.polls.isEmpty()) {
      entry.touched = true;
      touched.add(entry);
    }
  }

  /** The longest waiting poll of a queue that still wants an answer; null when none does. */
  @Nullable Call firstWaiting(QueueEntry entry) {
    Call poll = entry.polls.peek();
    while (poll != null && (poll.reply != null || poll.isDone())) {
      entry.polls.remove();
      poll = entry.polls.peek();
    }
    return poll;
  }

  /** Takes the queues whose polls are to be looked at, timers that went off included. */
  @Nullable QueueEntry nextTouched(long nowMs) {
    for (Timer timer = timers.peek(); timer != null && timer.atMs <= nowMs; timer = timers.peek()) {
      timers.remove();
      if (timer.entry.timerAtMs == timer.atMs) {
        timer.entry.timerAtMs = Long.MAX_VALUE;
      }
      touch(timer.entry);
    }
    QueueEntry entry = touched.poll();
    if (entry != null) {
      entry.touched = false;
    }
    return entry;
  }

  /** Looks at a queue again when its next lease or delay ends. */
  void setTimer(QueueEntry entry, long atMs) {
    if (atMs < entry.timerAtMs) {
      entry.timerAtMs = atMs;
      timers.add(new Timer(atMs, entry));
    }
  }

  /** The poll that answers no more: it was answered, or its wait is over. */
  @Nullable Call nextExpired(long nowMs) {
    for (ArrayDeque<Call> lane : byWaitSeconds) {
      Call poll = lane.peek();
      while (poll != null && (poll.reply != null || poll.isDone() || poll.deadlineMs <= nowMs)) {
        lane.remove();
        waiting--;
        if (poll.reply == null && !poll.isDone()) {
          return poll;
        }
        poll = lane.peek();
      }
    }
    return null;
  }

  /**
   * The next moment at which a poll gives up or a timer goes off; {@link Long#MAX_VALUE} for none.
   */
  long nextDeadlineMs() {
    long next = timers.isEmpty() ? Long.MAX_VALUE : timers.peek().atMs;
    for (ArrayDeque<Call> lane : byWaitSeconds) {
      Call poll = lane.peek();
      if (poll != null) {
        next = Math.min(next, poll.deadlineMs);
      }
    }
    return next;
  }

  /** Takes every waiting poll of a queue that is going away. */
  List<Call> takeAll(QueueEntry entry) {
    List<Call> polls = new ArrayList<>();
    for (Call poll = firstWaiting(entry); poll != null; poll = firstWaiting(entry)) {
      entry.polls.remove();
      polls.add(poll);
    }
    return polls;
  }
}
