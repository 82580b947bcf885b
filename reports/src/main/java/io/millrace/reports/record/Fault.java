package io.millrace.reports.record;

import java.util.OptionalLong;

/**
 * One kind of fault that a run forced, from the plan to the proof. Instants are milliseconds since
 * the run's start.
 *
 * @param kind such as {@code duplicate-now}
 * @param target the action or the process it was done to
 * @param queue the queue it was done to; empty if it concerns none
 * @param planned how many were begun while it was in force
 * @param fired how many of them were seen to happen
 * @param missed how many came to nothing, such as a duplicate whose message was deleted first
 * @param firstAtMs when the first happened; empty if none did
 * @param lastAtMs when the last happened
 * @param fromMs when it was put in force
 * @param toMs when it was taken back
 * @param proof what the injector saw of the first that happened; empty if none did
 */
public record Fault(
    String kind,
    String target,
    String queue,
    long planned,
    long fired,
    long missed,
    OptionalLong firstAtMs,
    OptionalLong lastAtMs,
    long fromMs,
    long toMs,
    String proof) {
  /** Refuses a fault that fired at no instant, or never and yet at one. */
  public Fault {
    if (fired > 0 != firstAtMs.isPresent() || firstAtMs.isPresent() != lastAtMs.isPresent()) {
      throw new IllegalArgumentException(kind + ": fired " + fired + ", first at " + firstAtMs);
    }
  }

  /** The kind, and what it was done to where that tells it from others of its kind. */
  public String name() {
    return target.isEmpty() ? kind : kind + " (" + target + ")";
  }
}
