package io.millrace.chaos.disk;

import java.util.Locale;

/** What the engine was in the middle of when the power was cut. */
public enum Moment {
  /** Any instant of traffic. */
  TRAFFIC(3, 6),
  /** A force of the journal was under way. */
  FORCE(5, 12),
  /** A new segment was being made or first forced. */
  ROLL(5, 3),
  /** A checkpoint was being written. */
  CHECKPOINT(6, 6),
  /** A segment or a checkpoint was being dropped. */
  DROP(4, 2),
  /** Messages had just been carried forward. */
  CARRY(2, 1),
  /** A message had just been moved to the dead-letter queue. */
  DEAD_LETTER(3, 1),
  /** A receive had been answered, and nothing had asked for a force since. */
  RECEIVE(1, 1),
  /** A batch was without an answer. */
  BATCH(4, 2),
  /** The first start, before anything was sent. */
  START(2, 6),
  /** A recovery was under way. */
  RECOVERY(3, 15),
  /** A force had failed and the journal's tail was being written again. */
  TAIL_REWRITE(4, 2);

  private final int cutsMax;
  private final int oneIn;

  Moment(int cutsMax, int oneIn) {
    this.cutsMax = cutsMax;
    this.oneIn = oneIn;
  }

  /** How often one life of an engine is cut at such a moment, at most. */
  int cutsMax() {
    return cutsMax;
  }

  /** One of so many such moments is chosen. */
  int oneIn() {
    return oneIn;
  }

  /** The moment's name in reports. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
