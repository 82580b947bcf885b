package io.millrace.reports.record;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * The latencies of a message. Those that are judged are counted from instants of an absolute
 * schedule, so a stalled sender cannot hide the wait it caused.
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
  END_TO_END("endToEnd", "end-to-end"),
  /**
   * From the actual send instant to the acknowledgement: publish, uncorrected. What a sender that
   * waits for each answer would report; shown beside publish, never judged.
   */
  @JsonProperty("service")
  SERVICE("service", "publish, uncorrected");

  /** Those that a limit is about. */
  public static final List<Kind> JUDGED = List.of(PUBLISH, RECEIVE, END_TO_END);

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
