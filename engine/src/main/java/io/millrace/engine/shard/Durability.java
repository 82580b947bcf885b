package io.millrace.engine.shard;

/** What an acknowledged change survives. */
public enum Durability {
  /** Process kill, operating system crash, power cut: a reply waits for a force of the journal. */
  POWER_LOSS("power-loss"),
  /** Process kill: a reply waits for a copy into the page cache. */
  PROCESS_CRASH("process-crash");

  private final String label;

  Durability(String label) {
    this.label = label;
  }

  /** The name on the command line and in reports. */
  public String label() {
    return label;
  }

  /** The level of that label, or an {@link IllegalArgumentException}. */
  public static Durability labelled(String label) {
    for (Durability durability : values()) {
      if (durability.label.equals(label)) {
        return durability;
      }
    }
    throw new IllegalArgumentException("'" + label + "' is neither power-loss nor process-crash");
  }
}
