package io.millrace.reports.record;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * The kill in the middle of a run and how the server came back. Instants named {@code ...Ms} are
 * milliseconds since the run's start.
 *
 * @param killedAt when SIGKILL was sent, by the wall clock
 * @param killedAtMs when SIGKILL was sent
 * @param restartedAtMs when the new server process was started; empty when it never was
 * @param recoveredAtMs when the first request after the kill succeeded; empty when none did
 * @param recoveredInMs {@code recoveredAtMs - killedAtMs}: the outage as a client felt it
 * @param caughtUpAtMs when what had piled up was delivered; empty when it never was
 * @param inFlightAtKill requests without an answer when SIGKILL was sent
 * @param unknownSends sends with an unknown outcome caused by this kill
 * @param unknownSendsDelivered how many of those were received after all, each legal either way
 * @param unknownDeletes deletes with an unknown outcome caused by this kill
 */
public record Crash(
    Instant killedAt,
    long killedAtMs,
    OptionalLong restartedAtMs,
    OptionalLong recoveredAtMs,
    OptionalLong recoveredInMs,
    OptionalLong caughtUpAtMs,
    InFlight inFlightAtKill,
    long unknownSends,
    long unknownSendsDelivered,
    long unknownDeletes) {

  /**
   * Requests without an answer at one instant.
   *
   * @param sends SendMessage requests
   * @param receives ReceiveMessage requests, waiting long polls among them
   * @param deletes DeleteMessage requests
   * @param messages messages received and not yet deleted
   */
  public record InFlight(long sends, long receives, long deletes, long messages) {
    /** Whether the kill caught something a crash could have damaged: a send or a delete. */
    public boolean caughtSomething() {
      return sends + deletes > 0;
    }
  }
}
