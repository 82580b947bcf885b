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
 * poll. An answered poll leaves its place in that list empty until the place's turn comes, so that
 * its messages are not kept meanwhile; a cancelled one is passed over.
 *
 * <p>A queue is looked at again only when something happened to it (it was <em>touched</em>) or
 * when its next lease or delay ends (its timer). Threads: the shard's.
 */
final class LongPolls {

  private record Timer(long atMs, QueueEntry entry) {}

  /** A poll's place among those that wait. */
  static final class Place {
    private final long deadlineMs;

    /** Null once it was answered. */
    private @Nullable Call poll;

    private Place(Call poll, long deadlineMs) {
      this.poll = poll;
      this.deadlineMs = deadlineMs;
    }
  }

  /** For each number of seconds asked for, the places that wait so long: each ends in its turn. */
  private final List<ArrayDeque<Place>> byWaitSeconds = new ArrayList<>();

  private final ArrayDeque<QueueEntry> touched = new ArrayDeque<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>((a, b) -> Long.compare(a.atMs, b.atMs));
  private int places;
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
    Place place = new Place(poll, nowMs + waitSeconds * 1_000L);
    byWaitSeconds.get(waitSeconds).add(place);
    entry.polls.add(place);
    places++;
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
    for (Place place = entry.polls.peek(); place != null; place = entry.polls.peek()) {
      Call poll = place.poll;
      if (poll != null && !poll.isWithdrawn()) {
        return poll;
      }
      entry.polls.remove();
    }
    return null;
  }

  /** The poll {@link #firstWaiting} gave has its answer. */
  void firstAnswered(QueueEntry entry) {
    entry.polls.remove().poll = null;
    waiting--;
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

  /** Takes a poll whose wait is over, withdrawn or not; null when there is none. */
  @Nullable Call nextExpired(long nowMs) {
    if (places == 0) {
      return null;
    }
    for (ArrayDeque<Place> lane : byWaitSeconds) {
      for (Place place = lane.peek();
          place != null && (place.poll == null || place.deadlineMs <= nowMs);
          place = lane.peek()) {
        lane.remove();
        places--;
        Call poll = place.poll;
        if (poll != null) {
          place.poll = null;
          waiting--;
          return poll;
        }
      }
    }
    return null;
  }

  /**
   * The next moment at which a poll gives up or a timer goes off; {@link Long#MAX_VALUE} for none.
   */
  long nextDeadlineMs() {
    long next = timers.isEmpty() ? Long.MAX_VALUE : timers.peek().atMs;
    if (places == 0) {
      return next;
    }
    for (ArrayDeque<Place> lane : byWaitSeconds) {
      Place first = lane.peek();
      if (first != null) {
        next = Math.min(next, first.deadlineMs);
      }
    }
    return next;
  }

  /** Takes every waiting poll of a queue that is going away. */
  List<Call> takeAll(QueueEntry entry) {
    List<Call> polls = new ArrayList<>();
    for (Call poll = firstWaiting(entry); poll != null; poll = firstWaiting(entry)) {
      firstAnswered(entry);
      polls.add(poll);
    }
    return polls;
  }
}
