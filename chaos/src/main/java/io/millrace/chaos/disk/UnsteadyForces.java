package io.millrace.chaos.disk;

import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * A device that takes its time for a force of the journal now and then, and fails one now and then,
 * never two in a row: the engine gives one failure a second chance, elsewhere.
 */
final class UnsteadyForces implements Device {

  private static final int ONE_IN_SLOW = 6;
  private static final int SLOW_MICROS_MAX = 2_000;

  private final int oneInFails;
  private final SplittableRandom random;
  private boolean active;
  private boolean failedLast;
  private long failed;

  /**
   * A sound device until {@link #begin}.
   *
   * @param oneInFails one of so many forces fails; 0 for none
   */
  UnsteadyForces(int oneInFails, SplittableRandom random) {
    this.oneInFails = oneInFails;
    this.random = random;
  }

  synchronized void begin() {
    active = true;
  }

  synchronized void end() {
    active = false;
  }

  synchronized long failed() {
    return failed;
  }

  @Override
  public synchronized ForceFate fateOf(Path path) {
    if (!active || !path.toString().endsWith(".cq4")) {
      return ForceFate.SUCCEEDS;
    }
    failedLast = !failedLast && oneInFails > 0 && random.nextInt(oneInFails) == 0;
    if (failedLast) {
      failed++;
      return ForceFate.FAILS;
    }
    return random.nextInt(ONE_IN_SLOW) == 0
        ? ForceFate.after(Duration.ofNanos(1_000L * random.nextInt(SLOW_MICROS_MAX)))
        : ForceFate.SUCCEEDS;
  }
}
