package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;

/**
 * PURGE: a message whose send had returned before a purge began was received by a poll that began
 * after the purge was over: a minute after, as SQS documents it, or at once, as Millrace promises.
 * That what was sent afterwards is untouched is {@link Invariant#LOSS}'s to judge.
 */
final class PurgeChecker implements Checker {

  private final Surroundings surroundings;
  private final Findings findings = new Findings(Invariant.PURGE);
  private long purges;
  private long purged;

  PurgeChecker(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Invariant invariant() {
    return Invariant.PURGE;
  }

  @Override
  public void onOther(Entry entry) {
    if (entry instanceof Entry.Purge purge && purge.ending() == Ending.OK) {
      purges++;
    }
  }

  @Override
  public void onDelivery(Entry.Receive poll, Delivery delivery, Timeline before) {
    long purgedNs = before.surelyPurgedNs();
    if (purgedNs != Timeline.NEVER
        && before.homeQueue() == poll.queue()
        && poll.invokedNs() > purgedNs + surroundings.rules().purgeWindowNs()
        && !surroundings.mayHaveForgotten(purgedNs)
        && !surroundings.wasDamaged(delivery.messageId(), poll.queue())
        && !surroundings.mayReturnFromDelete(delivery.messageId(), poll.queue())) {
      findings.add(
          delivery.attempt(),
          poll.returnedNs(),
          "received %.3f s after a purge".formatted((poll.returnedNs() - purgedNs) / 1e9));
    }
  }

  @Override
  public void onGone(Timeline message) {
    if (message.surelyPurgedNs() != Timeline.NEVER) {
      purged++;
    }
  }

  @Override
  public InvariantVerdict verdict() {
    Verdict otherwise =
        purged > 0 ? Verdict.valid() : new Verdict.Unknown("no purge met a message");
    return InvariantVerdict.of(invariant(), findings.or(otherwise), purged, 0)
        .with("purges", purges);
  }
}
