package io.millrace.chaos.check;

import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import java.util.TreeMap;

/**
 * IN-FLIGHT CAP: more messages were surely in flight at one instant than the queue allows, or a
 * receive was refused as over the limit though fewer can have been in flight.
 *
 * <p>Counting means looking at every message in play, so it is done only when the number of
 * deliveries since the last count could have reached the cap, and then not at each delivery but
 * after every sixty-fourth of the cap.
 */
final class InFlightCapChecker implements Checker {

  /** The refusal, as SQS words its code. */
  private static final String OVER_LIMIT = "OverLimit";

  private final Surroundings surroundings;
  private final MessageTable table;
  private final Whereabouts whereabouts;
  private final Later later;
  private final Findings findings = new Findings(Invariant.IN_FLIGHT_CAP);
  private final TreeMap<Integer, Long> possible = new TreeMap<>();
  private long delivered;
  private long atTheCap;
  private long refused;

  InFlightCapChecker(
      Surroundings surroundings, MessageTable table, Whereabouts whereabouts, Later later) {
    this.surroundings = surroundings;
    this.table = table;
    this.whereabouts = whereabouts;
    this.later = later;
  }

  @Override
  public Invariant invariant() {
    return Invariant.IN_FLIGHT_CAP;
  }

  @Override
  public void onPoll(Entry.Receive poll) {
    if (poll.ending() == Ending.FAIL && poll.reason().contains(OVER_LIMIT)) {
      refused++;
      later.ask(poll.returnedNs(), () -> judgeRefusal(poll));
    } else if (!poll.deliveries().isEmpty()) {
      delivered += poll.deliveries().size();
      long now = possible.merge(poll.queue(), (long) poll.deliveries().size(), Long::sum);
      if (now > surroundings.queue(poll.queue()).inFlightMax()) {
        long cap = surroundings.queue(poll.queue()).inFlightMax();
        possible.put(poll.queue(), cap - cap / 64);
        long deliveredNow = delivered;
        later.ask(poll.returnedNs(), () -> judgeCount(poll, deliveredNow));
      }
    }
  }

  @Override
  public InvariantVerdict verdict() {
    Verdict otherwise =
        atTheCap + refused > 0 ? Verdict.valid() : new Verdict.Unknown("the cap was never reached");
    return InvariantVerdict.of(
            invariant(), findings.or(otherwise), atTheCap + refused + findings.total(), 0)
        .with("refusedOverLimit", refused);
  }

  private void judgeCount(Entry.Receive poll, long deliveredThen) {
    Whereabouts.Tally tally =
        whereabouts.tally(table, poll.queue(), poll.returnedNs(), poll.returnedNs());
    long cap = surroundings.queue(poll.queue()).inFlightMax();
    if (tally.inFlightMin() > cap) {
      findings.add(
          poll.deliveries().get(0).attempt(),
          poll.returnedNs(),
          "%d messages in flight at once, %d are allowed".formatted(tally.inFlightMin(), cap));
    } else if (tally.inFlightMax() >= cap) {
      atTheCap++;
    } else {
      possible.put(poll.queue(), tally.inFlightMax() + delivered - deliveredThen);
    }
  }

  /**
   * How many messages may have been in flight at some instant of a poll: those that anybody may
   * hold, and the copies that requests done twice made. No bound is known while a poll whose answer
   * was lost may hold some.
   */
  static long perhapsInFlight(
      Entry.Receive poll, Surroundings surroundings, Whereabouts whereabouts, MessageTable table) {
    if (surroundings.queue(poll.queue()).lostPollsUntilNs() > poll.invokedNs()) {
      return Long.MAX_VALUE;
    }
    return whereabouts.tally(table, poll.queue(), poll.invokedNs(), poll.returnedNs()).inFlightMax()
        + surroundings.copiesMax(poll.queue());
  }

  private void judgeRefusal(Entry.Receive poll) {
    long inFlightMax = perhapsInFlight(poll, surroundings, whereabouts, table);
    if (inFlightMax < surroundings.queue(poll.queue()).inFlightMax()) {
      findings.add(
          Entry.NO_ATTEMPT,
          poll.returnedNs(),
          "refused as over the limit with at most %d messages in flight".formatted(inFlightMax));
    }
  }
}
