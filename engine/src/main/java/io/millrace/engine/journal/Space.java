package io.millrace.engine.journal;

/** Which disk space a record may use. */
public enum Space {
  /** All but the reserve. */
  NORMAL,
  /** The reserve as well, so that deletes still fit when sends no longer do. */
  RESERVE
}
