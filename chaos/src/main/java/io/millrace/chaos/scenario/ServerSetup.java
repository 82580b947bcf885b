package io.millrace.chaos.scenario;

/**
 * The server a scenario starts.
 *
 * @param durability {@code power-loss} or {@code process-crash}
 * @param segmentBytes size of a journal segment; small ones roll often
 * @param checkpointBytes journal bytes between two checkpoints
 */
public record ServerSetup(String durability, long segmentBytes, long checkpointBytes) {

  /** The engine's own sizes are for throughput; these show its seams within seconds. */
  public static final ServerSetup DEFAULT = new ServerSetup("power-loss", 512L << 10, 1L << 20);

  /** The same at another level. */
  public ServerSetup at(String level) {
    return new ServerSetup(level, segmentBytes, checkpointBytes);
  }
}
