package io.millrace.chaos.figures;

import io.millrace.chaos.attribution.Attribution;
import io.millrace.chaos.history.Entry;

/**
 * One message's way from its schedule to its first receive.
 *
 * @param send the attempt that sent it; acknowledged or of unknown outcome
 * @param polledNs when the poll was sent that brought it first; {@link #NEVER} if none did
 * @param receivedNs when that poll's answer was in hand; {@link #NEVER} if none was
 */
record Passage(Entry.Send send, long polledNs, long receivedNs) {

  /** The instant of what did not happen. */
  static final long NEVER = Attribution.NEVER;

  boolean wasReceived() {
    return receivedNs != NEVER;
  }
}
