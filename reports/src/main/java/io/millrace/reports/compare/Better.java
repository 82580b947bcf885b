package io.millrace.reports.compare;

/** Which way a figure is better. */
public enum Better {
  /** A time, a size. */
  LOWER,
  /** A rate. */
  HIGHER,
  /** Nobody said. */
  UNKNOWN
}
