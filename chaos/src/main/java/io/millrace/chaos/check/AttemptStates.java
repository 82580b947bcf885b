package io.millrace.chaos.check;

import java.util.ArrayList;
import java.util.List;

/**
 * Two bits for every send attempt, for ever: unknown, sent, surely deleted, surely failed. Pages of
 * 4 KiB hold 16,384 attempts each and are made as attempts are reported; attempts are dense from 0.
 */
final class AttemptStates {

  static final int UNKNOWN = 0;
  static final int SENT = 1;
  static final int DELETED = 2;
  static final int FAILED = 3;

  private static final int WORDS = 512;
  private static final int PER_WORD = 32;
  private static final int PER_PAGE = WORDS * PER_WORD;

  private final List<long[]> pages = new ArrayList<>();

  int get(long attempt) {
    long page = attempt / PER_PAGE;
    if (attempt < 0 || page >= pages.size()) {
      return UNKNOWN;
    }
    long word = pages.get((int) page)[wordOf(attempt)];
    return (int) (word >>> shiftOf(attempt)) & 3;
  }

  void set(long attempt, int state) {
    int page = Math.toIntExact(attempt / PER_PAGE);
    while (pages.size() <= page) {
      pages.add(new long[WORDS]);
    }
    long[] words = pages.get(page);
    int shift = shiftOf(attempt);
    words[wordOf(attempt)] = (words[wordOf(attempt)] & ~(3L << shift)) | ((long) state << shift);
  }

  private static int wordOf(long attempt) {
    return (int) (attempt % PER_PAGE / PER_WORD);
  }

  private static int shiftOf(long attempt) {
    return (int) (attempt % PER_WORD) * 2;
  }
}
