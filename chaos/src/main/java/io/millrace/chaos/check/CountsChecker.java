package io.millrace.chaos.check;

import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;

/**
 * COUNTS: the visible, in-flight or delayed count of a queue lies outside of what its messages
 * allow: at least those that were surely there all the while, at most those that can have been
 * there at some instant, and the copies that requests done twice on purpose may have made. In a
 * quiet queue the two are the same. Judged only for queues whose making is in the history; others
 * may hold messages that nobody told of.
 *
 * <p>SQS calls its counts approximate, so {@link Profile#AWS_STANDARD} counts and does not judge.
 */
final class CountsChecker implements Checker {

  private final Surroundings surroundings;
  private final MessageTable table;
  private final Whereabouts whereabouts;
  private final Later later;
  private final Findings findings = new Findings(Invariant.COUNTS);
  private long readings;
  private long exact;

  CountsChecker(
      Surroundings surroundings, MessageTable table, Whereabouts whereabouts, Later later) {
    this.surroundings = surroundings;
    this.table = table;
    this.whereabouts = whereabouts;
    this.later = later;
  }

  @Override
  public Invariant invariant() {
    return Invariant.COUNTS;
  }

  @Override
  public void onOther(Entry entry) {
    if (entry instanceof Entry.Counts counts
        && counts.ending() == Ending.OK
        && surroundings.queue(counts.queue()).described()) {
      readings++;
      later.ask(counts.returnedNs(), () -> judge(counts));
    }
  }

  @Override
  public InvariantVerdict verdict() {
    Verdict otherwise = readings > 0 ? Verdict.valid() : new Verdict.Unknown("no count was read");
    Verdict verdict = surroundings.rules().strict() ? findings.or(otherwise) : otherwise;
    return InvariantVerdict.of(invariant(), verdict, readings, readings - exact)
        .with("outside", findings.total());
  }

  private void judge(Entry.Counts counts) {
    Whereabouts.Tally tally =
        whereabouts.tally(table, counts.queue(), counts.invokedNs(), counts.returnedNs());
    boolean certain =
        tally.visibleMin() == tally.visibleMax()
            && tally.inFlightMin() == tally.inFlightMax()
            && tally.delayedMin() == tally.delayedMax();
    long copies = surroundings.copiesMax(counts.queue());
    if (certain) {
      exact++;
    }
    judge(counts, "visible", counts.visible(), tally.visibleMin(), tally.visibleMax() + copies);
    judge(
        counts, "in flight", counts.inFlight(), tally.inFlightMin(), tally.inFlightMax() + copies);
    judge(counts, "delayed", counts.delayed(), tally.delayedMin(), tally.delayedMax() + copies);
  }

  private void judge(Entry.Counts counts, String what, long given, long min, long max) {
    if (given < min || given > max) {
      findings.add(
          Entry.NO_ATTEMPT,
          counts.returnedNs(),
          "queue %d: %d messages are said to be %s, %d to %d can be"
              .formatted(counts.queue(), given, what, min, max));
    }
  }
}
