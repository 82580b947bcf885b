package io.millrace.chaos.disk;

import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * A device that fails a force of the journal now and then, never two in a row: the engine gives one
 * failure a second chance, elsewhere.
 */
final class FailingForces implements Device {

  private final int oneIn;
  private final SplittableRandom random;
  private boolean active;
  private boolean failedLast;
  private long failed;

  /**
   * A sound device until {@link #begin}.
   *
   * @param oneIn one of so many forces fails; 0 for none
   */
  FailingForces(int oneIn, SplittableRandom random) {
    this.oneIn = oneIn;
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
    boolean segment = path.toString().endsWith(".cq4");
    if (!active || oneIn == 0 || !segment) {
      return ForceFate.SUCCEEDS;
    }
    failedLast = !failedLast && random.nextInt(oneIn) == 0;
    if (failedLast) {
      failed++;
      return ForceFate.FAILS;
    }
    return ForceFate.SUCCEEDS;
  }
}
