package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.Fingerprint;
import java.util.HashMap;
import java.util.Map;

/**
 * HANDLES: a receipt handle was given out twice, for one message or for two. The last {@value
 * #GENERATION} to twice as many handles are remembered; an older one that comes again goes unseen,
 * which keeps the memory bounded.
 */
final class HandlesChecker implements Checker {

  private static final int GENERATION = 65_536;

  private final Findings findings = new Findings(Invariant.HANDLES);
  private Map<Fingerprint, Long> recent = new HashMap<>();
  private Map<Fingerprint, Long> older = new HashMap<>();
  private long handles;

  @Override
  public Invariant invariant() {
    return Invariant.HANDLES;
  }

  @Override
  public void onDelivery(Entry.Receive poll, Delivery delivery, Timeline before) {
    handles++;
    Long other = recent.put(delivery.handle(), delivery.attempt());
    if (other == null) {
      other = older.get(delivery.handle());
    }
    if (other != null) {
      findings.add(
          delivery.attempt(),
          poll.returnedNs(),
          other == delivery.attempt()
              ? "two receives of the message carry one handle"
              : "its handle was given out before, for attempt " + other);
    }
    if (recent.size() >= GENERATION) {
      older = recent;
      recent = new HashMap<>();
    }
  }

  @Override
  public InvariantVerdict verdict() {
    Verdict otherwise =
        handles > 0 ? Verdict.valid() : new Verdict.Unknown("no message was received");
    return InvariantVerdict.of(invariant(), findings.or(otherwise), handles, 0);
  }
}
