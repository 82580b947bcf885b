package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.MergedHistory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How far some of a run's messages came out of the order in which they were sent, among themselves,
 * by their first receives; measured as {@link Invariant#ORDER} is for all. Memory: two bits a
 * message.
 *
 * @param messages how many came
 * @param inversionsPerMillionPairs of a million pairs, how many came in the other order
 * @param displacementMean distance between a message's place among those received and its place
 *     among those sent, on average
 * @param displacementMax the largest such distance
 */
public record DeliveryOrder(
    long messages, long inversionsPerMillionPairs, double displacementMean, long displacementMax) {

  private static final double THOUSANDTHS = 1_000;

  /**
   * Measures the messages that were due within a stretch of a run with one queue.
   *
   * @param directory the run's logs
   * @param fromNs the first instant, in ns since the origin
   * @param toNs the first instant after it
   * @throws IOException if a log cannot be read
   */
  public static DeliveryOrder read(Path directory, long fromNs, long toNs) throws IOException {
    BitSet due = new BitSet();
    forEach(
        directory,
        entry -> {
          if (entry instanceof Entry.Send send
              && send.intendedNs() >= fromNs
              && send.intendedNs() < toNs) {
            due.set(Math.toIntExact(send.attempt()));
          }
        });
    OrderMeter meter = new OrderMeter(OrderMeter.WINDOW);
    BitSet arrived = new BitSet();
    forEach(
        directory,
        entry -> {
          if (entry instanceof Entry.Send send) {
            int attempt = Math.toIntExact(send.attempt());
            if (send.ending() == Ending.OK && due.get(attempt) && !arrived.get(attempt)) {
              meter.sent(attempt);
            }
          } else if (entry instanceof Entry.Receive poll) {
            for (Delivery delivery : poll.deliveries()) {
              arrive(delivery.attempt(), due, arrived, meter);
            }
          }
        });
    return new DeliveryOrder(
        meter.arrived(),
        meter.inversionsPerMillionPairs(),
        meter.displacementMeanThousandths() / THOUSANDTHS,
        meter.displacementMax());
  }

  private static void arrive(long attempt, BitSet due, BitSet arrived, OrderMeter meter) {
    if (attempt >= 0 && attempt <= Integer.MAX_VALUE) {
      int number = (int) attempt;
      if (due.get(number) && !arrived.get(number)) {
        arrived.set(number);
        meter.arrived(attempt);
      }
    }
  }

  private static void forEach(Path directory, Consumer<Entry> action) throws IOException {
    try (MergedHistory history = MergedHistory.open(directory)) {
      Optional<Entry> next = history.next();
      while (next.isPresent()) {
        action.accept(next.get());
        next = history.next();
      }
    }
  }
}
