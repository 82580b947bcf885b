package io.millrace.jmh.load;

import io.millrace.chaos.attribution.Attribution;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Every message's instants: when it was due, left, was acknowledged, and was first received, with
 * the instant of the poll that brought it; all in ns since the run's origin. Nothing is dropped and
 * nothing is summed up while the run goes on.
 *
 * <p>Numbers below {@link #scheduled} are of the schedule, the others of the backlog that was there
 * before it. Forty-four bytes a message.
 *
 * <p>Written by senders and receivers, each slot by one of them; read by any thread.
 */
final class Samples {

  /** The instant of what did not happen. */
  static final long NEVER = Attribution.NEVER;

  private final long[] dueNs;
  private final AtomicLongArray startedNs;
  private final AtomicLongArray ackedNs;
  private final AtomicLongArray polledNs;
  private final AtomicLongArray receivedNs;
  private final AtomicIntegerArray copies;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong acked = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong lastReceivedNs = new AtomicLong();
  private final AtomicLong deleted = new AtomicLong();
  private final AtomicLong emptyPolls = new AtomicLong();
  private final AtomicLong invented = new AtomicLong();
  private final Map<String, AtomicLong> errors = new ConcurrentHashMap<>();

  /**
   * Nothing has happened yet.
   *
   * @param dueNs the schedule; kept
   * @param backlog messages that were there before it
   */
  Samples(long[] dueNs, int backlog) {
    int all = dueNs.length + backlog;
    this.dueNs = dueNs;
    this.startedNs = never(dueNs.length);
    this.ackedNs = never(dueNs.length);
    this.polledNs = never(all);
    this.receivedNs = never(all);
    this.copies = new AtomicIntegerArray(all);
  }

  /** How many messages the schedule has. */
  int scheduled() {
    return dueNs.length;
  }

  /** How many messages there are, those of the backlog included. */
  int all() {
    return copies.length();
  }

  /** When the latest of the first receives was; 0 before any. */
  long lastReceivedNs() {
    return lastReceivedNs.get();
  }

  long dueNs(int number) {
    return dueNs[number];
  }

  long startedNs(int number) {
    return startedNs.get(number);
  }

  long ackedNs(int number) {
    return ackedNs.get(number);
  }

  long polledNs(int number) {
    return polledNs.get(number);
  }

  long receivedNs(int number) {
    return receivedNs.get(number);
  }

  /** A message of the schedule, with all its instants. */
  Attribution.Passage passage(int number) {
    return new Attribution.Passage(
        dueNs(number), startedNs(number), ackedNs(number), polledNs(number), receivedNs(number));
  }

  /** How often it was received. */
  int copies(int number) {
    return copies.get(number);
  }

  /** A message leaves. */
  void started(int number, long nowNs) {
    startedNs.set(number, nowNs);
    sent.incrementAndGet();
  }

  /** A send was answered with yes. */
  void acked(int number, long nowNs) {
    ackedNs.set(number, nowNs);
    acked.incrementAndGet();
  }

  /** An operation was refused, or nobody knows what became of it. */
  void failed(String code) {
    errors.computeIfAbsent(code, key -> new AtomicLong()).incrementAndGet();
  }

  /**
   * A message was received.
   *
   * @param polled when the poll was sent that brought it
   */
  void received(long number, long polled, long nowNs) {
    if (number < 0 || number >= copies.length()) {
      invented.incrementAndGet();
    } else if (copies.incrementAndGet((int) number) == 1) {
      polledNs.set((int) number, polled);
      receivedNs.set((int) number, nowNs);
      lastReceivedNs.accumulateAndGet(nowNs, Math::max);
      received.incrementAndGet();
    }
  }

  /** Deletes were confirmed. */
  void deleted(int count) {
    deleted.addAndGet(count);
  }

  /** A receive brought nothing. */
  void polledInVain() {
    emptyPolls.incrementAndGet();
  }

  /** Receives that brought nothing. */
  long emptyPolls() {
    return emptyPolls.get();
  }

  /** Messages that left. */
  long sent() {
    return sent.get();
  }

  /** Messages whose send was acknowledged. */
  long acked() {
    return acked.get();
  }

  /** Different messages received, those of the backlog included. */
  long received() {
    return received.get();
  }

  /** Confirmed deletes. */
  long deleted() {
    return deleted.get();
  }

  /** Messages received that nobody sent. */
  long invented() {
    return invented.get();
  }

  /** Receives of a message beyond its first. */
  long duplicates() {
    long duplicates = 0;
    for (int i = 0; i < copies.length(); i++) {
      duplicates += Math.max(0, copies.get(i) - 1);
    }
    return duplicates;
  }

  /** Failed operations by code. */
  SortedMap<String, Long> errors() {
    SortedMap<String, Long> counts = new TreeMap<>();
    errors.forEach((code, count) -> counts.put(code, count.get()));
    return Collections.unmodifiableSortedMap(counts);
  }

  private static AtomicLongArray never(int length) {
    AtomicLongArray array = new AtomicLongArray(length);
    for (int i = 0; i < length; i++) {
      array.setPlain(i, NEVER);
    }
    return array;
  }
}
