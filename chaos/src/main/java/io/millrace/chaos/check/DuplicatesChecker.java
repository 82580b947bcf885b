package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.Fingerprint;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * EXPLAINED DUPLICATES: every receive of a message but the first is put down to one cause, the most
 * telling that fits; one that fits none is a violation. A change of visibility is only known once
 * it has returned, so the cause is looked for later.
 */
final class DuplicatesChecker implements Checker {

  private final Surroundings surroundings;
  private final Later later;
  private final Findings findings = new Findings(Invariant.EXPLAINED_DUPLICATES);
  private final Map<DuplicateCause, Long> causes = new EnumMap<>(DuplicateCause.class);
  private long deliveries;

  DuplicatesChecker(Surroundings surroundings, Later later) {
    this.surroundings = surroundings;
    this.later = later;
    for (DuplicateCause cause : DuplicateCause.values()) {
      causes.put(cause, 0L);
    }
  }

  @Override
  public Invariant invariant() {
    return Invariant.EXPLAINED_DUPLICATES;
  }

  @Override
  public void onDelivery(Entry.Receive poll, Delivery delivery, Timeline before) {
    deliveries++;
    if (before.past() != Timeline.Past.NONE) {
      note(afterDelete(delivery.messageId(), poll.queue()));
    }
  }

  @Override
  public void onReceipt(Receipt again, Timeline message) {
    if (message.past() == Timeline.Past.NONE
        && message.received() > 1
        && message.attempt() != Entry.NO_ATTEMPT) {
      int number = message.received();
      Receipt last = before(again, message);
      later.ask(again.receivedNs(), () -> explain(again, last, number, message));
    }
  }

  @Override
  public InvariantVerdict verdict() {
    SortedMap<String, Long> counts = new TreeMap<>();
    causes.forEach((cause, count) -> counts.put(cause.label(), count));
    Verdict otherwise =
        deliveries > 0 ? Verdict.valid() : new Verdict.Unknown("no message was received");
    return new InvariantVerdict(
        invariant(),
        findings.orWithin(surroundings.rules().budget(), deliveries, otherwise),
        deliveries,
        0,
        counts);
  }

  private void explain(Receipt again, @Nullable Receipt last, int number, Timeline message) {
    DuplicateCause cause = causeOf(again, last, message);
    note(cause);
    if (cause == DuplicateCause.UNEXPLAINED) {
      findings.add(
          message.attempt(),
          again.receivedNs(),
          "received %d times; neither an ended lease, nor a kill, nor an unknown delete explains it"
              .formatted(number));
    }
  }

  private DuplicateCause causeOf(Receipt again, @Nullable Receipt last, Timeline message) {
    if (again.polledNs() > message.confirmedDeleteNs()) {
      return afterDelete(message.messageId(), again.queue());
    }
    if (surroundings.mayBeRepeated(message, again.queue())) {
      return DuplicateCause.INJECTED;
    }
    if (last == null) {
      return DuplicateCause.UNEXPLAINED;
    }
    boolean leaseMayHaveEnded =
        again.receivedNs() >= last.earliestEndNs() - surroundings.rules().timerSlackNs();
    if (leaseMayHaveEnded && hasUnknownDelete(message, again.receivedNs())) {
      return DuplicateCause.UNKNOWN_DELETE;
    }
    if (surroundings.crashedBetween(last.polledNs(), again.receivedNs())) {
      return DuplicateCause.CRASH;
    }
    if (!leaseMayHaveEnded) {
      return surroundings.storageWasDamaged() || surroundings.wasDamaged(message)
          ? DuplicateCause.INJECTED
          : DuplicateCause.UNEXPLAINED;
    }
    return last.changed() && again.receivedNs() < last.receivedNs() + last.visibilityNs()
        ? DuplicateCause.VISIBILITY_CHANGED
        : DuplicateCause.VISIBILITY_EXPIRED;
  }

  private DuplicateCause afterDelete(Fingerprint messageId, int queue) {
    return surroundings.mayReturnFromDelete(messageId, queue)
        ? DuplicateCause.INJECTED
        : DuplicateCause.AFTER_DELETE;
  }

  /** The receipt that was handed out last before another; null if there is none. */
  private static @Nullable Receipt before(Receipt again, Timeline message) {
    Receipt last = null;
    for (Receipt receipt : message.receipts()) {
      if (receipt != again && (last == null || receipt.isAfter(last))) {
        last = receipt;
      }
    }
    return last;
  }

  private static boolean hasUnknownDelete(Timeline message, long byNs) {
    for (Entry.Delete delete : message.deletes()) {
      if (delete.ending() == Ending.INFO && delete.invokedNs() <= byNs) {
        return true;
      }
    }
    return false;
  }

  private void note(DuplicateCause cause) {
    causes.merge(cause, 1L, Long::sum);
  }
}
