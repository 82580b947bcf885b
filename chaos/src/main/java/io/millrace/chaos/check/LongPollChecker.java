package io.millrace.chaos.check;

import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.FaultKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * LONG POLL: an empty answer came before the wait was over, or though a message was surely visible
 * in the queue for longer than the {@linkplain Rules#liveness liveness} up to the answer. The
 * second is put down to what last made the message visible: the end of its lease ({@link
 * Invariant#REDELIVERY}), a change of visibility, the end of its delay, or its send, which is this
 * invariant's own.
 *
 * <p>Polls that do not wait are not judged: SQS documents that they look at some servers only.
 */
final class LongPollChecker implements Checker {

  /** Messages looked at for each empty poll, those left alone for longest first. */
  private static final int LOOKED_AT_MAX = 1_000;

  /** Of those that seem to have been missed, how many are looked at again later. */
  private static final int SUSPECTS_MAX = 8;

  /** Where findings go that are another invariant's. */
  record Blame(Findings redelivery, Findings changeVisibility, Findings delay) {}

  private final Surroundings surroundings;
  private final MessageTable table;
  private final Whereabouts whereabouts;
  private final Later later;
  private final Blame blame;
  private final Findings findings = new Findings(Invariant.LONG_POLL);
  private final WakeUps wakeUps = new WakeUps();
  private long empty;
  private long excused;

  LongPollChecker(
      Surroundings surroundings,
      MessageTable table,
      Whereabouts whereabouts,
      Later later,
      Blame blame) {
    this.surroundings = surroundings;
    this.table = table;
    this.whereabouts = whereabouts;
    this.later = later;
    this.blame = blame;
  }

  @Override
  public Invariant invariant() {
    return Invariant.LONG_POLL;
  }

  @Override
  public void onPoll(Entry.Receive poll) {
    if (poll.ending() != Ending.OK || poll.waitMs() == 0 || !poll.deliveries().isEmpty()) {
      return;
    }
    empty++;
    long shortestNs = poll.waitMs() * 1_000_000L - surroundings.rules().timerSlackNs();
    if (poll.returnedNs() - poll.invokedNs() < shortestNs) {
      later.ask(poll.returnedNs(), () -> judgeShort(poll));
    }
    List<Timeline> suspects = suspects(poll);
    if (!suspects.isEmpty()) {
      later.ask(poll.returnedNs(), () -> judgeMissed(poll, suspects));
    }
  }

  @Override
  public void onReceipt(Receipt receipt, Timeline message) {
    Entry.Send send = message.sendOrNull();
    if (send != null
        && message.received() == 1
        && send.delayMs() == 0
        && send.ending() == Ending.OK
        && receipt.polledNs() < send.invokedNs()) {
      wakeUps.add(Math.max(0, receipt.receivedNs() - send.returnedNs()));
    }
  }

  @Override
  public InvariantVerdict verdict() {
    Verdict otherwise =
        empty + wakeUps.count() > 0 ? Verdict.valid() : new Verdict.Unknown("no poll had to wait");
    return InvariantVerdict.of(
            invariant(), findings.or(otherwise), empty + wakeUps.count(), excused)
        .with("emptyLongPolls", empty)
        .with("wakeUps", wakeUps.count())
        .with("wakeUpP50Us", wakeUps.percentileUs(0.50))
        .with("wakeUpP99Us", wakeUps.percentileUs(0.99));
  }

  private List<Timeline> suspects(Entry.Receive poll) {
    List<Timeline> suspects = List.of();
    Timeline message = surroundings.queue(poll.queue()).oldest();
    for (int i = 0; message != null && i < LOOKED_AT_MAX; i++) {
      if (wasMissed(message, poll)) {
        if (suspects.isEmpty()) {
          suspects = new ArrayList<>();
        }
        suspects.add(message);
        if (suspects.size() == SUSPECTS_MAX) {
          break;
        }
      }
      message = message.next;
    }
    return suspects;
  }

  private boolean wasMissed(Timeline message, Entry.Receive poll) {
    long livenessNs = surroundings.rules().livenessNs();
    long fromNs = Math.max(poll.invokedNs(), poll.returnedNs() - livenessNs);
    return poll.returnedNs() - visibleSinceNs(message, poll.returnedNs()) >= livenessNs
        && whereabouts.of(message, poll.queue(), fromNs, poll.returnedNs()) == Whereabouts.VISIBLE;
  }

  /** As far as was known at an instant. */
  private static long visibleSinceNs(Timeline message, long knownNs) {
    Entry.Send send = message.sendOrNull();
    if (send == null) {
      return Timeline.NEVER / 2;
    }
    long sinceNs = send.returnedNs() + send.delayMs() * 1_000_000L;
    for (Receipt receipt : message.receipts()) {
      if (receipt.receivedNs() <= knownNs) {
        sinceNs = Math.max(sinceNs, receipt.latestEndNs());
      }
    }
    return sinceNs;
  }

  private void judgeShort(Entry.Receive poll) {
    if (isExcused(poll)) {
      excused++;
    } else {
      findings.add(
          Entry.NO_ATTEMPT,
          poll.returnedNs(),
          "came back empty after %.3f s, and was to wait %.3f s"
              .formatted((poll.returnedNs() - poll.invokedNs()) / 1e9, poll.waitMs() / 1e3));
    }
  }

  private void judgeMissed(Entry.Receive poll, List<Timeline> suspects) {
    for (Timeline message : suspects) {
      if (wasMissed(message, poll)) {
        if (isExcused(poll)) {
          excused++;
        } else {
          accuse(poll, message);
        }
        return;
      }
    }
  }

  private void accuse(Entry.Receive poll, Timeline message) {
    Receipt last = null;
    for (Receipt receipt : message.receipts()) {
      if (receipt.receivedNs() <= poll.returnedNs() && (last == null || receipt.isAfter(last))) {
        last = receipt;
      }
    }
    String sentence =
        "a poll of %.3f s came back empty, %.3f s after %s"
            .formatted(
                (poll.returnedNs() - poll.invokedNs()) / 1e9,
                (poll.returnedNs() - visibleSinceNs(message, poll.returnedNs())) / 1e9,
                reason(message, last));
    findingsFor(message, last).add(message.attempt(), poll.returnedNs(), sentence);
  }

  private static String reason(Timeline message, @Nullable Receipt last) {
    if (last != null) {
      return last.changed() ? "its changed lease had ended" : "its lease had ended";
    }
    Entry.Send send = message.sendOrNull();
    return send != null && send.delayMs() > 0 ? "its delay had passed" : "it was sent";
  }

  private Findings findingsFor(Timeline message, @Nullable Receipt last) {
    if (last != null) {
      return last.changed() ? blame.changeVisibility() : blame.redelivery();
    }
    Entry.Send send = message.sendOrNull();
    return send != null && send.delayMs() > 0 ? blame.delay() : findings;
  }

  /** At the cap a long poll comes back empty (Amazon SQS developer guide, message quotas). */
  private boolean isExcused(Entry.Receive poll) {
    return surroundings.fired(FaultKind.EMPTY_RECEIVE)
        || InFlightCapChecker.perhapsInFlight(poll, surroundings, whereabouts, table)
            >= surroundings.queue(poll.queue()).inFlightMax();
  }
}
