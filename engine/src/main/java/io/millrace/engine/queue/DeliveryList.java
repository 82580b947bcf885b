package io.millrace.engine.queue;

import static io.millrace.engine.queue.Backlog.NONE;

/**
 * A first-in, first-out list of messages, threaded through the backlog: heap for two numbers,
 * whatever its length. A message stands in at most one list, and leaves from anywhere in O(1).
 */
final class DeliveryList {

  private final Backlog backlog;
  private long head = NONE;
  private long tail = NONE;

  DeliveryList(Backlog backlog) {
    this.backlog = backlog;
  }

  long head() {
    return head;
  }

  long tail() {
    return tail;
  }

  boolean isEmpty() {
    return head == NONE;
  }

  /** Puts a message that stands in no list at the end. */
  void append(long number) {
    backlog.setNext(number, NONE);
    backlog.setPrevious(number, tail);
    if (tail == NONE) {
      head = number;
    } else {
      backlog.setNext(tail, number);
    }
    tail = number;
  }

  /** Takes a message of this list out. */
  void remove(long number) {
    long before = backlog.previous(number);
    long after = backlog.next(number);
    if (before == NONE) {
      assert head == number : "message " + number + " is not in this list";
      head = after;
    } else {
      backlog.setNext(before, after);
    }
    if (after == NONE) {
      assert tail == number : "message " + number + " is not in this list";
      tail = before;
    } else {
      backlog.setPrevious(after, before);
    }
  }

  /** Forgets the list; its messages are forgotten too, or about to be. */
  void clear() {
    head = NONE;
    tail = NONE;
  }

  /** Takes up a list whose links the backlog still holds. */
  void restore(long savedHead, long savedTail) {
    head = savedHead;
    tail = savedTail;
  }
}
