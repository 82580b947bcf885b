package io.millrace.chaos.figures;

import java.util.Arrays;

/** Counts by equal stretches of time since a run's origin; grows as it is written. */
final class Buckets {

  private static final int BUCKETS_MAX = 10_000_000;

  private final long widthNs;
  private long[] counts = new long[64];
  private int length;

  Buckets(long widthNs) {
    this.widthNs = widthNs;
  }

  /** Adds to the stretch an instant lies in; what is before the origin counts for the first. */
  void add(long atNs, long count) {
    long index = Math.max(0, atNs / widthNs);
    if (index >= BUCKETS_MAX) {
      throw new IllegalArgumentException("an instant " + atNs + " ns after the origin");
    }
    if (index >= counts.length) {
      counts = Arrays.copyOf(counts, (int) Math.max(index + 1, counts.length * 2L));
    }
    counts[(int) index] += count;
    length = Math.max(length, (int) index + 1);
  }

  /** The counts, from the first stretch to the last one written. */
  long[] counts() {
    return Arrays.copyOf(counts, length);
  }

  /** The running sums: for each stretch the total up to its end. */
  long[] sums() {
    long[] sums = counts();
    Arrays.parallelPrefix(sums, Long::sum);
    return sums;
  }
}
