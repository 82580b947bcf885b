package io.millrace.engine.telemetry;

import io.millrace.engine.shard.Counter;
import io.millrace.engine.shard.QueueCounters;
import io.millrace.engine.shard.ShardCounters;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The series of single queues, for a bounded number of them; the rest is folded into the queue
 * {@code _other}.
 *
 * <p>A queue keeps the place it was given when first seen, its own series or the fold, until it is
 * deleted: moving between them would make {@code _other} fall, and a falling counter reads as a
 * restart followed by a burst. For the same reason the totals of a folded queue stay in the fold
 * after the queue is gone. A queue made and deleted between two scrapes is never seen here; the
 * totals over all queues have it.
 *
 * <p>One pass over the queues a scrape, so that all families agree on who is folded. Scrapes may
 * come from several threads, hence the lock, which no engine thread takes.
 */
final class QueueSeries implements MultiCollector {

  private final ShardCounters shard;
  private final LongSupplier nowMs;
  private final int shownMax;

  // Guarded by this. Queues are told apart by identity: a queue made again under an old name is
  // new.
  private final Set<QueueCounters> shown = identitySet();
  private final Set<QueueCounters> folded = identitySet();
  private long goneSent;
  private long goneReceived;
  private long goneDeleted;
  private long goneEmptyReceives;
  private boolean folding;

  /**
   * @param nowMs the time that {@link QueueCounters#oldestSentAtMs} is compared with, in ms since
   *     the epoch
   * @param shownMax queues with series of their own, at least 0
   */
  QueueSeries(ShardCounters shard, LongSupplier nowMs, int shownMax) {
    if (shownMax < 0) {
      throw new IllegalArgumentException("queues shown must be 0 or more: " + shownMax);
    }
    this.shard = shard;
    this.nowMs = nowMs;
    this.shownMax = shownMax;
  }

  @Override
  public synchronized MetricSnapshots collect() {
    Set<QueueCounters> present = identitySet();
    present.addAll(shard.queues());
    dismiss(present);
    admit();

    Families families = new Families();
    long now = nowMs.getAsLong();
    for (QueueCounters queue : shown) {
      families.add(
          queue.name,
          queue.visible.get(),
          queue.inFlight.get(),
          queue.delayed.get(),
          ageSeconds(queue, now),
          queue.sent.get(),
          queue.received.get(),
          queue.deleted.get(),
          queue.emptyReceives.get());
    }
    if (folding) {
      families.add(
          MetricNames.OTHER,
          sum(queue -> queue.visible),
          sum(queue -> queue.inFlight),
          sum(queue -> queue.delayed),
          folded.stream().mapToDouble(queue -> ageSeconds(queue, now)).max().orElse(0),
          goneSent + sum(queue -> queue.sent),
          goneReceived + sum(queue -> queue.received),
          goneDeleted + sum(queue -> queue.deleted),
          goneEmptyReceives + sum(queue -> queue.emptyReceives));
    }
    return families.build(shown.size() + folded.size(), folded.size());
  }

  /** Forgets the queues that are gone; what the folded ones counted stays in the fold. */
  private void dismiss(Set<QueueCounters> present) {
    shown.retainAll(present);
    for (QueueCounters queue : List.copyOf(folded)) {
      if (!present.contains(queue)) {
        folded.remove(queue);
        goneSent += queue.sent.get();
        goneReceived += queue.received.get();
        goneDeleted += queue.deleted.get();
        goneEmptyReceives += queue.emptyReceives.get();
      }
    }
  }

  private void admit() {
    // In name order, so that the choice can be explained.
    for (QueueCounters queue : shard.queues()) {
      if (shown.contains(queue) || folded.contains(queue)) {
        continue;
      }
      // A user's queue may bear the fold's name; two series with the same labels fail a scrape.
      if (shown.size() < shownMax && !queue.name.equals(MetricNames.OTHER)) {
        shown.add(queue);
      } else {
        folded.add(queue);
        folding = true;
      }
    }
  }

