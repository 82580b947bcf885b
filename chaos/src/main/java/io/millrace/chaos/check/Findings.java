package io.millrace.chaos.check;

import java.util.ArrayList;
import java.util.List;

/** The violations of one invariant: the first few are kept, all are counted. */
final class Findings {

  /**
   * Findings kept for each invariant; a queue that fails everywhere needs no longer list to be
   * believed.
   */
  static final int KEPT_MAX = 20;

  private final Invariant invariant;
  private final List<Finding> kept = new ArrayList<>();
  private long total;

  Findings(Invariant invariant) {
    this.invariant = invariant;
  }

  void add(long attempt, long atNs, String sentence) {
    total++;
    if (kept.size() < KEPT_MAX) {
      kept.add(new Finding(invariant, attempt, atNs, sentence));
    }
  }

  long total() {
    return total;
  }

  /** Invalid if there were more findings than a budget allows, else what the caller says. */
  Verdict orWithin(Budget budget, long cases, Verdict otherwise) {
    return total > budget.allowed(cases) ? new Verdict.Invalid(kept, total) : otherwise;
  }

  /** Invalid if there was any finding, else what the caller says. */
  Verdict or(Verdict otherwise) {
    return total > 0 ? new Verdict.Invalid(kept, total) : otherwise;
  }
}
