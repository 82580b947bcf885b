package io.millrace.engine.journal;

/** Lets tests of other rooms fail as a journal would. */
public final class JournalFailures {

  private JournalFailures() {}

  /** What a drop throws that the file system refuses. */
  public static JournalFailedException segmentStays() {
    return new JournalFailedException("the segment cannot be deleted", null);
  }
}
