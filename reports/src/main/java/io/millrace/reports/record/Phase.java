package io.millrace.reports.record;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The parts of a run. A message belongs to the phase of its intended send instant. */
public enum Phase {
  /** Before the first fault. Headlines are of this phase. */
  @JsonProperty("steady")
  STEADY("steady", "steady"),
  /** While messages are handed out more than once on purpose. */
  @JsonProperty("duplicates")
  DUPLICATES("duplicates", "duplicates"),
  /** While messages are made to overtake each other. */
  @JsonProperty("reordering")
  REORDERING("reordering", "reordering"),
  /** While answers to requests that were done are lost on purpose. */
  @JsonProperty("lostResponses")
  LOST_RESPONSES("lostResponses", "lost responses"),
  /** From the kill until the restarted server answers. */
  @JsonProperty("outage")
  OUTAGE("outage", "outage"),
  /** From the first answer after an outage until what piled up is delivered. */
  @JsonProperty("catchUp")
  CATCH_UP("catchUp", "catch-up"),
  /**
   * After the first fault, while none is in force: what faults left behind still shows, and a
   * restarted server is cold, so none of it is called steady.
   */
  @JsonProperty("aftermath")
  AFTERMATH("aftermath", "aftermath");

  private final String label;
  private final String words;

  Phase(String label, String words) {
    this.label = label;
    this.words = words;
  }

  /** The name in JSON and in histogram tags. */
  public String label() {
    return label;
  }

  /** The name on the page. */
  public String words() {
    return words;
  }
}
