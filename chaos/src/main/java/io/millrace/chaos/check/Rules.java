package io.millrace.chaos.check;

import java.time.Duration;

/**
 * What a history is held to.
 *
 * @param profile whose promises
 * @param timerSlack how far the server's clock may be off the clients' over one visibility timeout
 * @param liveness how long after the end of its lease a message may take to come again while
 *     somebody polls
 * @param grace how long after a confirmed delete a message is kept in full; at least the longest
 *     operation
 */
public record Rules(Profile profile, Duration timerSlack, Duration liveness, Duration grace) {

  /** For a server on this machine, with polls and timeouts of some seconds. */
  public static final Rules STRICT =
      new Rules(
          Profile.STRICT, Duration.ofMillis(250), Duration.ofSeconds(2), Duration.ofSeconds(30));

  long timerSlackNs() {
    return timerSlack.toNanos();
  }

  long livenessNs() {
    return liveness.toNanos();
  }

  long graceNs() {
    return grace.toNanos();
  }
}
