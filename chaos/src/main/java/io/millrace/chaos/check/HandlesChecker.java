package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.Fingerprint;

/**
 * HANDLES: a receipt handle was given out twice, for one message or for two; or one was accepted
 * that no receive gave out, or that was given out by another queue. Only the last handles are
 * remembered ({@link RecentHandles}); an older one that comes again goes unseen, which keeps the
 * memory bounded.
 *
 * <p>A poll without an answer may have given handles out that nobody saw; a handle that no delivery
 * carried is known for forged only because its user says so, by naming no attempt.
 */
final class HandlesChecker implements Checker {

  private final Surroundings surroundings;
  private final Findings findings = new Findings(Invariant.HANDLES);
  private final RecentHandles given = new RecentHandles();
  private long handles;
  private long forged;

  HandlesChecker(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Invariant invariant() {
    return Invariant.HANDLES;
  }

  @Override
  public void onDelivery(Entry.Receive poll, Delivery delivery, Timeline before) {
    handles++;
    long other = given.attemptOf(delivery.handle());
    if (other != RecentHandles.UNKNOWN && !surroundings.mayBeRepeated(before, poll.queue())) {
      findings.add(
          delivery.attempt(),
          poll.returnedNs(),
          other == delivery.attempt()
              ? "two receives of the message carry one handle"
              : "its handle was given out before, for attempt " + other);
    }
    given.add(delivery.handle(), delivery.attempt());
  }

  @Override
  public void onDelete(Entry.Delete delete, Timeline before) {
    used(delete, delete.handle(), delete.attempt(), delete.queue(), before);
  }

  @Override
  public void onVisibility(Entry.Visibility change, Timeline before) {
    used(change, change.handle(), change.attempt(), change.queue(), before);
  }

  @Override
  public InvariantVerdict verdict() {
    Verdict otherwise =
        handles > 0 ? Verdict.valid() : new Verdict.Unknown("no message was received");
    return InvariantVerdict.of(invariant(), findings.or(otherwise), handles, 0)
        .with("forgedHandlesUsed", forged);
  }

  private void used(Entry use, Fingerprint handle, long attempt, int queue, Timeline before) {
    if (attempt == Entry.NO_ATTEMPT) {
      if (given.attemptOf(handle) == RecentHandles.UNKNOWN) {
        forged++;
        if (use.ending() == Ending.OK) {
          findings.add(attempt, use.returnedNs(), "a handle was accepted that nobody was given");
        }
      }
      return;
    }
    Receipt receipt = before.receiptOf(handle);
    if (receipt != null && receipt.queue() != queue && use.ending() == Ending.OK) {
      findings.add(
          attempt,
          use.returnedNs(),
          "a handle of queue %d was accepted by queue %d".formatted(receipt.queue(), queue));
    }
  }
}
