package io.millrace.chaos.run;

import io.millrace.reports.record.Plan;
import java.time.Duration;
import java.util.Random;

/**
 * What a run sets out to do, fixed before it begins.
 *
 * @param quick whether it was asked to be quick; decides rate, length and warm-up where they are
 *     not given
 * @param seed decides customers, padding, which messages the faults hit and the instant of the kill
 * @param rate orders a second, 1 to {@value #RATE_MAX}
 * @param seconds how long orders are sent, {@value #SECONDS_MIN} to {@value #SECONDS_MAX}
 */
public record RunPlan(boolean quick, long seed, int rate, int seconds) {

  /** Beyond it the blocking clients would be measured, not the queue. */
  public static final int RATE_MAX = 20_000;

  /** Below it no phase has room. */
  public static final int SECONDS_MIN = 4;

  /** An hour; the history grows with it, about 0.3 KB for each message. */
  public static final int SECONDS_MAX = 3_600;

  /** "Under 10 ms" is the question the run answers. */
  public static final double SLO_MS = 10;

  /** The body; its attributes come on top. */
  static final int BODY_BYTES = 1_024;

  /**
   * Enough that a stall of some milliseconds leaves somebody to send the next order. Each waits for
   * its own instant, so an idle one costs nothing.
   */
  static final int PRODUCERS = 16;

  /** One always polls while the others look at, or delete, what they received. */
  static final int CONSUMERS = 4;

  static final Duration POLL_WAIT = Duration.ofSeconds(1);

  /** Short, so that what a crash left in flight comes again within the run. */
  static final Duration VISIBILITY = Duration.ofSeconds(5);

  static final String DURABILITY = "power-loss";

  private static final int IDLE_SECONDS = 10;
  private static final int IDLE_SECONDS_QUICK = 2;
  private static final double KILL_EARLIEST = 0.80;
  private static final double KILL_SPAN = 0.04;

  /** Checks the ranges. */
  public RunPlan {
    if (rate < 1 || rate > RATE_MAX) {
      throw new IllegalArgumentException("a rate of 1 to " + RATE_MAX + ", not " + rate);
    }
    if (seconds < SECONDS_MIN || seconds > SECONDS_MAX) {
      throw new IllegalArgumentException(
          SECONDS_MIN + " to " + SECONDS_MAX + " seconds, not " + seconds);
    }
  }

  /** How many orders there are. */
  long orders() {
    return (long) rate * seconds;
  }

  /**
   * How long, at least, the same load runs through another queue first, unmeasured and unjudged:
   * class loading and compilation are the JVM's news, not the queue's. When it is over, {@link
   * WarmUp} says.
   */
  Duration warmUpMin() {
    return quick ? Duration.ofSeconds(2) : Duration.ofSeconds(5);
  }

  /** When the warm-up ends even so. */
  Duration warmUpMax() {
    return quick ? Duration.ofSeconds(6) : Duration.ofSeconds(20);
  }

  /** How long the machine is metered by itself, before the server starts and after it has ended. */
  int idleSeconds() {
    return quick ? IDLE_SECONDS_QUICK : IDLE_SECONDS;
  }

  /** When a window's faults are put in force, after the first order. */
  Duration begin(FaultWindow window) {
    return share(window.fromShare());
  }

  /** When the last window's are taken back. */
  Duration endOfFaults() {
    return share(FaultWindow.END_SHARE);
  }

  /**
   * When the kill is due after the first order, once most leases of lost answers have ended; drawn
   * from the seed.
   */
  Duration killAfter() {
    double share = KILL_EARLIEST + KILL_SPAN * new Random(seed).nextDouble();
    return share(share);
  }

  private Duration share(double share) {
    return Duration.ofNanos((long) (seconds * 1e9 * share));
  }

  /**
   * How long after the schedule's end orders may still be sent; what is left then is missed, and
   * the verdict is open.
   */
  Duration overrun() {
    return quick ? Duration.ofSeconds(4) : Duration.ofSeconds(8);
  }

  /** The command that repeats the run. */
  String command() {
    return "./millrace run %s--seed %d --rate %d --seconds %d"
        .formatted(quick ? "--quick " : "", seed, rate, seconds);
  }

  /** The plan as the report has it. */
  Plan forReport(long killAtMs) {
    return new Plan(
        command(),
        rate,
        seconds,
        orders(),
        BODY_BYTES,
        PRODUCERS,
        CONSUMERS,
        DURABILITY,
        (int) VISIBILITY.toSeconds(),
        killAtMs,
        SLO_MS);
  }
}
