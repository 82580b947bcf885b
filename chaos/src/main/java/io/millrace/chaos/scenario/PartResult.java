package io.millrace.chaos.scenario;

import io.millrace.chaos.check.RareStates;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run keeps of one of its parts.
 *
 * @param title the part's
 * @param seed its seed
 * @param outcome how it ended
 * @param fired how often each fault fired, by name
 * @param rareStates the rare states that occurred
 * @param remarks what else is to be said of it, a line each
 */
record PartResult(
    String title,
    long seed,
    Outcome outcome,
    Map<String, Long> fired,
    RareStates rareStates,
    List<String> remarks) {

  PartResult {
    fired = Collections.unmodifiableMap(new TreeMap<>(fired));
    remarks = List.copyOf(remarks);
  }
}
