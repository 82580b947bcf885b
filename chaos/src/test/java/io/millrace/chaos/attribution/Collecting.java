package io.millrace.chaos.attribution;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A process that keeps some objects and collects ten times a second, until it is killed. */
final class Collecting {

  private static final int KEPT = 400_000;
  private static final long PAUSE_NS = 100_000_000;

  private Collecting() {}

  @SuppressWarnings("DoNotCall") // the pause is what it is for
  public static void main(String[] args) {
    List<Object> kept = new ArrayList<>();
    for (int i = 0; i < KEPT; i++) {
      kept.add(new long[] {i});
    }
    while (kept.size() == KEPT) {
      System.gc();
      System.out.println("collected");
      LockSupport.parkNanos(PAUSE_NS);
    }
  }
}
