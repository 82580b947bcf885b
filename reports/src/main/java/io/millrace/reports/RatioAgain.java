package io.millrace.reports;

import io.millrace.reports.compare.PairedRatio;
import io.millrace.reports.record.LatencySummary;
import io.millrace.reports.record.LoadRecord;
import io.millrace.reports.record.Percentile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/** Ratios and bars, computed again from what stands beside them in a record. */
final class RatioAgain {
  private static final String INCONCLUSIVE = "INCONCLUSIVE";

  private RatioAgain() {}

  /** The median and the interval's two ends, from the pairs. */
  static void of(String name, LoadRecord.Ratio recorded, Recomputation again) {
    PairedRatio computed = PairedRatio.of(recorded.ofPairs());
    again.figure(name + ", median", recorded.median(), computed.median());
    again.figure(name + ", low", recorded.low(), computed.low());
    again.figure(name + ", high", recorded.high(), computed.high());
  }

  /**
   * Each pair of a comparison, from its two legs: those of its step, in the order they were run,
   * the service in question first in odd pairs and last in even ones.
   */
  static void pairs(
      String name,
      LoadRecord.Comparison comparison,
      List<LoadRecord.Leg> legs,
      Recomputation again) {
    List<OptionalDouble> values =
        legs.stream()
            .filter(leg -> comparison.step().equals(leg.step()))
            .map(leg -> leg.latencies().of(comparison.kind()))
            .map(latency -> value(latency, comparison.percentile()))
            .toList();
    List<Double> recorded = comparison.ratio().ofPairs();
    if (values.size() < 2 * recorded.size()) {
      again.missing(
          name + " has " + recorded.size() + " pairs, and " + values.size() + " legs to make them");
      return;
    }
    List<Double> computed = new ArrayList<>();
    for (int pair = 0; pair < recorded.size(); pair++) {
      boolean inQuestionFirst = pair % 2 == 0;
      OptionalDouble inQuestion = values.get(2 * pair + (inQuestionFirst ? 0 : 1));
      OptionalDouble other = values.get(2 * pair + (inQuestionFirst ? 1 : 0));
      computed.add(inQuestion.orElse(Double.NaN) / other.orElse(Double.NaN));
    }
    again.figures(recorded.size(), name + " by pair", recorded, computed);
  }

  private static OptionalDouble value(LatencySummary latency, String percentile) {
    return Arrays.stream(Percentile.values())
        .filter(each -> each.label().equals(percentile))
        .findFirst()
        .map(latency::at)
        .orElse(OptionalDouble.empty());
  }

  /** Whether a bar was met; one that the machine left open stays so. */
  static void bar(LoadRecord.Bar bar, Recomputation again) {
    if (!bar.outcome().equals(INCONCLUSIVE)) {
      boolean met = bar.atLeast() ? bar.measured() >= bar.bar() : bar.measured() <= bar.bar();
      again.figure(bar.name(), bar.outcome(), met ? "PASS" : "FAIL");
    }
  }
}
