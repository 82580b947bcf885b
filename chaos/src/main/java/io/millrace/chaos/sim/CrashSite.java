package io.millrace.chaos.sim;

import io.millrace.chaos.check.RareState;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a crash can be arranged to come. */
enum CrashSite {
  /** Between two turns. */
  BETWEEN_TURNS(null),
  /** Just before or after a record is appended, whichever comes. */
  APPEND(null),
  /** Just before a force. */
  FORCE(null),
  /** Once the first record of a new segment is written. */
  ROLL(RareState.CRASH_DURING_ROLL),
  /** Between two records of one batch. */
  BATCH(RareState.CRASH_DURING_BATCH),
  /** Once the record of a move to the dead-letter queue is written, before anything else is. */
  DEAD_LETTER_MOVE(RareState.CRASH_DURING_DEAD_LETTER_MOVE),
  /** While a checkpoint is written. */
  CHECKPOINT(RareState.CRASH_DURING_CHECKPOINT),
  /** Just before or after a segment is dropped. */
  DROP(null),
  /** While a start recovers. */
  RECOVERY(RareState.CRASH_DURING_RECOVERY);

  private final Optional<RareState> rareState;

  CrashSite(@Nullable RareState rareState) {
    this.rareState = Optional.ofNullable(rareState);
  }

  /** What a crash here shows to have occurred, if that is rare. */
  Optional<RareState> rareState() {
    return rareState;
  }
}
