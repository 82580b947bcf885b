package io.millrace.chaos.scenario;

import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Which batch requests are under way, and whether one was torn: for whoever wants to kill a server
 * inside one, and to prove it. Any thread.
 */
final class Batches {

  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicLong torn = new AtomicLong();

  /** Does a batch request. */
  <T extends Entry> List<T> during(Supplier<List<T>> request) {
    underWay.incrementAndGet();
    List<T> entries = request.get();
    underWay.decrementAndGet();
    if (entries.stream().anyMatch(entry -> entry.ending() == Ending.INFO)) {
      torn.incrementAndGet();
    }
    return entries;
  }

  /** Whether any has no answer yet. */
  boolean anyUnderWay() {
    return underWay.get() > 0;
  }

  /** How many ended without anybody learning of all their entries. */
  long torn() {
    return torn.get();
  }
}
