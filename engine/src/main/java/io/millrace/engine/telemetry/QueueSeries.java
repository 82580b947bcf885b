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
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

  /** What is counted of each queue. */
  @SuppressWarnings("ImmutableEnumChecker") // the function has no state
  private enum Total {
    SENT(MetricNames.QUEUE_SENT, "Messages sent to the queue.", queue -> queue.sent),
    SENT_BYTES(
        MetricNames.QUEUE_SENT_BYTES,
        "Bytes of messages sent to the queue, bodies and attributes.",
        queue -> queue.sentBytes),
    RECEIVED(
        MetricNames.QUEUE_RECEIVED,
        "Messages received from the queue, repeats included.",
        queue -> queue.received),
    REDELIVERED(
        MetricNames.QUEUE_REDELIVERED,
        "Messages received from the queue that had been received before.",
        queue -> queue.redelivered),
    DELETED(
        MetricNames.QUEUE_DELETED,
        "Messages deleted from the queue by a receipt handle.",
        queue -> queue.deleted),
    EXPIRED(
        MetricNames.QUEUE_EXPIRED,
        "Messages of the queue dropped at the end of their retention period.",
        queue -> queue.expired),
    DEAD_LETTERED(
        MetricNames.QUEUE_DEAD_LETTERED,
        "Messages moved from the queue to its dead-letter queue.",
        queue -> queue.movedToDeadLetter),
    EMPTY_RECEIVES(
        MetricNames.QUEUE_EMPTY_RECEIVES,
        "Receives of the queue that returned nothing.",
        queue -> queue.emptyReceives);

    private final String metric;
    private final String help;
    private final Function<QueueCounters, Counter> counter;

    Total(String metric, String help, Function<QueueCounters, Counter> counter) {
      this.metric = metric;
      this.help = help;
      this.counter = counter;
    }

    long of(QueueCounters queue) {
      return counter.apply(queue).get();
    }
  }

  private final ShardCounters shard;
  private final LongSupplier nowMs;
  private final int shownMax;

  // Guarded by this. Queues are told apart by identity: a queue made again under an old name is
  // new.
  private final Set<QueueCounters> shown = identitySet();
  private final Set<QueueCounters> folded = identitySet();
  private final Map<Total, Long> gone = new EnumMap<>(Total.class);
  private boolean folding;

  /**
   * @param nowMs the time that {@link QueueCounters#oldestArrivedAtMs} is compared with, in ms
   *     since the epoch
   * @param shownMax queues with series of their own, at least 0
   */
  QueueSeries(ShardCounters shard, LongSupplier nowMs, int shownMax) {
    if (shownMax < 0) {
      throw new IllegalArgumentException("queues shown must be 0 or more: " + shownMax);
    }
    this.shard = shard;
    this.nowMs = nowMs;
    this.shownMax = shownMax;
    for (Total total : Total.values()) {
      gone.put(total, 0L);
    }
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
      Figures figures = new Figures();
      figures.add(queue, now);
      families.add(queue.name, figures);
    }
    if (folding) {
      Figures figures = new Figures();
      gone.forEach((total, count) -> figures.totals.merge(total, count, Long::sum));
      folded.forEach(queue -> figures.add(queue, now));
      families.add(MetricNames.OTHER, figures);
    }
    return families.build(shown.size() + folded.size(), folded.size());
  }

  /** Forgets the queues that are gone; what the folded ones counted stays in the fold. */
  private void dismiss(Set<QueueCounters> present) {
    shown.retainAll(present);
    for (QueueCounters queue : List.copyOf(folded)) {
      if (!present.contains(queue)) {
        folded.remove(queue);
        gone.replaceAll((total, count) -> count + total.of(queue));
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

  private static Set<QueueCounters> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  /** The numbers of one queue, or of several together. */
  private static final class Figures {

    private long visible;
    private long inFlight;
    private long delayed;
    private double ageSeconds;
    private double ordinaryAgeSeconds;
    private double sinceSendSeconds;
    private long retentionSeconds = Long.MAX_VALUE;
    private long emptiesPer1000Seconds;
    private final Map<Total, Long> totals = new EnumMap<>(Total.class);

    void add(QueueCounters queue, long nowMs) {
      visible += queue.visible.get();
      inFlight += queue.inFlight.get();
      delayed += queue.delayed.get();
      ageSeconds = Math.max(ageSeconds, secondsSince(queue.oldestArrivedAtMs, nowMs));
      ordinaryAgeSeconds =
          Math.max(ordinaryAgeSeconds, secondsSince(queue.oldestOrdinaryArrivedAtMs, nowMs));
      sinceSendSeconds = Math.max(sinceSendSeconds, secondsSince(queue.oldestSentAtMs, nowMs));
      retentionSeconds = Math.min(retentionSeconds, queue.retentionSeconds.get());
      emptiesPer1000Seconds += queue.emptiesPer1000Seconds.get();
      for (Total total : Total.values()) {
        totals.merge(total, total.of(queue), Long::sum);
      }
    }

    private static double secondsSince(Counter thenMs, long nowMs) {
      long then = thenMs.get();
      // Our clock may be read a moment before the shard's was.
      return then == 0 ? 0 : Math.max(0, nowMs - then) / 1_000.0;
    }

    long held() {
      return visible + inFlight + delayed;
    }
  }

  /** The families under construction. */
  private static final class Families {

    private final GaugeSnapshot.Builder messages =
        gauge(MetricNames.QUEUE_MESSAGES, "Messages of the queue now, by state.");
    private final GaugeSnapshot.Builder age =
        gauge(
                MetricNames.QUEUE_OLDEST_AGE,
                "How long the oldest message not gone has been in the queue, in flight or not; 0 without one.")
            .unit(Unit.SECONDS);
    private final GaugeSnapshot.Builder ordinaryAge =
        gauge(
                MetricNames.QUEUE_OLDEST_ORDINARY_AGE,
                "The same without messages that were received three times or more.")
            .unit(Unit.SECONDS);
    private final GaugeSnapshot.Builder sinceSend =
        gauge(
                MetricNames.QUEUE_OLDEST_SINCE_SEND,
                "Time since the oldest message was first sent, what its retention counts; more than its age in a dead-letter queue.")
            .unit(Unit.SECONDS);
    private final GaugeSnapshot.Builder retention =
        gauge(
                MetricNames.QUEUE_RETENTION,
                "How long the queue keeps a message; of queues together, the shortest.")
            .unit(Unit.SECONDS);
    private final GaugeSnapshot.Builder drain =
        gauge(
                MetricNames.QUEUE_DRAIN,
                "Time until the queue is empty at the pace of the last half minute; absent while it grows or stands still.")
            .unit(Unit.SECONDS);
    private final Map<Total, CounterSnapshot.Builder> totals = new EnumMap<>(Total.class);

    Families() {
      for (Total total : Total.values()) {
        totals.put(total, counter(total.metric, total.help));
      }
    }

    void add(String queue, Figures figures) {
      messages
          .dataPoint(inState(queue, MetricNames.VISIBLE, figures.visible))
          .dataPoint(inState(queue, MetricNames.IN_FLIGHT, figures.inFlight))
          .dataPoint(inState(queue, MetricNames.DELAYED, figures.delayed));
      Labels labels = Labels.of(MetricNames.QUEUE, queue);
      age.dataPoint(gaugePoint(labels, figures.ageSeconds));
      ordinaryAge.dataPoint(gaugePoint(labels, figures.ordinaryAgeSeconds));
      sinceSend.dataPoint(gaugePoint(labels, figures.sinceSendSeconds));
      if (figures.retentionSeconds != Long.MAX_VALUE) {
        retention.dataPoint(gaugePoint(labels, (double) figures.retentionSeconds));
      }
      if (figures.held() == 0) {
        drain.dataPoint(gaugePoint(labels, 0));
      } else if (figures.emptiesPer1000Seconds > 0) {
        double seconds = figures.held() * 1_000.0 / figures.emptiesPer1000Seconds;
        drain.dataPoint(gaugePoint(labels, seconds));
      }
      totals.forEach(
          (total, family) ->
              family.dataPoint(total(labels, Objects.requireNonNull(figures.totals.get(total)))));
    }

    MetricSnapshots build(int queues, int foldedQueues) {
      MetricSnapshots.Builder all =
          MetricSnapshots.builder()
              .metricSnapshot(messages.build())
              .metricSnapshot(age.build())
              .metricSnapshot(ordinaryAge.build())
              .metricSnapshot(sinceSend.build())
              .metricSnapshot(retention.build())
              .metricSnapshot(drain.build())
              .metricSnapshot(single(gauge(MetricNames.QUEUES, "Queues that exist."), queues))
              .metricSnapshot(
                  single(
                      gauge(
                          MetricNames.FOLDED_QUEUES,
                          "Queues without series of their own, counted under queue=\"_other\"."),
                      foldedQueues));
      totals.values().forEach(family -> all.metricSnapshot(family.build()));
      return all.build();
    }

    private static GaugeDataPointSnapshot gaugePoint(Labels labels, double value) {
      return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
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
