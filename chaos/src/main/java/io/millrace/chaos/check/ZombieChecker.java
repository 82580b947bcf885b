package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import java.util.Map;
import java.util.TreeMap;

/**
 * ZOMBIE: a poll that began after a confirmed delete had returned brought the message back.
 *
 * <p>A message that comes back across a crash is counted apart as <em>resurrected</em>: its delete
 * was acknowledged and then forgotten. Profile {@link Profile#AWS_STANDARD} counts both and judges
 * neither.
 */
final class ZombieChecker implements Checker {

  private final Rules rules;
  private final Findings findings = new Findings(Invariant.ZOMBIE);
  private long confirmed;
  private long resurrected;
  private long undecided;
  private long lastKillNs = Long.MIN_VALUE;

  ZombieChecker(Rules rules) {
    this.rules = rules;
  }

  @Override
  public Invariant invariant() {
    return Invariant.ZOMBIE;
  }

  @Override
  public void onDelivery(Entry.Receive poll, Delivery delivery, Timeline before) {
    if (before.past() == Timeline.Past.DELETED) {
      // It left the table a whole grace after its delete, so a poll no longer than that began after
      // it.
      if (poll.returnedNs() - poll.invokedNs() <= rules.graceNs()) {
        accuse(poll, delivery, lastKillNs != Long.MIN_VALUE);
      } else {
        undecided++;
      }
    } else if (poll.invokedNs() > before.confirmedDeleteNs()) {
      accuse(poll, delivery, lastKillNs >= before.confirmedDeleteNs());
    }
  }

  @Override
  public void onEvent(Entry.Event event) {
    if (event.kind() == EventKind.KILL) {
      lastKillNs = event.invokedNs();
    }
  }

  @Override
  public void onGone(Timeline message) {
    if (message.confirmedDeleteNs() != Timeline.NEVER) {
      confirmed++;
    }
  }

  @Override
  public InvariantVerdict verdict() {
    Verdict otherwise =
        confirmed > 0
            ? Verdict.valid()
            : new Verdict.Unknown("no delete was confirmed, so none could be undone");
    Verdict verdict = rules.profile() == Profile.STRICT ? findings.or(otherwise) : otherwise;
    return new InvariantVerdict(
        invariant(),
        verdict,
        confirmed,
        undecided,
        new TreeMap<>(Map.of("receivedAfterDelete", findings.total(), "resurrected", resurrected)));
  }

  private void accuse(Entry.Receive poll, Delivery delivery, boolean acrossKill) {
    if (acrossKill) {
      resurrected++;
    }
    findings.add(
        delivery.attempt(),
        poll.returnedNs(),
        "received again after a confirmed delete"
            + (acrossKill ? "; the server was killed in between" : ""));
  }
}
