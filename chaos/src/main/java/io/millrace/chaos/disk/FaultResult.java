package io.millrace.chaos.disk;

import io.millrace.chaos.history.FaultKind;

/**
 * What the trial of one fault found.
 *
 * @param kind the fault
 * @param ending how it ended
 * @param fired how often the fault fired
 * @param detail what was seen, in a few words
 */
public record FaultResult(FaultKind kind, Ending ending, long fired, String detail) {

  /** How a trial can end. */
  public enum Ending {
    /** The engine did what it must. */
    VALID,
    /** It did not. */
    INVALID,
    /** The fault did not come to bear. */
    UNKNOWN,
    /** The fault cannot be had here; the detail says why. */
    SKIPPED
  }
}
