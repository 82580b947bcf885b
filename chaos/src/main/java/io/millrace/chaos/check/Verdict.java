package io.millrace.chaos.check;

import java.util.List;

/** What a judge says of one invariant, or of a whole run. */
public sealed interface Verdict {

  /** Exercised, and held. */
  record Valid() implements Verdict {}

  /**
   * Broken.
   *
   * @param findings the first findings, at least one and at most {@link Findings#KEPT_MAX}
   * @param total how many there were
   */
  record Invalid(List<Finding> findings, long total) implements Verdict {

    /** Copies the findings. */
    public Invalid {
      findings = List.copyOf(findings);
      if (findings.isEmpty() || total < findings.size()) {
        throw new IllegalArgumentException(findings.size() + " findings of " + total);
      }
    }
  }

  /**
   * Not to be decided from this history.
   *
   * @param reason what was missing, as a sentence without a full stop
   */
  record Unknown(String reason) implements Verdict {}

  /** The valid verdict. */
  static Verdict valid() {
    return new Valid();
  }

  /** The verdict's word in reports: VALID, INVALID or UNKNOWN. */
  default String word() {
    if (this instanceof Valid) {
      return "VALID";
    }
    return this instanceof Invalid ? "INVALID" : "UNKNOWN";
  }
}
