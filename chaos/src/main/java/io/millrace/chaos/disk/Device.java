package io.millrace.chaos.disk;

import java.nio.file.Path;
import java.time.Duration;

/** Decides what becomes of forces: the disk below the file system. Any thread. */
@FunctionalInterface
public interface Device {

  /** Every force succeeds at once. */
  Device SOUND = path -> ForceFate.SUCCEEDS;

  /**
   * What becomes of one force.
   *
   * @param path the file, or the directory whose names are forced
   */
  ForceFate fateOf(Path path);

  /** This device, and where it has nothing to say, another. */
  default Device or(Device other) {
    return path -> {
      ForceFate fate = fateOf(path);
      return fate.equals(ForceFate.SUCCEEDS) ? other.fateOf(path) : fate;
    };
  }

  /** How a force ends. */
  enum Ending {
    /** It reports success, and is one. */
    SUCCEEDS,
    /** It reports an error, and wrote nothing. */
    FAILS,
    /** It reports success, and wrote nothing. */
    IS_LOST
  }

  /**
   * What becomes of one force.
   *
   * @param ending how it ends
   * @param pagesMax how many pages of the file it covers, from the first; more than any file has,
   *     on a sane device
   * @param takes how long it takes
   */
  record ForceFate(Ending ending, int pagesMax, Duration takes) {

    /** Success, at once. */
    public static final ForceFate SUCCEEDS =
        new ForceFate(Ending.SUCCEEDS, Integer.MAX_VALUE, Duration.ZERO);

    /** An error, at once. */
    public static final ForceFate FAILS = new ForceFate(Ending.FAILS, 0, Duration.ZERO);

    /** A lie, at once. */
    public static final ForceFate IS_LOST = new ForceFate(Ending.IS_LOST, 0, Duration.ZERO);

    /** Success, later. */
    public static ForceFate after(Duration takes) {
      return new ForceFate(Ending.SUCCEEDS, Integer.MAX_VALUE, takes);
    }
  }
}
