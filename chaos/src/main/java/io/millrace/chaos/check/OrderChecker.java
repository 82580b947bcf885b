package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * ORDER, measured, not judged: how far first deliveries come out of the order in which their
 * attempts were made, queue by queue.
 *
 * <ul>
 *   <li>An <em>inversion</em> is a pair of messages that came in the other order.
 *   <li>The <em>displacement</em> of a message is the distance between its place among those
 *       received and its place among those sent.
 *   <li>A producer's inversion is a message that came after one its producer sent later.
 * </ul>
 */
final class OrderChecker implements Checker {

  /** Queues measured; more are not looked at. */
  private static final int QUEUES_MAX = 16;

  private final TreeMap<Integer, OrderMeter> meters = new TreeMap<>();
  private final TreeMap<Integer, Long> newestByProducer = new TreeMap<>();
  private long producerInversions;

  @Override
  public Invariant invariant() {
    return Invariant.ORDER;
  }

  @Override
  public void onSend(Entry.Send send, Timeline before) {
    if (send.ending() == Ending.OK && before.receipts().isEmpty()) {
      OrderMeter meter = meter(send.queue());
      if (meter != null) {
        meter.sent(send.attempt());
      }
    }
  }

  @Override
  public void onDelivery(Entry.Receive poll, Delivery delivery, Timeline before) {
    Entry.Send send = before.sendOrNull();
    if (delivery.attempt() == Entry.NO_ATTEMPT
        || before.past() != Timeline.Past.NONE
        || !before.receipts().isEmpty()
        || (send != null && send.queue() != poll.queue())) {
      return;
    }
    OrderMeter meter = meter(poll.queue());
    if (meter != null) {
      meter.arrived(delivery.attempt());
    }
    if (send != null) {
      long newest = newestByProducer.getOrDefault(send.session(), -1L);
      if (delivery.attempt() < newest) {
        producerInversions++;
      } else {
        newestByProducer.put(send.session(), delivery.attempt());
      }
    }
  }

  @Override
  public InvariantVerdict verdict() {
    OrderMeter all = new OrderMeter(1);
    meters.values().forEach(all::add);
    TreeMap<String, Long> counts = new TreeMap<>();
    counts.put("inversions", all.inversions());
    counts.put("inversionsPerMillionPairs", all.inversionsPerMillionPairs());
    counts.put("displacementMax", all.displacementMax());
    counts.put("displacementMeanThousandths", all.displacementMeanThousandths());
    counts.put("producerInversions", producerInversions);
    counts.put("beyondWindow", all.beyondWindow());
    all.histogram().forEach((name, count) -> counts.put("displacement." + name, count));
    boolean any = all.arrived() > 1;
    Verdict verdict = any ? Verdict.valid() : new Verdict.Unknown("fewer than two messages came");
    return new InvariantVerdict(invariant(), verdict, any ? all.arrived() : 0, 0, counts);
  }

  private @Nullable OrderMeter meter(int queue) {
    OrderMeter meter = meters.get(queue);
    if (meter == null && meters.size() < QUEUES_MAX) {
      meter = new OrderMeter(OrderMeter.WINDOW);
      meters.put(queue, meter);
    }
    return meter;
  }
}
