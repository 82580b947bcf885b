package io.millrace.chaos.check;

import java.util.ArrayDeque;

/**
 * Questions that cannot be answered yet. An operation takes effect before it returns, so what it
 * caused can be seen before it is heard of; a question about an instant waits until every operation
 * that was under way at that instant has returned.
 */
final class Later {

  private record Question(long aboutNs, Runnable answer) {}

  private final long waitNs;
  private final ArrayDeque<Question> waiting = new ArrayDeque<>();

  /**
   * No questions yet.
   *
   * @param waitNs the longest operation of the history
   */
  Later(long waitNs) {
    this.waitNs = waitNs;
  }

  /** Asks; the instants of successive questions do not go back. */
  void ask(long aboutNs, Runnable answer) {
    waiting.add(new Question(aboutNs, answer));
  }

  /** Answers what can be answered once an entry that returned at an instant is the next. */
  void answerBefore(long nowNs) {
    Question first = waiting.peek();
    while (first != null && first.aboutNs() + waitNs < nowNs) {
      waiting.remove();
      first.answer().run();
      first = waiting.peek();
    }
  }

  /** Answers everything; the history has ended. */
  void answerAll() {
    while (!waiting.isEmpty()) {
      waiting.remove().answer().run();
    }
  }
}
