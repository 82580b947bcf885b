package io.millrace.chaos.check;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Measures the order of one queue: inversions and displacements of numbers that arrive, against the
 * numbers that were sent. A window slides over the numbers; within it two Fenwick trees count what
 * was sent and what has arrived. A number that arrives from before the window has overtaken nobody
 * and was overtaken by all the window holds, at least: its figures are lower bounds, and it is
 * counted as beyond the window.
 */
final class OrderMeter {

  /** How many attempts the window spans; a power of two. */
  static final int WINDOW = 1 << 16;

  private static final int BUCKETS = 33;

  private final int window;
  private final int[] sent;
  private final int[] arrived;
  private final boolean[] isSent;
  private final boolean[] hasArrived;
  private final long[] buckets = new long[BUCKETS];
  private long base;
  private long sentBelow;
  private long arrivedBelow;
  private long arrivedInAll;
  private long inversions;
  private long pairs;
  private long displacementMax;
  private long displacementSum;
  private long beyondWindow;

  /**
   * A meter that has seen nothing.
   *
   * @param window how many numbers it spans, a power of two
   */
  OrderMeter(int window) {
    this.window = window;
    this.sent = new int[window + 1];
    this.arrived = new int[window + 1];
    this.isSent = new boolean[window];
    this.hasArrived = new boolean[window];
  }

  /** A number was sent. */
  void sent(long number) {
    slideTo(number);
    int at = slotOf(number);
    if (number >= base && !isSent[at]) {
      isSent[at] = true;
      add(sent, at, 1);
    } else if (number < base) {
      sentBelow++;
    }
  }

  /** A number arrived for the first time. */
  void arrived(long number) {
    slideTo(number);
    long overtakenBy;
    long rank;
    if (number < base) {
      beyondWindow++;
      overtakenBy = arrivedInAll - arrivedBelow;
      rank = Math.max(0, sentBelow - 1);
      arrivedBelow++;
    } else {
      int at = slotOf(number);
      if (!isSent[at]) {
        isSent[at] = true;
        add(sent, at, 1);
      }
      overtakenBy = arrivedInAll - arrivedBelow - countBelow(arrived, number);
      rank = sentBelow + countBelow(sent, number);
      if (!hasArrived[at]) {
        hasArrived[at] = true;
        add(arrived, at, 1);
      }
    }
    inversions += overtakenBy;
    pairs += arrivedInAll;
    long displacement = Math.abs(arrivedInAll - rank);
    arrivedInAll++;
    displacementMax = Math.max(displacementMax, displacement);
    displacementSum += displacement;
    buckets[Long.SIZE - Long.numberOfLeadingZeros(Math.min(displacement, Integer.MAX_VALUE))]++;
  }

  /** Adds another meter's figures to these. */
  void add(OrderMeter other) {
    arrivedInAll += other.arrivedInAll;
    inversions += other.inversions;
    pairs += other.pairs;
    displacementMax = Math.max(displacementMax, other.displacementMax);
    displacementSum += other.displacementSum;
    beyondWindow += other.beyondWindow;
    for (int i = 0; i < BUCKETS; i++) {
      buckets[i] += other.buckets[i];
    }
  }

  long arrived() {
    return arrivedInAll;
  }

  long inversions() {
    return inversions;
  }

  /** Of a million pairs, how many came in the other order. */
  long inversionsPerMillionPairs() {
    return pairs == 0 ? 0 : Math.round(inversions * 1e6 / pairs);
  }

  long displacementMax() {
    return displacementMax;
  }

  /** The mean displacement times a thousand. */
  long displacementMeanThousandths() {
    return arrivedInAll == 0 ? 0 : Math.round(displacementSum * 1e3 / arrivedInAll);
  }

  long beyondWindow() {
    return beyondWindow;
  }

  /** Messages by displacement: 0, 1, 2 to 3, 4 to 7 and so on; names sort in that order. */
  Map<String, Long> histogram() {
    Map<String, Long> histogram = new TreeMap<>();
    for (int i = 0; i < BUCKETS; i++) {
      if (buckets[i] > 0) {
        long from = i == 0 ? 0 : 1L << (i - 1);
        histogram.put("%010d".formatted(from), buckets[i]);
      }
    }
    return histogram;
  }

  /** Makes room for a number: what falls out of the window is from then on only counted. */
  private void slideTo(long number) {
    if (number < base + window) {
      return;
    }
    long newBase = number - window / 2;
    if (newBase - base >= window) {
      sentBelow += countBelow(sent, base + window);
      arrivedBelow += countBelow(arrived, base + window);
      Arrays.fill(sent, 0);
      Arrays.fill(arrived, 0);
      Arrays.fill(isSent, false);
      Arrays.fill(hasArrived, false);
    } else {
      for (long each = base; each < newBase; each++) {
        int at = slotOf(each);
        if (isSent[at]) {
          isSent[at] = false;
          add(sent, at, -1);
          sentBelow++;
        }
        if (hasArrived[at]) {
          hasArrived[at] = false;
          add(arrived, at, -1);
          arrivedBelow++;
        }
      }
    }
    base = newBase;
  }

  private int slotOf(long number) {
    return (int) number & (window - 1);
  }

  /** How many numbers of the window lie below one; the window is a ring. */
  private long countBelow(int[] tree, long number) {
    int from = slotOf(base);
    long span = number - base;
    if (span >= window) {
      return prefix(tree, window);
    }
    int to = from + (int) span;
    return to <= window
        ? prefix(tree, to) - prefix(tree, from)
        : prefix(tree, window) - prefix(tree, from) + prefix(tree, to - window);
  }

  private static long prefix(int[] tree, int count) {
    long sum = 0;
    for (int i = count; i > 0; i -= i & -i) {
      sum += tree[i];
    }
    return sum;
  }

  private static void add(int[] tree, int slot, int change) {
    for (int i = slot + 1; i < tree.length; i += i & -i) {
      tree[i] += change;
    }
  }
}
