package io.millrace.chaos.check;

/**
 * Times from the acknowledgement of a send to the answer of a poll that was already waiting for it:
 * counts by eighths of powers of two, in microseconds; a percentile is known to 12 %.
 */
final class WakeUps {

  private static final int SUB_BITS = 3;
  private static final int SUBS = 1 << SUB_BITS;

  private final long[] counts = new long[(Long.SIZE - SUB_BITS) * SUBS];
  private long count;

  void add(long ns) {
    counts[bucketOf(ns / 1_000)]++;
    count++;
  }

  long count() {
    return count;
  }

  /** The upper end of the bucket that holds a share of the times, in microseconds; 0 if none. */
  long percentileUs(double share) {
    long wanted = (long) Math.ceil(share * count);
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= wanted && seen > 0) {
        return upperUs(i);
      }
    }
    return 0;
  }

  private static int bucketOf(long us) {
    if (us < SUBS) {
      return (int) us;
    }
    int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(us);
    int sub = (int) (us >>> (exponent - SUB_BITS)) & (SUBS - 1);
    return (exponent - SUB_BITS + 1) * SUBS + sub;
  }

  private static long upperUs(int bucket) {
    if (bucket < SUBS) {
      return bucket;
    }
    int exponent = bucket / SUBS + SUB_BITS - 1;
    long width = 1L << (exponent - SUB_BITS);
    return (SUBS + bucket % SUBS + 1L) * width - 1;
  }
}
