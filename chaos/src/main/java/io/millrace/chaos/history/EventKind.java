package io.millrace.chaos.history;

/** What an {@link Entry.Event} tells. The codes are part of the file format: never reuse one. */
public enum EventKind {
  /** A fault was planned; a plan whose fault never follows leaves the verdict unknown. */
  KILL_PLANNED(1),
  /**
   * The server process was ended by SIGKILL, between just before the signal and the exit being
   * seen.
   */
  KILL(2),
  /** A server process on the same data said it was ready. */
  RESTARTED(3),
  /** The last send had ended; from here on the queue is only emptied. */
  TRAFFIC_ENDED(4),
  /**
   * The queue was drained: polls stayed empty long enough for every lease to end and its message to
   * come again.
   */
  DRAINED(5),
  /** The drain ran out of time. */
  DRAIN_INCOMPLETE(6),
  /**
   * The machine lost power: what was not forced may be gone, between the instant of the cut and its
   * being over.
   */
  POWER_CUT(7),
  /** Nothing is asked of the queue any more until {@link #QUIET_ENDED}. */
  QUIET(8),
  /** Clients ask again. */
  QUIET_ENDED(9),
  /** Faults are over; from here on everything that waits must come. */
  LIVENESS_BEGINS(10);

  private final int code;

  /** Whether the server died: its memory was lost, and perhaps what it had not forced. */
  public boolean isCrash() {
    return this == KILL || this == POWER_CUT;
  }

  EventKind(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static EventKind ofCode(int code) {
    for (EventKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    throw new IllegalArgumentException("no event has the code " + code);
  }
}
