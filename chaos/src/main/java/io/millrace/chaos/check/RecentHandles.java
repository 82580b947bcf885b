package io.millrace.chaos.check;

import io.millrace.chaos.history.Fingerprint;
import java.util.Arrays;

/**
 * The receipt handles given out last, with the attempt each was for: two generations of {@value
 * #GENERATION}, so that the memory is bounded; an older handle is forgotten. Primitive tables, open
 * addressing, half full at most.
 */
final class RecentHandles {

  /** The attempt of a handle that is not known. */
  static final long UNKNOWN = Long.MIN_VALUE;

  private static final int GENERATION = 65_536;
  private static final int CAPACITY = 2 * GENERATION;

  private Generation recent = new Generation();
  private Generation older = new Generation();

  /** The attempt a handle was given out for; {@link #UNKNOWN} if it was not, or long ago. */
  long attemptOf(Fingerprint handle) {
    long attempt = recent.attemptOf(handle);
    return attempt == UNKNOWN ? older.attemptOf(handle) : attempt;
  }

  void add(Fingerprint handle, long attempt) {
    if (recent.size == GENERATION) {
      Generation oldest = older;
      older = recent;
      oldest.size = 0;
      Arrays.fill(oldest.used, false);
      recent = oldest;
    }
    recent.add(handle, attempt);
  }

  private static final class Generation {
    private final long[] high = new long[CAPACITY];
    private final long[] low = new long[CAPACITY];
    private final long[] attempts = new long[CAPACITY];
    private final boolean[] used = new boolean[CAPACITY];
    private int size;

    long attemptOf(Fingerprint handle) {
      int at = find(handle);
      return used[at] ? attempts[at] : UNKNOWN;
    }

    void add(Fingerprint handle, long attempt) {
      int at = find(handle);
      if (!used[at]) {
        size++;
      }
      used[at] = true;
      high[at] = handle.high();
      low[at] = handle.low();
      attempts[at] = attempt;
    }

    private int find(Fingerprint handle) {
      long mixed = (handle.high() ^ Long.rotateLeft(handle.low(), 32)) * 0x9e3779b97f4a7c15L;
      int at = (int) (mixed >>> 32) & (CAPACITY - 1);
      while (used[at] && (high[at] != handle.high() || low[at] != handle.low())) {
        at = (at + 1) & (CAPACITY - 1);
      }
      return at;
    }
  }
}
