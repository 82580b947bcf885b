package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Entry;
import java.util.TreeMap;

/**
 * ZOMBIE and DELETE DURABILITY: a poll that began after a confirmed delete had returned brought the
 * message back. Across a crash the delete was acknowledged and then forgotten: the message was
 * <em>resurrected</em>, which is the second invariant's to judge. Two instances, one for each.
 *
 * <p>Profile {@link Profile#AWS_STANDARD} allows a budget.
 */
final class ZombieChecker implements Checker {

  private final Surroundings surroundings;
  private final Invariant invariant;
  private final Findings findings;
  private long confirmed;
  private long undecided;
  private long injected;
  private long firstConfirmedNs = Timeline.NEVER;

  /**
   * A checker.
   *
   * @param invariant {@link Invariant#ZOMBIE} or {@link Invariant#DELETE_DURABILITY}
   */
  ZombieChecker(Surroundings surroundings, Invariant invariant) {
    this.surroundings = surroundings;
    this.invariant = invariant;
    this.findings = new Findings(invariant);
  }

  @Override
  public Invariant invariant() {
    return invariant;
  }

  @Override
  public void onDelivery(Entry.Receive poll, Delivery delivery, Timeline before) {
    if (before.past() == Timeline.Past.DELETED) {
      // It left the table two longest operations after its delete, so this poll began after it.
      accuse(poll, delivery, surroundings.crashedBetween(firstConfirmedNs, poll.returnedNs()));
    } else if (poll.invokedNs() > before.confirmedDeleteNs()) {
      accuse(
          poll,
          delivery,
          surroundings.crashedBetween(before.confirmedDeleteNs(), poll.returnedNs()));
    }
  }

  @Override
  public void onDelete(Entry.Delete delete, Timeline before) {
    if (before.confirmedDeleteNs() < firstConfirmedNs) {
      firstConfirmedNs = before.confirmedDeleteNs();
    }
  }

  @Override
  public void onGone(Timeline message) {
    long deletedNs = message.confirmedDeleteNs();
    if (deletedNs == Timeline.NEVER) {
      return;
    }
    firstConfirmedNs = Math.min(firstConfirmedNs, deletedNs);
    confirmed++;
  }

  @Override
  public InvariantVerdict verdict() {
    boolean exercised =
        confirmed > 0
            && (invariant == Invariant.ZOMBIE || firstConfirmedNs <= surroundings.lastCrashNs());
    Verdict otherwise =
        exercised
            ? Verdict.valid()
            : new Verdict.Unknown(
                invariant == Invariant.ZOMBIE
                    ? "no delete was confirmed, so none could be undone"
                    : "no crash came after a confirmed delete");
    TreeMap<String, Long> counts = new TreeMap<>();
    counts.put(
        invariant == Invariant.ZOMBIE ? "receivedAfterDelete" : "resurrected", findings.total());
    if (injected > 0) {
      counts.put("injected", injected);
    }
    return new InvariantVerdict(
        invariant,
        findings.orWithin(surroundings.rules().budget(), confirmed, otherwise),
        exercised ? confirmed : 0,
        undecided,
        counts);
  }

  private void accuse(Entry.Receive poll, Delivery delivery, boolean acrossCrash) {
    if (acrossCrash != (invariant == Invariant.DELETE_DURABILITY)) {
      return;
    }
    if (surroundings.mayReturnFromDelete(delivery.messageId(), poll.queue())) {
      injected++;
    } else if (surroundings.wasDamaged(delivery.messageId(), poll.queue())) {
      undecided++;
    } else if (acrossCrash && surroundings.mayHaveForgotten(firstConfirmedNs)) {
      undecided++;
    } else {
      findings.add(
          delivery.attempt(),
          poll.returnedNs(),
          "received again after a confirmed delete"
              + (acrossCrash ? "; the server died in between" : ""));
    }
  }
}
