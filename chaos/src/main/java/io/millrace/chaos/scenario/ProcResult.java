package io.millrace.chaos.scenario;

import io.millrace.chaos.check.Judgement;
import io.millrace.chaos.check.Verdict;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What became of one part under one seed.
 *
 * @param title the part's
 * @param seed its seed
 * @param judgement what the judge says of its history
 * @param trouble what ended it before its time: a server that did not come back; empty if nothing
 * @param fired how often each fault fired, by name
 * @param skipped what could not be injected here, with the reason
 * @param restartsNs from the start of a process to its first answer, of every restart
 * @param attempts send attempts
 */
record PartResult(
    String title,
    long seed,
    Judgement judgement,
    Optional<String> trouble,
    Map<String, Long> fired,
    List<String> skipped,
    List<Long> restartsNs,
    long attempts) {

  PartResult {
    fired = Collections.unmodifiableMap(new TreeMap<>(fired));
    skipped = List.copyOf(skipped);
    restartsNs = List.copyOf(restartsNs);
  }

  /** A server that does not come back on its own data is a failure, whatever its history says. */
  Outcome outcome() {
    if (trouble.isPresent() || judgement.overall() instanceof Verdict.Invalid) {
      return Outcome.INVALID;
    }
    return judgement.overall() instanceof Verdict.Valid ? Outcome.VALID : Outcome.UNKNOWN;
  }
}