  private long sum(Function<QueueCounters, Counter> counter) {
    return folded.stream().mapToLong(queue -> counter.apply(queue).get()).sum();
  }

  private static double ageSeconds(QueueCounters queue, long nowMs) {
    long sentAtMs = queue.oldestSentAtMs.get();
    // Our clock may be read a moment before the shard's was.
    return sentAtMs == 0 ? 0 : Math.max(0, nowMs - sentAtMs) / 1_000.0;
  }

  private static Set<QueueCounters> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  /** The families under construction. */
  private static final class Families {

    private final GaugeSnapshot.Builder messages =
        gauge(MetricNames.QUEUE_MESSAGES, "Messages of the queue now, by state.");
    private final GaugeSnapshot.Builder age =
        gauge(
                MetricNames.QUEUE_OLDEST_AGE,
                "Age of the oldest message not gone, in flight or not; 0 without one.")
            .unit(Unit.SECONDS);
    private final CounterSnapshot.Builder sent =
        counter(MetricNames.QUEUE_SENT, "Messages sent to the queue.");
    private final CounterSnapshot.Builder received =
        counter(MetricNames.QUEUE_RECEIVED, "Messages received from the queue, repeats included.");
    private final CounterSnapshot.Builder deleted =
        counter(MetricNames.QUEUE_DELETED, "Messages deleted from the queue by a receipt handle.");
    private final CounterSnapshot.Builder emptyReceives =
        counter(MetricNames.QUEUE_EMPTY_RECEIVES, "Receives of the queue that returned nothing.");

    void add(
        String queue,
        long visibleNow,
        long inFlightNow,
        long delayedNow,
        double ageSeconds,
        long sentTotal,
        long receivedTotal,
        long deletedTotal,
        long emptyReceivesTotal) {
      messages
          .dataPoint(inState(queue, MetricNames.VISIBLE, visibleNow))
          .dataPoint(inState(queue, MetricNames.IN_FLIGHT, inFlightNow))
          .dataPoint(inState(queue, MetricNames.DELAYED, delayedNow));
      Labels labels = Labels.of(MetricNames.QUEUE, queue);
      age.dataPoint(GaugeDataPointSnapshot.builder().labels(labels).value(ageSeconds).build());
      sent.dataPoint(total(labels, sentTotal));
      received.dataPoint(total(labels, receivedTotal));
      deleted.dataPoint(total(labels, deletedTotal));
      emptyReceives.dataPoint(total(labels, emptyReceivesTotal));
    }

    MetricSnapshots build(int queues, int foldedQueues) {
      return MetricSnapshots.of(
          messages.build(),
          age.build(),
          sent.build(),
          received.build(),
          deleted.build(),
          emptyReceives.build(),
          single(gauge(MetricNames.QUEUES, "Queues that exist."), queues),
          single(
              gauge(
                  MetricNames.FOLDED_QUEUES,
                  "Queues without series of their own, counted under queue=\"_other\"."),
              foldedQueues));
    }

    private static GaugeSnapshot single(GaugeSnapshot.Builder gauge, int value) {
      return gauge.dataPoint(GaugeDataPointSnapshot.builder().value(value).build()).build();
    }

    private static GaugeSnapshot.Builder gauge(String name, String help) {
      return GaugeSnapshot.builder().name(name).help(help);
    }

    private static CounterSnapshot.Builder counter(String name, String help) {
      // The model wants the name without the suffix that the exposition format adds.
      return CounterSnapshot.builder()
          .name(name.substring(0, name.length() - "_total".length()))
          .help(help);
    }

    private static GaugeDataPointSnapshot inState(String queue, String state, long messages) {
      return GaugeDataPointSnapshot.builder()
          .labels(Labels.of(MetricNames.QUEUE, queue, MetricNames.STATE, state))
          .value((double) messages)
          .build();
    }

    private static CounterDataPointSnapshot total(Labels labels, long value) {
      return CounterDataPointSnapshot.builder().labels(labels).value((double) value).build();
    }
  }
}
