package io.millrace.reports.record;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What can delay a message, as far as an instrument of its own can name it. */
public enum Cause {
  /** A collection stopped a JVM, as its flight recording says. */
  @JsonProperty("gc")
  GC("gc", "GC pause"),
  /** A JVM stopped for another reason than a collection, as its flight recording says. */
  @JsonProperty("safepoint")
  SAFEPOINT("safepoint", "safepoint"),
  /** The control meter, a process that does nothing, was delayed too. */
  @JsonProperty("platform")
  PLATFORM("platform", "platform hiccup"),
  /**
   * The server's process was not run for a while, stopped or starved, when neither it nor the
   * platform had one of the reasons above.
   */
  @JsonProperty("stopped")
  STOPPED("stopped", "server not run"),
  /** A force of the journal took long. */
  @JsonProperty("force")
  FORCE("force", "force"),
  /** The journal went on to its next segment. */
  @JsonProperty("roll")
  ROLL("roll", "roll"),
  /** A waiting poll was woken late. */
  @JsonProperty("wakeUp")
  WAKE_UP("wakeUp", "long-poll wake-up"),
  /** The load generator itself sent late. */
  @JsonProperty("generator")
  GENERATOR("generator", "generator delay");

  private final String label;
  private final String words;

  Cause(String label, String words) {
    this.label = label;
    this.words = words;
  }

  /** The name in JSON and of the CSS class. */
  public String label() {
    return label;
  }

  /** The name on the page. */
  public String words() {
    return words;
  }
}
