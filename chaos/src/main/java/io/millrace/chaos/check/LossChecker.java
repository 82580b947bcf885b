package io.millrace.chaos.check;

import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;

/**
 * LOSS: the send was acknowledged, nothing can have removed the message by right ({@link Fates}),
 * and yet the drain is over and the message did not come.
 */
final class LossChecker implements Checker {

  private final Fates fates;
  private final Findings findings = new Findings(Invariant.LOSS);
  private long acknowledged;
  private long notDue;

  LossChecker(Fates fates) {
    this.fates = fates;
  }

  @Override
  public Invariant invariant() {
    return Invariant.LOSS;
  }

  @Override
  public void onSend(Entry.Send send, Timeline before) {
    if (send.ending() == Ending.OK) {
      acknowledged++;
    }
  }

  @Override
  public void onGone(Timeline message) {
    Fates.Fate fate = fates.of(message);
    if (fate == Fates.Fate.MISSING) {
      findings.add(message.attempt(), fates.drainedNs(), sentenceOf(message));
    } else if (fate == Fates.Fate.NOT_DUE) {
      notDue++;
    }
  }

  @Override
  public InvariantVerdict verdict() {
    Verdict otherwise = Verdict.valid();
    if (acknowledged == 0) {
      otherwise = new Verdict.Unknown("no send was acknowledged");
    } else if (!fates.drained()) {
      otherwise =
          new Verdict.Unknown(
              "the queue was not drained, " + notDue + " messages were still to come");
    } else if (notDue > 0) {
      otherwise =
          new Verdict.Unknown("the drain ended before " + notDue + " messages could come again");
    }
    return InvariantVerdict.of(invariant(), findings.or(otherwise), acknowledged, notDue);
  }

  private static String sentenceOf(Timeline message) {
    return message.received() == 0
        ? "acknowledged, never received, and the queue is empty"
        : "acknowledged, received "
            + message.received()
            + " times, never deleted, and it did not come again before the queue was empty";
  }
}
