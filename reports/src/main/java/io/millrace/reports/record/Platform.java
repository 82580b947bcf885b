package io.millrace.reports.record;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The platform's own noise, measured beside the run, steady phase only unless said otherwise. It is
 * shown and judged by, never subtracted.
 *
 * @param controlHiccupMs delays of a thread that asks to sleep 1 ms, in a separate JVM that does
 *     nothing else: the machine's noise
 * @param hiccupMs the same inside the lab's JVM: the machine's noise and the lab's own
 * @param forceMs write of 1 KiB and force on the queue's own file system
 * @param sendDelayMs intended to actual send instant: how late the generator itself was
 * @param generator how the kernel schedules the thread that sends, in words; empty where nobody
 *     said, or the record is older
 * @param idle the machine by itself, before the service was started and after it had ended; empty
 *     where it was not metered, or the record is older
 */
public record Platform(
    LatencySummary controlHiccupMs,
    LatencySummary hiccupMs,
    LatencySummary forceMs,
    LatencySummary sendDelayMs,
    String generator,
    List<Idle> idle) {
  /** Nothing measured. */
  public static final Platform NONE =
      new Platform(
          LatencySummary.NONE,
          LatencySummary.NONE,
          LatencySummary.NONE,
          LatencySummary.NONE,
          "",
          List.of());

  /** Copies the list. */
  public Platform {
    generator = orEmpty(generator);
    idle = orNone(idle);
  }

  /** The same with the machine by itself. */
  public Platform withIdle(List<Idle> metered) {
    return new Platform(controlHiccupMs, hiccupMs, forceMs, sendDelayMs, generator, metered);
  }

  /** The same with how what sent was scheduled. */
  public Platform withGenerator(String scheduled) {
    return new Platform(controlHiccupMs, hiccupMs, forceMs, sendDelayMs, scheduled, idle);
  }

  private static String orEmpty(@Nullable String words) {
    return words == null ? "" : words;
  }

  private static <T> List<T> orNone(@Nullable List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }
}
