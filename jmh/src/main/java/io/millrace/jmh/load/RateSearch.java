package io.millrace.jmh.load;

import java.io.IOException;
import java.util.OptionalInt;

/**
 * The search for the highest rate that keeps a limit: doubles until one does not, halves the gap
 * until it is a tenth of the rate, and then wants the rate confirmed. Of a rate that is refuted
 * once, the search goes on below it.
 *
 * @param from the first rate tried, 1 or more
 * @param to the highest rate tried
 * @param confirmations further trials that must all keep the limit
 */
record RateSearch(int from, int to, int confirmations) {

  private static final double PRECISION = 0.10;

  RateSearch {
    if (from < 1 || to < from || confirmations < 1) {
      throw new IllegalArgumentException(from + " to " + to + ", " + confirmations + " times");
    }
  }

  /** One trial. */
  interface Trial {
    /** Whether the limit was kept, validly, at a rate. */
    boolean keeps(int rate) throws IOException;
  }

  /**
   * Searches.
   *
   * @return the highest rate that was confirmed; empty if not even the first was
   */
  OptionalInt highest(Trial trial) throws IOException {
    int good = 0;
    int bad = to + 1;
    int rate = from;
    while (true) {
      while (rate < bad) {
        if (trial.keeps(rate)) {
          good = rate;
          rate = Math.min(to, rate * 2);
          if (rate == good) {
            break;
          }
        } else {
          bad = rate;
        }
      }
      while (bad - good > Math.max(1, PRECISION * good) && bad <= to && good > 0) {
        int middle = (good + bad) >>> 1;
        if (trial.keeps(middle)) {
          good = middle;
        } else {
          bad = middle;
        }
      }
      if (good == 0) {
        return OptionalInt.empty();
      }
      if (confirmed(good, trial)) {
        return OptionalInt.of(good);
      }
      bad = good;
      good = 0;
      rate = Math.max(1, Math.min(bad - 1, (int) (bad * (1 - PRECISION))));
      if (bad <= 1 || rate < from) {
        return OptionalInt.empty();
      }
    }
  }

  private boolean confirmed(int rate, Trial trial) throws IOException {
    for (int i = 0; i < confirmations; i++) {
      if (!trial.keeps(rate)) {
        return false;
      }
    }
    return true;
  }
}
