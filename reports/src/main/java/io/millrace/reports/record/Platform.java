package io.millrace.reports.record;

/**
 * The platform's own noise, measured beside the run, steady phase only unless said otherwise. It is
 * shown and judged by, never subtracted.
 *
 * @param controlHiccupMs delays of a thread that asks to sleep 1 ms, in a separate JVM that does
 *     nothing else: the machine's noise
 * @param hiccupMs the same inside the lab's JVM: the machine's noise and the lab's own
 * @param forceMs write of 1 KiB and force on the queue's own file system
 * @param sendDelayMs intended to actual send instant: how late the generator itself was
 */
public record Platform(
    LatencySummary controlHiccupMs,
    LatencySummary hiccupMs,
    LatencySummary forceMs,
    LatencySummary sendDelayMs) {
  /** Nothing measured. */
  public static final Platform NONE =
      new Platform(
          LatencySummary.NONE, LatencySummary.NONE, LatencySummary.NONE, LatencySummary.NONE);
}
