package io.millrace.chaos.sim;

import io.millrace.chaos.client.IncomingMessage;
import io.millrace.chaos.client.Recorder;
import io.millrace.chaos.history.Delivery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The receipts that the clients keep, and what they know of each message: the newest receipt and
 * when its lease ends. Of more than {@value #KEPT_MAX} the oldest are forgotten.
 */
final class Receipts {

  private static final int KEPT_MAX = 64;

  /**
   * A receipt.
   *
   * @param receivedNs when it was in hand
   * @param journalTail where the journal ended by then, so that what a power cut took can be told
   */
  record Receipt(
      int queue,
      String handle,
      Delivery delivery,
      long receivedNs,
      long leaseEndNs,
      int start,
      long journalTail) {

    Recorder.Claim claim() {
      return Recorder.Claim.of(delivery);
    }

    long attempt() {
      return delivery.attempt();
    }
  }

  private final List<Receipt> kept = new ArrayList<>();
  private final Map<Long, Receipt> latest = new HashMap<>();

  boolean isEmpty() {
    return kept.isEmpty();
  }

  void add(Receipt receipt) {
    if (kept.size() == KEPT_MAX) {
      kept.remove(0);
    }
    kept.add(receipt);
    latest.put(receipt.attempt(), receipt);
  }

  static Receipt of(
      IncomingMessage message,
      Delivery delivery,
      int queue,
      long receivedNs,
      long leaseEndNs,
      int start,
      long journalTail) {
    return new Receipt(
        queue, message.receiptHandle(), delivery, receivedNs, leaseEndNs, start, journalTail);
  }

  /** The n-th receipt, modulo their number. */
  Receipt pick(int n) {
    return kept.get(n % kept.size());
  }

  /** The n-th receipt and up to {@code size - 1} others of its queue, each of another message. */
  List<Receipt> pickSome(int n, int size) {
    Receipt first = pick(n);
    List<Receipt> some = new ArrayList<>();
    some.add(first);
    for (int i = 1; i < kept.size() && some.size() < size; i++) {
      Receipt next = kept.get((n + i) % kept.size());
      if (next.queue() == first.queue()) {
        some.add(next);
      }
    }
    return some;
  }

  /** The newest receipt of a message; null if it was never received. */
  @Nullable Receipt latest(long attempt) {
    return latest.get(attempt);
  }
}
