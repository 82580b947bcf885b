package io.millrace.engine.journal;

import org.jspecify.annotations.Nullable;

/** The journal has failed for good, or could not be opened. */
public final class JournalFailedException extends JournalException {

  private static final long serialVersionUID = 1L;

  JournalFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
