package io.millrace.chaos.history;

/**
 * What can be done to a system on purpose. The codes are part of the file format: append, never
 * reuse one.
 */
public enum FaultKind {
  /** The server process is ended by SIGKILL. */
  KILL(1, "kill"),
  /** The server process is stopped and continued. */
  PAUSE(2, "pause"),
  /** The server is started again and again. */
  RESTART_STORM(3, "restart-storm"),
  /** Everything that was not forced may be gone. */
  POWER_CUT(4, "power-cut"),
  /** The server comes back under the process id it had. */
  SAME_PID_RESTART(5, "same-pid-restart"),
  /** A force reports an error. */
  FORCE_FAILED(10, "force-failed"),
  /** A force reports success and forces nothing. */
  FORCE_LOST(11, "force-lost"),
  /** The file system has no room. */
  DISK_FULL(12, "disk-full"),
  /** Storage answers late. */
  DISK_SLOW(13, "disk-slow"),
  /** A bit of a stored record is another. */
  BIT_FLIP(14, "bit-flip"),
  /** The end of a file is gone. */
  TRUNCATION(15, "truncation"),
  /** The last record is written in part. */
  TORN_TAIL(16, "torn-tail"),
  /** Requests or answers are late. */
  LATENCY(20, "latency"),
  /** Few bytes pass in a second. */
  BANDWIDTH(21, "bandwidth"),
  /** One side of a connection is gone and the other is not told. */
  HALF_OPEN(22, "half-open"),
  /** A connection is reset. */
  RESET(23, "reset"),
  /** The request is done and its answer dropped. */
  LOST_RESPONSE(24, "lost-response"),
  /** The request is done twice. */
  DUPLICATED_REQUEST(25, "duplicated-request"),
  /** The request is refused for its rate. */
  THROTTLE(26, "throttle"),
  /** Some entries of a batch are refused. */
  PARTIAL_BATCH_FAILURE(27, "partial-batch-failure"),
  /** A connection closes late. */
  SLOW_CLOSE(28, "slow-close"),
  /** The connection cannot be made. */
  PARTITION(29, "partition"),
  /** A message is handed out again at once. */
  DUPLICATE_NOW(40, "duplicate-now"),
  /** A message is handed out again after it was deleted. */
  DUPLICATE_AFTER_DELETE(41, "duplicate-after-delete"),
  /** A message is handed to two receivers at the same time. */
  CONCURRENT_DELIVERY(42, "concurrent-delivery"),
  /** Messages are handed out in another order. */
  REORDER(43, "reorder"),
  /** A lease ends before its time. */
  EARLY_EXPIRY(44, "early-expiry"),
  /** A receive brings nothing though there is something. */
  EMPTY_RECEIVE(45, "empty-receive"),
  /** A receipt handle no longer works. */
  STALE_HANDLE(46, "stale-handle"),
  /** The wall clock steps. */
  CLOCK_STEP(60, "clock-step");

  private final int code;
  private final String label;

  FaultKind(int code, String label) {
    this.code = code;
    this.label = label;
  }

  /** The kind's name in files and reports. */
  public String label() {
    return label;
  }

  /**
   * The kind of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static FaultKind ofLabel(String label) {
    for (FaultKind each : values()) {
      if (each.label.equals(label)) {
        return each;
      }
    }
    throw new IllegalArgumentException("no fault is called " + label);
  }

  int code() {
    return code;
  }

  static FaultKind ofCode(int code) {
    for (FaultKind each : values()) {
      if (each.code == code) {
        return each;
      }
    }
    throw new IllegalArgumentException("no fault has the code " + code);
  }
}
