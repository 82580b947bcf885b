package io.millrace.chaos.document;

import java.util.List;

/** A document that says nothing sensible; each complaint names file, line and column. */
public final class DocumentException extends Exception {

  private static final long serialVersionUID = 1;

  private final transient List<String> complaints;

  DocumentException(List<String> complaints) {
    super(String.join("\n", complaints));
    this.complaints = List.copyOf(complaints);
  }

  /** One line each, in the order of the document. */
  public List<String> complaints() {
    return complaints;
  }
}
