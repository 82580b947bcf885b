package io.millrace.engine.journal;

import org.jspecify.annotations.Nullable;

/**
 * The active segment has failed; its unforced records must be written again before anything else.
 */
public final class JournalForceException extends JournalException {

  private static final long serialVersionUID = 1L;

  JournalForceException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
