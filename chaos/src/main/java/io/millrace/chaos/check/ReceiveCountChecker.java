package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Entry;

/**
 * RECEIVE COUNT: a receive that began after another of the same message had ended carries a higher
 * count, and no count is below the number of receives seen. A kill is no excuse, since it takes no
 * written page away; a power cut is one, since receives are answered before they are forced.
 */
final class ReceiveCountChecker implements Checker {

  private final Surroundings surroundings;
  private final Findings findings = new Findings(Invariant.RECEIVE_COUNT);
  private long counted;

  ReceiveCountChecker(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Invariant invariant() {
    return Invariant.RECEIVE_COUNT;
  }

  @Override
  public void onDelivery(Entry.Receive poll, Delivery delivery, Timeline before) {
    int count = delivery.receiveCount();
    if (count == 0 || surroundings.mayBeRepeated(before, poll.queue())) {
      return;
    }
    counted++;
    int ended = 0;
    for (Receipt receipt : before.receipts()) {
      if (receipt.receivedNs() < poll.invokedNs()
          && !surroundings.mayHaveForgottenReceive(before, receipt.polledNs(), poll.returnedNs())) {
        ended++;
        if (receipt.delivery().receiveCount() >= count) {
          findings.add(
              delivery.attempt(),
              poll.returnedNs(),
              "receive count %d after %d".formatted(count, receipt.delivery().receiveCount()));
          return;
        }
      }
    }
    if (count < ended + 1) {
      findings.add(
          delivery.attempt(),
          poll.returnedNs(),
          "receive count %d at receive number %d".formatted(count, ended + 1));
    }
  }

  @Override
  public InvariantVerdict verdict() {
    Verdict otherwise =
        counted > 0 ? Verdict.valid() : new Verdict.Unknown("no receive carried a count");
    return InvariantVerdict.of(invariant(), findings.or(otherwise), counted, 0);
  }
}
