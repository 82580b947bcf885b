package io.millrace.engine.wire;

import java.util.Locale;

/** Why a request was told to come again later: what had reached its bound. */
public enum Throttle {
  /** Too many connections were open. */
  CONNECTIONS,

  /** Too many bytes of unfinished requests were held. */
  INPUT,

  /** Too many bytes of received messages waited for their clients to take them. */
  OUTPUT,

  /** The endpoint was stopping. */
  STOPPING,

  /** The service behind the endpoint did not take it: its inbox or its disk was full. */
  SERVICE;

  /** As labels write it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
