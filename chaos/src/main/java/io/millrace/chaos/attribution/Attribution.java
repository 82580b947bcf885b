package io.millrace.chaos.attribution;

import io.millrace.reports.record.Cause;
import io.millrace.reports.record.Kind;
import io.millrace.reports.record.Misses;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Gives each message over the limit the one cause that was seen to delay it.
 *
 * <p>A cause explains a message when at least half of the message's time lies in what the cause's
 * instrument saw, the time to catch up included. What stops a process altogether comes first, the
 * largest share of it, since a force or a sender that was stopped with it is a symptom; then the
 * journal; then the generator; then a poll that was waiting and was not woken. What none explains
 * is unexplained, and counted.
 *
 * <p>One thread.
 */
public final class Attribution {

  /** Whole processes, then the journal, then ourselves. */
  private static final List<List<Cause>> TIERS =
      List.of(
          List.of(Cause.GC, Cause.SAFEPOINT, Cause.PLATFORM, Cause.STOPPED),
          List.of(Cause.FORCE, Cause.ROLL),
          List.of(Cause.GENERATOR));

  /** The instant of what did not happen. */
  public static final long NEVER = Long.MAX_VALUE;

  /**
   * One message's instants, in ns since the run's origin, {@link #NEVER} each.
   *
   * @param dueNs when its schedule let it leave
   * @param startedNs when it left
   * @param ackedNs when its send was acknowledged
   * @param polledNs when the poll was sent that brought it first
   * @param receivedNs when that poll's answer was in hand
   */
  public record Passage(long dueNs, long startedNs, long ackedNs, long polledNs, long receivedNs) {

    private long visibleNs() {
      return ackedNs == NEVER ? startedNs : ackedNs;
    }

    private Optional<Span> span(Kind kind) {
      if (kind == Kind.PUBLISH) {
        return ackedNs == NEVER ? Optional.empty() : Optional.of(new Span(dueNs, ackedNs));
      }
      if (receivedNs == NEVER || startedNs == NEVER) {
        return Optional.empty();
      }
      if (kind == Kind.END_TO_END) {
        return Optional.of(new Span(dueNs, receivedNs));
      }
      long fromNs = Math.max(visibleNs(), polledNs);
      return Optional.of(new Span(Math.min(fromNs, receivedNs), receivedNs));
    }
  }

  /** What became of one latency's messages. */
  private static final class Tally {
    private final SortedMap<Cause, Long> causes = new TreeMap<>();
    private long unexplained;
    private long count;
  }

  private final Evidence evidence;
  private final double sloMs;
  private final Map<Kind, Tally> tallies = new EnumMap<>(Kind.class);

  /**
   * Of messages that are told one by one.
   *
   * @param sloMs the limit, in milliseconds
   */
  public Attribution(Evidence evidence, double sloMs) {
    this.evidence = evidence;
    this.sloMs = sloMs;
    Kind.JUDGED.forEach(kind -> tallies.put(kind, new Tally()));
  }

  /** The next message, late or not. */
  public void note(Passage message) {
    tallies.forEach(
        (kind, tally) -> message.span(kind).ifPresent(span -> note(kind, message, span, tally)));
  }

  private void note(Kind kind, Passage message, Span span, Tally tally) {
    tally.count++;
    if (span.nanos() <= sloMs * 1e6) {
      return;
    }
    Optional<Cause> cause = cause(kind, message, span);
    if (cause.isPresent()) {
      tally.causes.merge(cause.get(), 1L, Long::sum);
    } else {
      tally.unexplained++;
    }
  }

  /** The misses among the messages so far, one record for each latency that is judged. */
  public List<Misses> misses() {
    List<Misses> misses = new ArrayList<>();
    tallies.forEach(
        (kind, tally) ->
            misses.add(new Misses(kind, sloMs, tally.count, tally.causes, tally.unexplained)));
    return misses;
  }

  private record Span(long fromNs, long toNs) {
    long nanos() {
      return toNs - fromNs;
    }
  }

  private Optional<Cause> cause(Kind kind, Passage message, Span span) {
    for (List<Cause> tier : TIERS) {
      Cause largest = tier.get(0);
      long largestNs = 0;
      for (Cause cause : tier) {
        long feltNs = evidence.of(cause).feltNs(span.fromNs(), span.toNs());
        if (feltNs > largestNs) {
          largest = cause;
          largestNs = feltNs;
        }
      }
      if (2 * largestNs >= span.nanos()) {
        return Optional.of(largest);
      }
    }
    if (kind != Kind.RECEIVE && 2 * (message.startedNs() - message.dueNs()) >= span.nanos()) {
      return Optional.of(Cause.GENERATOR);
    }
    long visibleNs = message.visibleNs();
    if (kind != Kind.PUBLISH
        && message.polledNs() <= visibleNs
        && 2 * (message.receivedNs() - visibleNs) >= span.nanos()) {
      return Optional.of(Cause.WAKE_UP);
    }
    return Optional.empty();
  }
}
