package io.millrace.chaos.policy;

import java.util.Locale;

/**
 * The order in which a queue hands out waiting messages.
 *
 * @param policy how the next message is chosen
 * @param width lanes of {@link Policy#AWS_LIKE}, messages of {@link Policy#WINDOW}; 1 to {@link
 *     #WIDTH_MAX}
 */
public record OrderRule(Policy policy, int width) {

  /** So many lanes or messages at most. */
  public static final int WIDTH_MAX = 1_000;

  /** Ways to choose. */
  public enum Policy {
    /** Several lanes, and one lane a short poll, as recorded from the real service. */
    AWS_LIKE(6),
    /** Any of the first few. */
    WINDOW(10);

    private final int defaultWidth;

    Policy(int defaultWidth) {
      this.defaultWidth = defaultWidth;
    }

    /** The name in a policy document. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The width when none is given. */
    public int defaultWidth() {
      return defaultWidth;
    }
  }

  /** Checks the width. */
  public OrderRule {
    if (width < 1 || width > WIDTH_MAX) {
      throw new IllegalArgumentException("1 to " + WIDTH_MAX + ", not " + width);
    }
  }
}
