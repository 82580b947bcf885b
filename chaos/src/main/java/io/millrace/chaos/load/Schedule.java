package io.millrace.chaos.load;

/**
 * The intended instants of a constant-rate open loop: absolute, and exact for every rate, since
 * each is computed from the first and none from the one before.
 *
 * @param startNs the first order's instant, in ns since the run's origin
 * @param ratePerSecond orders a second, 1 to 1,000,000
 * @param orders how many, at least 1
 */
public record Schedule(long startNs, int ratePerSecond, long orders) {

  private static final long SECOND_NS = 1_000_000_000L;
  private static final int RATE_MAX = 1_000_000;

  /** Checks the ranges. */
  public Schedule {
    if (ratePerSecond < 1 || ratePerSecond > RATE_MAX || orders < 1) {
      throw new IllegalArgumentException(orders + " orders at " + ratePerSecond + "/s");
    }
  }

  /**
   * The instant at which an order is due.
   *
   * @param order from 0
   * @return nanoseconds since the run's origin
   */
  public long intendedNs(long order) {
    long seconds = order / ratePerSecond;
    long rest = order % ratePerSecond;
    return startNs + seconds * SECOND_NS + rest * SECOND_NS / ratePerSecond;
  }

  /** The instant just after the last order's, in ns since the run's origin. */
  public long endNs() {
    return intendedNs(orders);
  }

  /** How many orders are due by an instant. */
  public long dueBy(long nowNs) {
    if (nowNs < startNs) {
      return 0;
    }
    long elapsedNs = nowNs - startNs;
    long due =
        elapsedNs / SECOND_NS * ratePerSecond
            + elapsedNs % SECOND_NS * ratePerSecond / SECOND_NS
            + 1;
    return Math.min(orders, due);
  }
}
