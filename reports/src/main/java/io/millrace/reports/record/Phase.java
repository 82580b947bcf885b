package io.millrace.reports.record;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The parts of a run. A message belongs to the phase of its intended send instant. */
public enum Phase {
  /** The server is up and nothing is being caught up with. Headlines are of this phase. */
  @JsonProperty("steady")
  STEADY("steady", "steady"),
  /** From the kill until the restarted server answers. */
  @JsonProperty("outage")
  OUTAGE("outage", "outage"),
  /** From the first answer after an outage until what piled up is delivered. */
  @JsonProperty("catchUp")
  CATCH_UP("catchUp", "catch-up");

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
