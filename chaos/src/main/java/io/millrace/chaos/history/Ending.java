package io.millrace.chaos.history;

/** How an operation ended for the client that asked for it. */
public enum Ending {
  /** The server said yes: the effect is there. */
  OK(0),
  /** Surely no effect: the server refused the request, or was never reached. */
  FAIL(1),
  /**
   * Unknown: the request may have been sent, the answer never came. The effect may come at any
   * later time, or never.
   */
  INFO(2);

  private final int code;

  Ending(int code) {
    this.code = code;
  }

  /** Part of the file format. */
  int code() {
    return code;
  }

  static Ending ofCode(int code) {
    return switch (code) {
      case 0 -> OK;
      case 1 -> FAIL;
      case 2 -> INFO;
      default -> throw new IllegalArgumentException("no ending has the code " + code);
    };
  }
}
