package io.millrace.reports.record;

/**
 * The three latencies of a message. All are counted from instants of an absolute schedule, so a
 * stalled sender cannot hide the wait it caused.
 */
public enum Kind {
  /** From the intended send instant to the acknowledgement. */
  PUBLISH("publish"),
  /** From the later of (message visible, poll waiting) to the receive. */
  RECEIVE("receive"),
  /** From the intended send instant to the receive. */
  END_TO_END("endToEnd");

  private final String label;

  Kind(String label) {
    this.label = label;
  }

  /** The name in JSON, in histogram tags and on the page. */
  public String label() {
    return label;
  }
}
