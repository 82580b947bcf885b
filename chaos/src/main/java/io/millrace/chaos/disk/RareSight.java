package io.millrace.chaos.disk;

import io.millrace.chaos.check.RareState;
import java.util.Locale;
import java.util.Optional;

/** Rare states that a release run must have gone through; a cut's moment tells most of them. */
public enum RareSight {
  /** The power went while a segment was being made. */
  CUT_DURING_ROLL,
  /** The power went while a checkpoint was being written. */
  CUT_DURING_CHECKPOINT,
  /** The power went again while an engine recovered. */
  CUT_DURING_RECOVERY,
  /** The power went while a batch had no answer. */
  CUT_INSIDE_BATCH,
  /** The power went just after a move to the dead-letter queue. */
  DEAD_LETTER_MOVE_CUT,
  /** The power went while a segment was being dropped. */
  CUT_DURING_DROP,
  /** The power went just after survivors of a segment were carried forward. */
  SURVIVORS_CARRIED,
  /** The power went while the tail was written again after a force had failed. */
  CUT_DURING_TAIL_REWRITE,
  /** A message was deleted by a receipt whose receive the power cut had undone. */
  RECEIPT_OF_LOST_RECEIVE;

  /** The state that every tier counts by, if it is one of those. */
  Optional<RareState> known() {
    return switch (this) {
      case CUT_DURING_ROLL -> Optional.of(RareState.CRASH_DURING_ROLL);
      case CUT_DURING_CHECKPOINT -> Optional.of(RareState.CRASH_DURING_CHECKPOINT);
      case CUT_DURING_RECOVERY -> Optional.of(RareState.CRASH_DURING_RECOVERY);
      case CUT_INSIDE_BATCH -> Optional.of(RareState.CRASH_DURING_BATCH);
      case DEAD_LETTER_MOVE_CUT -> Optional.of(RareState.CRASH_DURING_DEAD_LETTER_MOVE);
      case RECEIPT_OF_LOST_RECEIVE -> Optional.of(RareState.RECEIPT_OF_A_LOST_RECEIVE);
      case CUT_DURING_DROP, SURVIVORS_CARRIED, CUT_DURING_TAIL_REWRITE -> Optional.empty();
    };
  }

  /** The state's name in reports. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
