package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.FaultKind;
import java.util.Map;
import java.util.TreeMap;

/**
 * INFO SEND: an attempt was received under two message ids, so it made two messages. A send of
 * unknown outcome whose message is received was <em>recovered</em>; that is legal, and counted.
 */
final class InfoSendChecker implements Checker {

  private final Surroundings surroundings;
  private final Findings findings = new Findings(Invariant.INFO_SEND);
  private long unknown;
  private long recovered;
  private long deliveries;

  InfoSendChecker(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Invariant invariant() {
    return Invariant.INFO_SEND;
  }

  @Override
  public void onSend(Entry.Send send, Timeline before) {
    if (send.ending() == Ending.INFO) {
      unknown++;
    }
  }

  @Override
  public void onDelivery(Entry.Receive poll, Delivery delivery, Timeline before) {
    deliveries++;
    if (!before.receipts().isEmpty()) {
      Delivery first = before.receipts().get(0).delivery();
      if (!first.messageId().equals(delivery.messageId())
          && !surroundings.injected(
              delivery.messageId(), poll.queue(), FaultKind.DUPLICATED_REQUEST)) {
        findings.add(
            delivery.attempt(),
            poll.returnedNs(),
            "one attempt, received as message "
                + first.messageId()
                + " and as "
                + delivery.messageId());
      }
    }
  }

  @Override
  public void onGone(Timeline message) {
    if (message.sendEnded(Ending.INFO) && !message.receipts().isEmpty()) {
      recovered++;
    }
  }

  @Override
  public InvariantVerdict verdict() {
    Verdict otherwise =
        deliveries > 0 ? Verdict.valid() : new Verdict.Unknown("no message was received");
    return new InvariantVerdict(
        invariant(),
        findings.or(otherwise),
        deliveries,
        0,
        new TreeMap<>(Map.of("unknownSends", unknown, "recovered", recovered)));
  }
}
