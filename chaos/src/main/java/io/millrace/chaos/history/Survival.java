package io.millrace.chaos.history;

/** What a target says its acknowledgements survive. The codes are part of the file format. */
public enum Survival {
  /** It does not say; it is held to a process kill. */
  UNDECLARED(0, "undeclared"),
  /** Nothing: a restart may lose everything. */
  NOTHING(1, "nothing"),
  /** A killed process. */
  PROCESS_CRASH(2, "process-crash"),
  /** A power cut. */
  POWER_LOSS(3, "power-loss");

  private final int code;
  private final String label;

  Survival(int code, String label) {
    this.code = code;
    this.label = label;
  }

  /** The class's name in reports. */
  public String label() {
    return label;
  }

  int code() {
    return code;
  }

  static Survival ofCode(int code) {
    for (Survival each : values()) {
      if (each.code == code) {
        return each;
      }
    }
    throw new IllegalArgumentException("no survival class has the code " + code);
  }
}
