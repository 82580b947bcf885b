package io.millrace.chaos.sim;

import io.millrace.chaos.check.Invariant;
import java.util.function.Supplier;

/**
 * A bug that an engine might have, let in at one of its doors.
 *
 * @param name for the matrix
 * @param door where it is let in
 * @param expected the label of the invariant it breaks, whatever others it breaks with it; {@link
 *     SimRun#TROUBLE} if the engine stops
 * @param world makes the world of one run
 */
record PlantedBug(String name, Door door, String expected, Supplier<SimWorld> world) {

  PlantedBug(String name, Door door, Invariant expected, Supplier<SimWorld> world) {
    this(name, door, expected.label(), world);
  }

  /** Where a bug is let in. */
  enum Door {
    SERVICE,
    JOURNAL,
    STORAGE,
    CLOCK
  }

  @Override
  public String toString() {
    return name;
  }
}
