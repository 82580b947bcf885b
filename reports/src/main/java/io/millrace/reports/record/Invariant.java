package io.millrace.reports.record;

import java.util.List;

/**
 * One guarantee, checked over the run's history.
 *
 * @param name short stable name in kebab case, such as {@code no-loss}
 * @param statement the guarantee as a sentence, such as "No acknowledged message is lost."
 * @param required whether the run must have exercised it; one that need not be leaves the run's
 *     verdict open only if it was exercised and is not known
 * @param verdict what the checker found
 * @param checked how many things (messages, deliveries, deletes) were checked, 0 or more
 * @param violations how many of them broke it; 0 unless the verdict is INVALID
 * @param evidence the smallest evidence, a line each: what was violated, or why it is not known;
 *     for a VALID one what was counted
 */
public record Invariant(
    String name,
    String statement,
    boolean required,
    Verdict verdict,
    long checked,
    long violations,
    List<String> evidence) {
  /** Refuses an invariant whose verdict and violations disagree. */
  public Invariant {
    if (checked < 0 || violations < 0) {
      throw new IllegalArgumentException(name + ": negative counts");
    }
    if (violations > 0 != (verdict == Verdict.INVALID)) {
      throw new IllegalArgumentException(name + ": " + verdict + " with violations=" + violations);
    }
    evidence = List.copyOf(evidence);
  }

  /** Whether it bears on the run's verdict. */
  public boolean bears() {
    return required || checked > 0 || verdict == Verdict.INVALID;
  }
}
