package io.millrace.chaos.check;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the judge says of one invariant.
 *
 * @param invariant which
 * @param verdict the verdict
 * @param judged how many cases were looked at
 * @param undecided how many of them could be either, because operations overlapped
 * @param counts further counts by name, for the report
 */
public record InvariantVerdict(
    Invariant invariant,
    Verdict verdict,
    long judged,
    long undecided,
    SortedMap<String, Long> counts) {

  /** Copies the counts. */
  public InvariantVerdict {
    counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
  }

  /** Whether there was anything to judge. */
  public boolean exercised() {
    return judged > 0;
  }

  InvariantVerdict with(String name, long count) {
    TreeMap<String, Long> more = new TreeMap<>(counts);
    more.put(name, count);
    return new InvariantVerdict(invariant, verdict, judged, undecided, more);
  }

  static InvariantVerdict of(Invariant invariant, Verdict verdict, long judged, long undecided) {
    return new InvariantVerdict(invariant, verdict, judged, undecided, new TreeMap<>(Map.of()));
  }
}
