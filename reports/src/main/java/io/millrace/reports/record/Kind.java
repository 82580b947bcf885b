package io.millrace.reports.record;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The three latencies of a message. All are counted from instants of an absolute schedule, so a
 * stalled sender cannot hide the wait it caused.
 */
public enum Kind {
  /** From the intended send instant to the acknowledgement. */
  @JsonProperty("publish")
  PUBLISH("publish", "publish"),
  /** From the later of (message visible, poll waiting) to the receive. */
  @JsonProperty("receive")
  RECEIVE("receive", "receive"),
  /** From the intended send instant to the receive. */
  @JsonProperty("endToEnd")
  END_TO_END("endToEnd", "end-to-end");

  private final String label;
  private final String words;

  Kind(String label, String words) {
    this.label = label;
    this.words = words;
  }

  /** The name in JSON and in histogram tags. */
  public String label() {
    return label;
  }

  /** The name on the page and in sentences. */
  public String words() {
    return words;
  }
}
