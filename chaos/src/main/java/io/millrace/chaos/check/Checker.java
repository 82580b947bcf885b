package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Entry;

/**
 * Judges one invariant. It is told of every entry in the order of completion, with what was known
 * of the message just before, and is asked for its verdict once, at the end. A checker keeps counts
 * and a bounded number of findings, nothing that grows with the history; what is needed of a
 * message is in its {@link Timeline}.
 */
interface Checker {

  /** What it judges. */
  Invariant invariant();

  /** A send ended. */
  default void onSend(Entry.Send send, Timeline before) {}

  /** A poll ended; its messages follow. */
  default void onPoll(Entry.Receive poll) {}

  /** A message was received. */
  default void onDelivery(Entry.Receive poll, Delivery delivery, Timeline before) {}

  /** A message was received and is in its timeline now. */
  default void onReceipt(Receipt receipt, Timeline message) {}

  /** A delete ended. */
  default void onDelete(Entry.Delete delete, Timeline before) {}

  /** A change of visibility ended. */
  default void onVisibility(Entry.Visibility change, Timeline before) {}

  /** Anything else ended or happened. */
  default void onOther(Entry entry) {}

  /** The table lets a message go: it was surely deleted, or the history has ended. */
  default void onGone(Timeline message) {}

  /** The verdict; called once, after everything else. */
  InvariantVerdict verdict();
}
