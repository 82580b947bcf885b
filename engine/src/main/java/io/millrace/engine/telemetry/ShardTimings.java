package io.millrace.engine.telemetry;

import io.millrace.engine.shard.ShardObserver;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Unit;

/**
 * How long appends, forces and messages took: how many records a force covered, how big a message
 * was, how long it waited and was held. Hot: called for each record and message on the shard's
 * thread and for each force on the flusher's; allocates nothing.
 */
final class ShardTimings implements ShardObserver {

  private final Buckets appendTimes = new Buckets(Bounds.APPEND_SECONDS, Buckets.NANOS_PER_SECOND);
  private final Buckets forceTimes = new Buckets(Bounds.FORCE_SECONDS, Buckets.NANOS_PER_SECOND);
  private final Buckets forceBatches = new Buckets(Bounds.FORCE_BATCH_RECORDS, Buckets.AS_OBSERVED);

  private final Buckets messageSizes = new Buckets(Bounds.MESSAGE_BYTES, Buckets.AS_OBSERVED);
  private final Buckets waits = new Buckets(Bounds.DWELL_SECONDS, Buckets.MS_PER_SECOND);
  private final Buckets holds = new Buckets(Bounds.DWELL_SECONDS, Buckets.MS_PER_SECOND);

  void register(PrometheusRegistry registry) {
    registry.register(
        () ->
            family(
                    messageSizes,
                    MetricNames.MESSAGE_SIZE,
                    "Size of messages sent, bodies and attributes.")
                .unit(Unit.BYTES)
                .build());
    registry.register(
        () ->
            family(
                    waits,
                    MetricNames.WAITED,
                    "Time messages waited for their first receive, after any delay.")
                .unit(Unit.SECONDS)
                .build());
    registry.register(
        () ->
            family(
                    holds,
                    MetricNames.HELD,
                    "Time from a receive to the delete, of messages deleted while in flight.")
                .unit(Unit.SECONDS)
                .build());
    registry.register(
        () ->
            family(
                    appendTimes,
                    MetricNames.JOURNAL_APPEND_DURATION,
                    "Time to append one record to the journal, before it is durable.")
                .unit(Unit.SECONDS)
                .build());
    registry.register(
        () ->
            family(
                    forceTimes,
                    MetricNames.JOURNAL_FORCE_DURATION,
                    "Time of one force of the journal to the disk.")
                .unit(Unit.SECONDS)
                .build());
    registry.register(
        () ->
            family(
                    forceBatches,
                    MetricNames.JOURNAL_FORCE_BATCH,
                    "Records made durable by one force.")
                .build());
  }

  private static HistogramSnapshot.Builder family(Buckets buckets, String name, String help) {
    return HistogramSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(buckets.snapshot(Labels.EMPTY));
  }

  @Override
  public void forced(long nanos, int records) {
    FlightEvents.force(nanos, records);
    forceTimes.observe(nanos);
    forceBatches.observe(records);
  }

  @Override
  public void deadLettered(String queue) {
    FlightEvents.deadLetterMove(queue);
  }

  @Override
  public void expired(long messages) {
    FlightEvents.expiry(messages);
  }

  @Override
  public void rolled(long segment) {
    FlightEvents.roll(segment);
  }

  @Override
  public void checkpointed() {
    FlightEvents.checkpoint();
  }

  @Override
  public void sent(int bytes) {
    messageSizes.observe(bytes);
  }

  @Override
  public void firstReceived(long waitedMs) {
    waits.observe(waitedMs);
  }

  @Override
  public void deletedInFlight(long heldMs) {
    holds.observe(heldMs);
  }

  @Override
  public void appended(long nanos) {
    FlightEvents.append(nanos);
    appendTimes.observe(nanos);
  }
}
