package io.millrace.engine.journal;

/** Too many bytes wait for a force; nothing was written, and the next force makes room. */
public final class JournalBusyException extends JournalException {

  private static final long serialVersionUID = 1L;

  JournalBusyException(String message) {
    super(message, null);
  }
}
