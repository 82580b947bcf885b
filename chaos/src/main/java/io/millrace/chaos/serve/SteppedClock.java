package io.millrace.chaos.serve;

import io.millrace.chaos.policy.ChaosPolicy;
import io.millrace.chaos.policy.ClockStep;
import io.millrace.chaos.policy.FaultLog;
import io.millrace.chaos.policy.Mishap;
import io.millrace.engine.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The machine's wall clock, off by as much as the policy's steps have moved it. The engine's time
 * leans towards it, as towards a clock that an administrator sets. A step has fired when the engine
 * read the clock after it.
 *
 * <p>A new policy takes all earlier steps back.
 *
 * <p>Threads: any; the engine reads it from one.
 */
final class SteppedClock {

  private final LongSupplier wallMs;
  private final ScheduledExecutorService timer;
  private final FaultLog log;

  // All guarded by this.
  private long offMs;
  private final List<Future<?>> steps = new ArrayList<>();
  private final List<FaultLog.Planned> unseen = new ArrayList<>();

  SteppedClock(LongSupplier wallMs, ScheduledExecutorService timer, FaultLog log) {
    this.wallMs = wallMs;
    this.timer = timer;
    this.log = log;
  }

  /** The engine's clock over this one. */
  Time time(long notBeforeMs) {
    return Time.slewed(notBeforeMs, this::nowMs, System::nanoTime);
  }

  synchronized long nowMs() {
    long nowMs = wallMs.getAsLong() + offMs;
    if (!unseen.isEmpty()) {
      unseen.forEach(plan -> plan.fired("the engine read a wall clock " + offMs + " ms off"));
      unseen.clear();
    }
    return nowMs;
  }

  synchronized void follow(ChaosPolicy policy) {
    steps.forEach(step -> step.cancel(false));
    steps.clear();
    unseen.forEach(plan -> plan.missed("another policy came before the engine looked"));
    unseen.clear();
    if (offMs != 0) {
      step(-offMs, "back to the machine's clock");
    }
    for (ClockStep step : policy.clock()) {
      steps.add(
          timer.schedule(
              () -> step(step.byMs(), "as planned, after " + step.afterMs() + " ms"),
              step.afterMs(),
              TimeUnit.MILLISECONDS));
    }
  }

  private synchronized void step(long byMs, String why) {
    offMs += byMs;
    unseen.add(log.plan(Mishap.CLOCK_STEP, "", byMs + " ms", why));
  }
}
