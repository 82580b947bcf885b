package io.millrace.engine.journal;

import org.jspecify.annotations.Nullable;

/** No valid record lies at the position that was read. */
public final class DamagedRecordException extends JournalException {

  private static final long serialVersionUID = 1L;

  private final long position;

  DamagedRecordException(long position, String file, String reason, @Nullable Throwable cause) {
    super("record at " + Position.text(position) + " in " + file + ": " + reason, cause);
    this.position = position;
  }

  /** Where the record should have been. */
  public long position() {
    return position;
  }
}
