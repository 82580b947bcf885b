package io.millrace.engine.journal;

import org.jspecify.annotations.Nullable;

/** The world refused the journal something; the message names the place. */
public abstract sealed class JournalException extends RuntimeException
    permits DamagedRecordException,
        JournalBusyException,
        JournalFailedException,
        JournalForceException,
        JournalFullException {

  private static final long serialVersionUID = 1L;

  JournalException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
