package io.millrace.chaos.client;

/** The answer of an operation that has nothing to tell but that it is done. */
public enum Done {
  /** It is. */
  DONE
}
