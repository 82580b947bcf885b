package io.millrace.chaos.check;

import java.util.TreeMap;

/**
 * EXCLUSIVITY: a message was received again while its lease was surely still running. A lease
 * begins between the poll and its answer, so an interval remains in which nothing can be said; that
 * is counted as undecided. Whether the lease was ended by a change of visibility is only known once
 * that has returned, so an accusation waits.
 *
 * <p>A kill is no excuse: it takes no written page away, and a receive is written before it is
 * answered. A power cut is one, since the answer does not wait for the force. A lease that was
 * changed is {@link Invariant#CHANGE_VISIBILITY}'s to judge. Profile {@link Profile#AWS_STANDARD}
 * allows a budget.
 */
final class ExclusivityChecker implements Checker {

  private final Surroundings surroundings;
  private final Later later;
  private final Findings findings = new Findings(Invariant.EXCLUSIVITY);
  private final Findings findingsOfChanged;
  private long pairs;
  private long undecided;
  private long injected;
  private long deliveries;

  /**
   * A checker.
   *
   * @param findingsOfChanged where to report early receives of a lease that was changed
   */
  ExclusivityChecker(Surroundings surroundings, Later later, Findings findingsOfChanged) {
    this.surroundings = surroundings;
    this.later = later;
    this.findingsOfChanged = findingsOfChanged;
  }

  @Override
  public Invariant invariant() {
    return Invariant.EXCLUSIVITY;
  }

  @Override
  public void onReceipt(Receipt now, Timeline message) {
    deliveries++;
    for (Receipt other : message.receipts()) {
      if (other == now) {
        continue;
      }
      pairs++;
      Receipt first = now.isAfter(other) ? other : now;
      Receipt second = first == other ? now : other;
      if (isEarly(first, second)) {
        later.ask(now.receivedNs(), () -> judge(message, first, second));
      } else if (second.polledNs() < first.latestEndNs() + slackNs()) {
        undecided++;
      }
    }
  }

  @Override
  public InvariantVerdict verdict() {
    Verdict otherwise =
        deliveries > 0 ? Verdict.valid() : new Verdict.Unknown("no message was received");
    TreeMap<String, Long> counts = new TreeMap<>();
    if (injected > 0) {
      counts.put("injected", injected);
    }
    if (!surroundings.rules().strict()) {
      counts.put("early", findings.total());
    }
    return new InvariantVerdict(
        invariant(),
        findings.orWithin(surroundings.rules().budget(), deliveries, otherwise),
        pairs,
        undecided,
        counts);
  }

  private boolean isEarly(Receipt first, Receipt second) {
    return second.receivedNs() < first.earliestEndNs() - slackNs();
  }

  private long slackNs() {
    return surroundings.rules().timerSlackNs();
  }

  private void judge(Timeline message, Receipt first, Receipt second) {
    if (!isEarly(first, second)
        || surroundings.mayHaveForgottenReceive(message, first.polledNs(), second.receivedNs())) {
      undecided++;
    } else if (surroundings.mayBeRepeated(message, second.queue())) {
      injected++;
    } else {
      long sinceNs = second.receivedNs() - message.leaseFromNs(first.polledNs());
      if (first.changed()) {
        findingsOfChanged.add(
            message.attempt(),
            second.receivedNs(),
            "received again %.3f s before the end of its changed lease"
                .formatted((first.earliestEndNs() - second.receivedNs()) / 1e9));
      } else {
        findings.add(
            message.attempt(),
            second.receivedNs(),
            "received again %.3f s after it was handed out, with a visibility timeout of %.3f s"
                .formatted(sinceNs / 1e9, first.visibilityNs() / 1e9));
      }
    }
  }
}
