package io.millrace.jmh.load;

import com.fasterxml.jackson.annotation.JsonValue;
import io.millrace.chaos.load.Schedule;
import java.util.SplittableRandom;

/**
 * When messages are due: offsets from the schedule's start in ns, absolute and never re-based. A
 * sender that falls behind sends at once, and its lateness is part of the latency.
 */
sealed interface Arrivals {

  /**
   * The instants of the first so many messages, none before the one ahead of it.
   *
   * @param ratePerSecond messages a second on average, 1 to 1,000,000
   * @param count how many
   * @param seed of random arrivals
   */
  long[] dueNs(int ratePerSecond, int count, long seed);

  /** The word in a workload and on the command line. */
  @JsonValue
  String words();

  /** One every {@code 1 / rate}. */
  record Constant() implements Arrivals {
    @Override
    public long[] dueNs(int ratePerSecond, int count, long seed) {
      long[] due = new long[count];
      Schedule schedule = new Schedule(0, ratePerSecond, Math.max(1, count));
      for (int i = 0; i < count; i++) {
        due[i] = schedule.intendedNs(i);
      }
      return due;
    }

    @Override
    public String words() {
      return "constant";
    }
  }

  /** Gaps drawn from an exponential distribution: callers that know nothing of each other. */
  record Poisson() implements Arrivals {
    @Override
    public long[] dueNs(int ratePerSecond, int count, long seed) {
      long[] due = new long[count];
      SplittableRandom random = new SplittableRandom(seed);
      double atNs = 0;
      for (int i = 0; i < count; i++) {
        due[i] = (long) atNs;
        atNs -= Math.log(1 - random.nextDouble()) / ratePerSecond * 1e9;
      }
      return due;
    }

    @Override
    public String words() {
      return "poisson";
    }
  }

  /**
   * So many at one instant, and then a pause that makes the rate.
   *
   * @param size messages of a burst, 2 to 100,000
   */
  record Burst(int size) implements Arrivals {
    public Burst {
      if (size < 2 || size > 100_000) {
        throw new IllegalArgumentException("a burst of " + size);
      }
    }

    @Override
    public long[] dueNs(int ratePerSecond, int count, long seed) {
      long[] due = new long[count];
      Schedule schedule = new Schedule(0, ratePerSecond, Math.max(1, count));
      for (int i = 0; i < count; i++) {
        due[i] = schedule.intendedNs(i - i % size);
      }
      return due;
    }

    @Override
    public String words() {
      return "burst of " + size;
    }
  }
}
