package io.millrace.chaos.scenario;

/** How a run ended, the worst last. */
public enum Outcome {
  /** Everything was exercised, and held. */
  VALID(0),
  /** Something was not exercised: a fault never fired, an invariant was never judged. */
  UNKNOWN(3),
  /** Something is broken. */
  INVALID(1);

  private final int exitStatus;

  Outcome(int exitStatus) {
    this.exitStatus = exitStatus;
  }

  /** The exit status of a command that ended so. */
  public int exitStatus() {
    return exitStatus;
  }

  /** The worse of two. */
  Outcome and(Outcome other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
