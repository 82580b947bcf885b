package io.millrace.chaos.history;

/** Where entries go. Belongs to one thread. */
public interface HistorySink {

  /**
   * Takes an entry.
   *
   * @throws IllegalArgumentException if it returned before the entry taken last: a log is in the
   *     order of completion
   */
  void append(Entry entry);
}
