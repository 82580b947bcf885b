package io.millrace.engine.queue;

import static io.millrace.engine.queue.Backlog.NONE;

import io.millrace.engine.queue.Backlog.Place;
import io.millrace.engine.sqs.Limits;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Delayed messages: one lane for each delay in use. Messages of equal delay come due in the order
 * they were sent, so a lane is a plain list, and the next due message of all is the least of at
 * most {@value #LANES_MAX} lane heads. Five million delayed messages cost the heap no more than a
 * few lanes.
 *
 * <p>Owned here: the place {@link Place#DELAYED}; a message stands in a lane exactly while its
 * place says so.
 */
final class DelayLanes {

  /** Delays are whole seconds from 0 to {@link Limits#DELAY_SECONDS_MAX}. */
  static final int LANES_MAX = Limits.DELAY_SECONDS_MAX + 1;

  private final Backlog backlog;
  private @Nullable Lane[] lanes = {};

  /** Lanes that are not empty, the one with the next due message first. */
  private final PriorityQueue<Lane> byDue =
      new PriorityQueue<>(
          1, Comparator.comparingLong(Lane::headDueMs).thenComparingLong(lane -> lane.list.head()));

  private long size;

  DelayLanes(Backlog backlog) {
    this.backlog = backlog;
  }

  long size() {
    return size;
  }

  /** When the next message comes due; {@link Long#MAX_VALUE} when none is delayed. */
  long nextDueMs() {
    Lane lane = byDue.peek();
    return lane == null ? Long.MAX_VALUE : lane.headDueMs;
  }

  /** Adds a message that stands nowhere, by its delay. */
  void add(long number) {
    backlog.setPlace(number, Place.DELAYED);
    Lane lane = lane(backlog.delaySeconds(number));
    boolean wasEmpty = lane.list.isEmpty();
    lane.list.append(number);
    size++;
    if (wasEmpty) {
      lane.headDueMs = dueMs(number);
      byDue.add(lane);
    }
  }

  /** Takes the next due message out; there must be one. */
  long takeNextDue() {
    Lane lane = byDue.remove();
    long number = lane.list.head();
    lane.list.remove(number);
    size--;
    requeue(lane);
    return number;
  }

  /** Takes a delayed message out before it is due. */
  void remove(long number) {
    Lane lane = lane(backlog.delaySeconds(number));
    boolean wasHead = lane.list.head() == number;
    if (wasHead) {
      byDue.remove(lane);
    }
    lane.list.remove(number);
    size--;
    if (wasHead) {
      requeue(lane);
    }
  }

  void clear() {
    lanes = new Lane[0];
    byDue.clear();
    size = 0;
  }

  /** The lanes that are not empty. */
  MachineSnapshot.Lanes snapshot() {
    MachineSnapshot.Lanes saved = new MachineSnapshot.Lanes();
    for (Lane lane : lanes) {
      if (lane != null && !lane.list.isEmpty()) {
        saved.add(lane.delaySeconds, lane.list.head(), lane.list.tail());
      }
    }
    return saved;
  }

  /** Takes up lanes whose links the backlog still holds, and the number of messages in them. */
  void restore(MachineSnapshot.Lanes saved, long delayed) {
    saved.forEach(this::restoreLane);
    size = delayed;
  }

  private void restoreLane(int delaySeconds, long head, long tail) {
    Lane lane = lane(delaySeconds);
    lane.list.restore(head, tail);
    lane.headDueMs = dueMs(head);
    byDue.add(lane);
  }

  private void requeue(Lane lane) {
    if (lane.list.head() != NONE) {
      lane.headDueMs = dueMs(lane.list.head());
      byDue.add(lane);
    }
  }

  private long dueMs(long number) {
    return backlog.sentAtMs(number) + backlog.delaySeconds(number) * 1_000L;
  }

  private Lane lane(int delaySeconds) {
    if (lanes.length == 0) {
      lanes = new Lane[LANES_MAX];
    }
    Lane lane = lanes[delaySeconds];
    if (lane == null) {
      lane = new Lane(delaySeconds, new DeliveryList(backlog));
      lanes[delaySeconds] = lane;
    }
    return lane;
  }

  private static final class Lane {
    private final int delaySeconds;
    private final DeliveryList list;
    private long headDueMs;

    private Lane(int delaySeconds, DeliveryList list) {
      this.delaySeconds = delaySeconds;
      this.list = list;
    }

    private long headDueMs() {
      return headDueMs;
    }
  }
}
