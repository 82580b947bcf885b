package io.millrace.chaos.check;

import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import java.util.ArrayList;
import java.util.List;

/**
 * LOSS: the send was acknowledged, no delete of any of its handles can have taken effect, and yet
 * the drain is over and the message did not come.
 *
 * <p>A message that was received and whose delete surely failed must come again once its lease has
 * ended; it is lost only if the drain went on long enough for that. Deletes of unknown outcome, and
 * deletes by a handle that may have been stale, leave both endings legal.
 */
final class LossChecker implements Checker {

  private final Rules rules;
  private final Findings findings = new Findings(Invariant.LOSS);
  private final List<Timeline> suspects = new ArrayList<>();
  private long acknowledged;
  private long suspectsInAll;
  private long drainedNs = Timeline.NEVER;

  LossChecker(Rules rules) {
    this.rules = rules;
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
  public void onEvent(Entry.Event event) {
    if (event.kind() == EventKind.DRAINED) {
      drainedNs = event.returnedNs();
    }
  }

  @Override
  public void onGone(Timeline message) {
    if (!message.sendEnded(Ending.OK) || message.mayBeDeleted()) {
      return;
    }
    suspectsInAll++;
    if (drainedNs == Timeline.NEVER) {
      return;
    }
    long dueNs =
        message
            .latestReceipt()
            .map(receipt -> receipt.receivedNs() + receipt.visibilityNs() + rules.livenessNs())
            .orElseGet(() -> message.send().orElseThrow().returnedNs() + rules.livenessNs());
    if (dueNs <= drainedNs) {
      findings.add(message.attempt(), drainedNs, sentenceOf(message));
    } else {
      suspects.add(message);
    }
  }

  @Override
  public InvariantVerdict verdict() {
    Verdict otherwise = Verdict.valid();
    if (acknowledged == 0) {
      otherwise = new Verdict.Unknown("no send was acknowledged");
    } else if (drainedNs == Timeline.NEVER) {
      otherwise =
          new Verdict.Unknown(
              "the queue was not drained, " + suspectsInAll + " messages were still to come");
    } else if (!suspects.isEmpty()) {
      otherwise =
          new Verdict.Unknown(
              "the drain ended before " + suspects.size() + " messages could come again");
    }
    return InvariantVerdict.of(invariant(), findings.or(otherwise), acknowledged, suspects.size());
  }

  private static String sentenceOf(Timeline message) {
    int receipts = message.receipts().size();
    return receipts == 0
        ? "acknowledged, never received, and the queue is empty"
        : "acknowledged, received "
            + receipts
            + " times, never deleted, and it did not come again before the queue was empty";
  }
}
