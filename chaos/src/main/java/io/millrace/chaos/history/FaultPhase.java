package io.millrace.chaos.history;

/** Where a fault is in its life. The codes are part of the file format. */
public enum FaultPhase {
  /** It is to come; without {@link #FIRED} or {@link #SKIPPED} after it, the verdict is open. */
  PLANNED(1),
  /** It had its effect, now; the entry's detail is the proof. May be told many times. */
  FIRED(2),
  /** A fault that lasts is over. */
  ENDED(3),
  /** It cannot be injected here; the detail says why. */
  SKIPPED(4);

  private final int code;

  FaultPhase(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  static FaultPhase ofCode(int code) {
    for (FaultPhase each : values()) {
      if (each.code == code) {
        return each;
      }
    }
    throw new IllegalArgumentException("no phase of a fault has the code " + code);
  }
}
