package io.millrace.chaos.history;

import java.util.Set;

/**
 * One message inside the answer to a receive.
 *
 * @param attempt the send attempt its body names, from 0; {@link Entry#NO_ATTEMPT} if the body
 *     names none
 * @param messageId the server's id
 * @param handle the receipt handle
 * @param receiveCount the server's count of receives, from 1; 0 if it gave none
 * @param sentAtMs the server's sent timestamp, wall clock in ms; 0 if it gave none
 * @param firstReceivedAtMs the server's first-receive timestamp, wall clock in ms; 0 if it gave
 *     none
 * @param damage what the consumer found wrong with body or attributes; empty if nothing
 */
public record Delivery(
    long attempt,
    Fingerprint messageId,
    Fingerprint handle,
    int receiveCount,
    long sentAtMs,
    long firstReceivedAtMs,
    Set<Damage> damage) {

  /** Checks the ranges. */
  public Delivery {
    if (attempt < Entry.NO_ATTEMPT || receiveCount < 0) {
      throw new IllegalArgumentException(
          "attempt " + attempt + ", receive count " + receiveCount + ": out of range");
    }
    damage = Set.copyOf(damage);
  }
}
