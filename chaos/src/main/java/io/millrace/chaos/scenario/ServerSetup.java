package io.millrace.chaos.scenario;

/**
 * The server a scenario starts.
 *
 * @param durability {@code power-loss} or {@code process-crash}
 * @param segmentBytes size of a journal segment; small ones roll often
 * @param checkpointBytes journal bytes between two checkpoints
 * @param diskBytes size of a file system for its data that is to fill up; {@link #NO_DISK} for the
 *     machine's own, which is not
 */
public record ServerSetup(
    String durability, long segmentBytes, long checkpointBytes, long diskBytes) {

  /** No file system of its own. */
  public static final long NO_DISK = 0;

  /** The engine's own sizes are for throughput; these show its seams within seconds. */
  public static final ServerSetup DEFAULT =
      new ServerSetup("power-loss", 512L << 10, 1L << 20, NO_DISK);

  /** Whether its disk is to fill up. */
  boolean hasDisk() {
    return diskBytes != NO_DISK;
  }

  /** The same at another level. */
  public ServerSetup at(String level) {
    return new ServerSetup(level, segmentBytes, checkpointBytes, diskBytes);
  }
}
