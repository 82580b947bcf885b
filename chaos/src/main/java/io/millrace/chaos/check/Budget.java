package io.millrace.chaos.check;

/**
 * How often something that a profile does not promise may happen before it is called broken all the
 * same.
 *
 * @param free so often in any case
 * @param perMillion so often in a million cases
 */
public record Budget(long free, long perMillion) {

  /** Nothing is allowed. */
  public static final Budget NONE = new Budget(0, 0);

  /** How often it may happen in so many cases. */
  long allowed(long cases) {
    return Math.max(free, (long) (cases / 1e6 * perMillion));
  }
}
