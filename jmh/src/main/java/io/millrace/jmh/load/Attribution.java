package io.millrace.jmh.load;

import io.millrace.reports.record.Cause;
import io.millrace.reports.record.Kind;
import io.millrace.reports.record.Misses;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Gives each message over the limit the one cause that was seen to delay it.
 *
 * <p>A cause explains a message when at least half of the message's time lies in what the cause's
 * instrument saw, the time to catch up included. What stops a process altogether comes first, the
 * largest share of it, since a force or a sender that was stopped with it is a symptom; then the
 * journal; then the generator; then a poll that was waiting and was not woken. What none explains
 * is unexplained, and counted.
 */
final class Attribution {

  /** Whole processes, then the journal, then ourselves. */
  private static final List<List<Cause>> TIERS =
      List.of(
          List.of(Cause.GC, Cause.SAFEPOINT, Cause.PLATFORM, Cause.STOPPED),
          List.of(Cause.FORCE, Cause.ROLL),
          List.of(Cause.GENERATOR));

  private final Samples samples;
  private final Evidence evidence;
  private final long sloNs;

  Attribution(Samples samples, Evidence evidence, double sloMs) {
    this.samples = samples;
    this.evidence = evidence;
    this.sloNs = Math.round(sloMs * 1e6);
  }

  /** The misses among some messages, one record for each latency that is judged. */
  List<Misses> misses(int from, int to, double sloMs) {
    List<Misses> misses = new ArrayList<>();
    for (Kind kind : Kind.JUDGED) {
      Map<Cause, Long> causes = new EnumMap<>(Cause.class);
      long unexplained = 0;
      long count = 0;
      for (int i = from; i < to; i++) {
        Optional<Span> span = span(kind, i);
        if (span.isEmpty()) {
          continue;
        }
        count++;
        if (span.get().nanos() > sloNs) {
          Optional<Cause> cause = cause(kind, i, span.get());
          if (cause.isPresent()) {
            causes.merge(cause.get(), 1L, Long::sum);
          } else {
            unexplained++;
          }
        }
      }
      misses.add(new Misses(kind, sloMs, count, new TreeMap<>(causes), unexplained));
    }
    return misses;
  }

  /** The cause of one message's latency of a kind, over the limit or not; empty if none is seen. */
  Optional<Cause> cause(Kind kind, int number) {
    return span(kind, number).flatMap(span -> cause(kind, number, span));
  }

  private record Span(long fromNs, long toNs) {
    long nanos() {
      return toNs - fromNs;
    }
  }

  private Optional<Cause> cause(Kind kind, int number, Span span) {
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
    if (kind != Kind.RECEIVE
        && 2 * (samples.startedNs(number) - samples.dueNs(number)) >= span.nanos()) {
      return Optional.of(Cause.GENERATOR);
    }
    long visibleNs = visibleNs(number);
    if (kind != Kind.PUBLISH
        && samples.polledNs(number) <= visibleNs
        && 2 * (samples.receivedNs(number) - visibleNs) >= span.nanos()) {
      return Optional.of(Cause.WAKE_UP);
    }
    return Optional.empty();
  }

  private Optional<Span> span(Kind kind, int number) {
    long dueNs = samples.dueNs(number);
    long ackedNs = samples.ackedNs(number);
    long receivedNs = samples.receivedNs(number);
    if (kind == Kind.PUBLISH) {
      return ackedNs == Samples.NEVER ? Optional.empty() : Optional.of(new Span(dueNs, ackedNs));
    }
    if (receivedNs == Samples.NEVER || samples.startedNs(number) == Samples.NEVER) {
      return Optional.empty();
    }
    if (kind == Kind.END_TO_END) {
      return Optional.of(new Span(dueNs, receivedNs));
    }
    long fromNs = Math.max(visibleNs(number), samples.polledNs(number));
    return Optional.of(new Span(Math.min(fromNs, receivedNs), receivedNs));
  }

  private long visibleNs(int number) {
    long ackedNs = samples.ackedNs(number);
    return ackedNs == Samples.NEVER ? samples.startedNs(number) : ackedNs;
  }
}
