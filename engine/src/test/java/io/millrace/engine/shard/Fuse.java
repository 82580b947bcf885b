package io.millrace.engine.shard;

/** Burns through after a number of steps and ends whatever runs, as a crash would. */
final class Fuse {

  /** The crash, on its way out to whoever turns the shard. */
  static final class Crash extends Error {
    private static final long serialVersionUID = 1;

    Crash(String where) {
      super("crashed before " + where, null, false, false);
    }
  }

  private long stepsLeft = Long.MAX_VALUE;

  /** Crashes before the n-th step from now, n from 1. */
  void light(long n) {
    stepsLeft = n;
  }

  /** Never crashes. */
  void putOut() {
    stepsLeft = Long.MAX_VALUE;
  }

  boolean isLit() {
    return stepsLeft != Long.MAX_VALUE;
  }

  void step(String what) {
    if (isLit() && --stepsLeft <= 0) {
      stepsLeft = 1; // what is dead stays dead
      throw new Crash(what);
    }
  }
}
