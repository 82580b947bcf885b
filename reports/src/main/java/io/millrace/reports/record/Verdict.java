package io.millrace.reports.record;

/** What the checkers can say of a run, or of one invariant of it. */
public enum Verdict {
  /** Everything checked held, and there was something to check. */
  VALID,
  /** At least one violation, shown in the evidence. */
  INVALID,
  /** Not violated, but not exercised either: the fault never fired, or nothing was checked. */
  UNKNOWN
}
