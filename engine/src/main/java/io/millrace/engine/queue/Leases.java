package io.millrace.engine.queue;

import java.util.Arrays;

/**
 * The messages in flight: which message, since when, until when. Each lease keeps one row for its
 * life; a binary heap of rows orders them by (end, number), and a hash index finds the row of a
 * message. Ending, moving and finding a lease costs O(log n) and allocates nothing.
 *
 * <pre>
 *   index (open addressing)       rows                          heap: rows by (end, number)
 *   h(number) -> row + 1          row  number takenAt endsAt    at  0   1   2
 *                                  0     7      r7     e7          [2] [0] [1]
 *                                  1    12      r12    e12       heapAt[row] = at
 *                                  2     9      r9     e9
 * </pre>
 *
 * <p>The order is total, so equal histories give equal orders. Memory: about 40 bytes a lease, at
 * most {@link io.millrace.engine.sqs.Limits#inFlightMax} leases a queue; a table never used holds
 * no arrays.
 */
final class Leases {

  private static final long[] NO_LONGS = {};
  private static final int[] NO_INTS = {};
  private static final int CAPACITY_MIN = 16;

  /** An emptied table larger than this gives its memory back. */
  private static final int CAPACITY_KEPT = 1_024;

  private long[] numbers = NO_LONGS;
  private long[] takenAt = NO_LONGS;
  private long[] endsAt = NO_LONGS;
  private int[] heapAt = NO_INTS;

  /** Positions below {@link #size} are the heap; those above hold the free rows. */
  private int[] heap = NO_INTS;

  private int[] index = NO_INTS;
  private int size;

  int size() {
    return size;
  }

  /** Whether the message is leased. */
  boolean holds(long number) {
    return size > 0 && index[slotOf(number)] != 0;
  }

  /** When the first lease ends; {@link Long#MAX_VALUE} when there is none. */
  long firstEndMs() {
    return size == 0 ? Long.MAX_VALUE : endsAt[heap[0]];
  }

  /** The message whose lease ends first; there must be one. */
  long firstNumber() {
    return numbers[heap[0]];
  }

  /** When the message was taken; it must be leased. */
  long takenAtMs(long number) {
    return takenAt[rowOf(number)];
  }

  /** When the message's lease ends; it must be leased. */
  long endsAtMs(long number) {
    return endsAt[rowOf(number)];
  }

  /** Leases a message that is not leased. */
  void add(long number, long takenAtMs, long endsAtMs) {
    assert !holds(number) : "message " + number + " is leased already";
    if (size == numbers.length) {
      grow();
    }
    int row = heap[size];
    numbers[row] = number;
    takenAt[row] = takenAtMs;
    endsAt[row] = endsAtMs;
    index[slotOf(number)] = row + 1;
    heapAt[row] = size;
    siftUp(size++);
  }

  /** Gives a lease another end. */
  void setEnd(long number, long endsAtMs) {
    int row = rowOf(number);
    endsAt[row] = endsAtMs;
    siftDown(heapAt[row]);
    siftUp(heapAt[row]);
  }

  /** Ends a lease. */
  void remove(long number) {
    int row = rowOf(number);
    removeIndex(slotOf(number));
    int at = heapAt[row];
    int last = --size;
    int moved = heap[last];
    swap(at, last);
    if (at != last) {
      siftDown(heapAt[moved]);
      siftUp(heapAt[moved]);
    }
    if (size == 0 && numbers.length > CAPACITY_KEPT) {
      clear();
    }
  }

  /** Ends all leases and gives their memory back. */
  void clear() {
    numbers = NO_LONGS;
    takenAt = NO_LONGS;
    endsAt = NO_LONGS;
    heapAt = NO_INTS;
    heap = NO_INTS;
    index = NO_INTS;
    size = 0;
  }

  /** Shows each lease, in no particular order. */
  void forEach(LeaseVisitor visitor) {
    for (int at = 0; at < size; at++) {
      int row = heap[at];
      visitor.lease(numbers[row], takenAt[row], endsAt[row]);
    }
  }

  /** Sees one lease. */
  @FunctionalInterface
  interface LeaseVisitor {
    void lease(long number, long takenAtMs, long endsAtMs);
  }

  private int rowOf(long number) {
    int row = index[slotOf(number)] - 1;
    assert row >= 0 : "message " + number + " is not leased";
    return row;
  }

  private boolean before(int rowA, int rowB) {
    return endsAt[rowA] != endsAt[rowB]
        ? endsAt[rowA] < endsAt[rowB]
        : numbers[rowA] < numbers[rowB];
  }

  private void siftUp(int from) {
    int at = from;
    while (at > 0 && before(heap[at], heap[(at - 1) >>> 1])) {
      swap(at, (at - 1) >>> 1);
      at = (at - 1) >>> 1;
    }
  }

  private void siftDown(int from) {
    int at = from;
    while (2 * at + 1 < size) {
      int child = 2 * at + 1;
      if (child + 1 < size && before(heap[child + 1], heap[child])) {
        child++;
      }
      if (!before(heap[child], heap[at])) {
        return;
      }
      swap(child, at);
      at = child;
    }
  }

  private void swap(int a, int b) {
    int row = heap[a];
    heap[a] = heap[b];
    heap[b] = row;
    heapAt[heap[a]] = a;
    heapAt[heap[b]] = b;
  }

  private void grow() {
    int capacity = Math.max(CAPACITY_MIN, numbers.length * 2);
    numbers = Arrays.copyOf(numbers, capacity);
    takenAt = Arrays.copyOf(takenAt, capacity);
    endsAt = Arrays.copyOf(endsAt, capacity);
    heapAt = Arrays.copyOf(heapAt, capacity);
    heap = Arrays.copyOf(heap, capacity);
    for (int row = size; row < capacity; row++) {
      heap[row] = row;
    }
    index = new int[capacity * 2];
    for (int row = 0; row < size; row++) {
      index[slotOf(numbers[row])] = row + 1;
    }
  }

  private int home(long number) {
    return (int) ((number * 0x9E3779B97F4A7C15L) >>> 33) & (index.length - 1);
  }

  /** The index slot that holds the message's row, or the free slot where it would go. */
  private int slotOf(long number) {
    int slot = home(number);
    while (index[slot] != 0 && numbers[index[slot] - 1] != number) {
      slot = (slot + 1) & (index.length - 1);
    }
    return slot;
  }

  /** Empties a slot and closes the gap it would leave in the probe sequences behind it. */
  private void removeIndex(int emptied) {
    int hole = emptied;
    int slot = (hole + 1) & (index.length - 1);
    while (index[slot] != 0) {
      int home = home(numbers[index[slot] - 1]);
      boolean reachable = hole <= slot ? hole < home && home <= slot : hole < home || home <= slot;
      if (!reachable) {
        index[hole] = index[slot];
        hole = slot;
      }
      slot = (slot + 1) & (index.length - 1);
    }
    index[hole] = 0;
  }
}
