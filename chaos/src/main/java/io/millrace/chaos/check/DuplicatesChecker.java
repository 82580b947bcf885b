package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * EXPLAINED DUPLICATES: every receive of a message but the first is put down to one cause, the most
 * telling that fits; one that fits none is a violation.
 */
final class DuplicatesChecker implements Checker {

  /** Kills are few; a run with more is judged by its first. */
  private static final int KILLS_MAX = 100_000;

  private final Rules rules;
  private final Findings findings = new Findings(Invariant.EXPLAINED_DUPLICATES);
  private final Map<DuplicateCause, Long> causes = new EnumMap<>(DuplicateCause.class);
  private final List<Entry.Event> kills = new ArrayList<>();
  private long deliveries;

  DuplicatesChecker(Rules rules) {
    this.rules = rules;
    for (DuplicateCause cause : DuplicateCause.values()) {
      causes.put(cause, 0L);
    }
  }

  @Override
  public Invariant invariant() {
    return Invariant.EXPLAINED_DUPLICATES;
  }

  @Override
  public void onEvent(Entry.Event event) {
    if (event.kind() == EventKind.KILL && kills.size() < KILLS_MAX) {
      kills.add(event);
    }
  }

  @Override
  public void onDelivery(Entry.Receive poll, Delivery delivery, Timeline before) {
    deliveries++;
    if (before.receipts().isEmpty() && before.past() == Timeline.Past.NONE) {
      return;
    }
    DuplicateCause cause = causeOf(Receipt.of(poll, delivery), before);
    causes.merge(cause, 1L, Long::sum);
    if (cause == DuplicateCause.UNEXPLAINED) {
      findings.add(
          delivery.attempt(),
          poll.returnedNs(),
          "received %d times; neither an ended lease, nor a kill, nor an unknown delete explains it"
              .formatted(before.receipts().size() + 1));
    }
  }

  @Override
  public InvariantVerdict verdict() {
    SortedMap<String, Long> counts = new TreeMap<>();
    causes.forEach((cause, count) -> counts.put(cause.label(), count));
    Verdict otherwise =
        deliveries > 0 ? Verdict.valid() : new Verdict.Unknown("no message was received");
    return new InvariantVerdict(invariant(), findings.or(otherwise), deliveries, 0, counts);
  }

  private DuplicateCause causeOf(Receipt again, Timeline before) {
    if (before.past() == Timeline.Past.DELETED || again.polledNs() > before.confirmedDeleteNs()) {
      return DuplicateCause.AFTER_DELETE;
    }
    Receipt last = before.latestReceipt().orElse(null);
    if (last == null) {
      return DuplicateCause.UNEXPLAINED;
    }
    long earliestEndNs = before.leaseFromNs(last) + last.visibilityNs() - rules.timerSlackNs();
    boolean leaseMayHaveEnded = again.receivedNs() >= earliestEndNs;
    if (leaseMayHaveEnded && hasUnknownDelete(before)) {
      return DuplicateCause.UNKNOWN_DELETE;
    }
    if (killedBetween(last.polledNs(), again.receivedNs())) {
      return DuplicateCause.CRASH;
    }
    return leaseMayHaveEnded ? DuplicateCause.VISIBILITY_EXPIRED : DuplicateCause.UNEXPLAINED;
  }

  private static boolean hasUnknownDelete(Timeline message) {
    for (Entry.Delete delete : message.deletes()) {
      if (delete.ending() == Ending.INFO) {
        return true;
      }
    }
    return false;
  }

  private boolean killedBetween(long fromNs, long toNs) {
    for (Entry.Event kill : kills) {
      if (kill.invokedNs() <= toNs && kill.returnedNs() >= fromNs) {
        return true;
      }
    }
    return false;
  }
}
