package io.millrace.chaos.check;

/** Attempts and when each may be forgotten, in that order: a ring of numbers that grows. */
final class Departures {

  private long[] attempts = new long[1_024];
  private long[] instants = new long[1_024];
  private int first;
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  /** Adds at the end; the instants of successive calls do not go back. */
  void add(long attempt, long atNs) {
    if (size == attempts.length) {
      grow();
    }
    int at = (first + size) & (attempts.length - 1);
    attempts[at] = attempt;
    instants[at] = atNs;
    size++;
  }

  /** The first instant; call it only if there is one. */
  long firstNs() {
    return instants[first];
  }

  /** Removes the first and gives its attempt. */
  long removeFirst() {
    long attempt = attempts[first];
    first = (first + 1) & (attempts.length - 1);
    size--;
    return attempt;
  }

  private void grow() {
    long[] moreAttempts = new long[attempts.length * 2];
    long[] moreInstants = new long[attempts.length * 2];
    int head = attempts.length - first;
    System.arraycopy(attempts, first, moreAttempts, 0, head);
    System.arraycopy(attempts, 0, moreAttempts, head, first);
    System.arraycopy(instants, first, moreInstants, 0, head);
    System.arraycopy(instants, 0, moreInstants, head, first);
    attempts = moreAttempts;
    instants = moreInstants;
    first = 0;
  }
}
