package io.millrace.engine.journal;

import org.jspecify.annotations.Nullable;

/** The file system refused space for a record; nothing was written. */
public final class JournalFullException extends JournalException {

  private static final long serialVersionUID = 1L;

  JournalFullException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
