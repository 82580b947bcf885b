package io.millrace.chaos.check;

/** Whose promises a history is held to. */
public enum Profile {
  /** Millrace's own: no receive after a confirmed delete, no early redelivery. */
  STRICT("strict"),
  /**
   * Amazon's for standard queues, which documents that a deleted message may be received again and
   * that a visibility timeout is no guarantee: both are counted, not judged.
   */
  AWS_STANDARD("aws-standard");

  private final String label;

  Profile(String label) {
    this.label = label;
  }

  /** The profile's name in reports. */
  public String label() {
    return label;
  }
}
