package io.millrace.chaos.policy;

import java.util.List;

/** A policy document that says nothing sensible; each complaint names file, line and column. */
public final class PolicyException extends Exception {

  private static final long serialVersionUID = 1;

  private final transient List<String> complaints;

  PolicyException(List<String> complaints) {
    super(String.join("\n", complaints));
    this.complaints = List.copyOf(complaints);
  }

  /** One line each, in the order of the document. */
  public List<String> complaints() {
    return complaints;
  }
}
