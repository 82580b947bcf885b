package io.millrace.chaos.inject;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The moment a kill is meant for. */
public enum KillAim {
  /** Any at which changes have no answer yet. */
  ANYTIME,
  /** While a batch request has no answer yet. */
  BATCH,
  /** While the journal goes from one segment to the next. */
  ROLL,
  /** While a checkpoint is being written. */
  CHECKPOINT,
  /** While a server reads its journal at its start. */
  RECOVERY;

  /** The name in scenarios. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The aim of that name. */
  public static Optional<KillAim> labelled(String label) {
    return Arrays.stream(values()).filter(aim -> aim.label().equals(label)).findAny();
  }
}
