package io.millrace.chaos.run;

/**
 * What a run is at, as it shows while it runs; the phases of the report are found afterwards, from
 * the history.
 */
enum LivePhase {
  WARM_UP("warm-up"),
  STEADY("steady"),
  DUPLICATES("duplicates"),
  REORDERING("reordering"),
  LOST_RESPONSES("lost-responses"),
  OUTAGE("outage"),
  CATCH_UP("catch-up"),
  AFTERMATH("aftermath"),
  DRAIN("drain"),
  CHECKING("checking");

  private final String words;

  LivePhase(String words) {
    this.words = words;
  }

  /** The phase's name for people and scrapes. */
  String words() {
    return words;
  }
}
