package io.millrace.reports;

import io.millrace.reports.compare.PairedRatio;
import io.millrace.reports.record.LoadRecord;

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

  /** Whether a bar was met; one that the machine left open stays so. */
  static void bar(LoadRecord.Bar bar, Recomputation again) {
    if (!bar.outcome().equals(INCONCLUSIVE)) {
      boolean met = bar.atLeast() ? bar.measured() >= bar.bar() : bar.measured() <= bar.bar();
      again.figure(bar.name(), bar.outcome(), met ? "PASS" : "FAIL");
    }
  }
}
