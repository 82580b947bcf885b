package io.millrace.engine.telemetry;

import io.millrace.engine.shard.ShardObserver;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Unit;

/**
 * How long appends and forces took, and how many records a force covered. Hot: called for each
 * record on the shard's thread and for each force on the flusher's; allocates nothing.
 */
final class JournalTimings implements ShardObserver {

  private final Buckets appendTimes = new Buckets(Bounds.APPEND_SECONDS, Buckets.NANOS_PER_SECOND);
  private final Buckets forceTimes = new Buckets(Bounds.FORCE_SECONDS, Buckets.NANOS_PER_SECOND);
  private final Buckets forceBatches = new Buckets(Bounds.FORCE_BATCH_RECORDS, Buckets.AS_OBSERVED);

  void register(PrometheusRegistry registry) {
    registry.register(
        () ->
            HistogramSnapshot.builder()
                .name(MetricNames.JOURNAL_APPEND_DURATION)
                .help("Time to append one record to the journal, before it is durable.")
                .unit(Unit.SECONDS)
                .dataPoint(appendTimes.snapshot(Labels.EMPTY))
                .build());
    registry.register(
        () ->
            HistogramSnapshot.builder()
                .name(MetricNames.JOURNAL_FORCE_DURATION)
                .help("Time of one force of the journal to the disk.")
                .unit(Unit.SECONDS)
                .dataPoint(forceTimes.snapshot(Labels.EMPTY))
                .build());
    registry.register(
        () ->
            HistogramSnapshot.builder()
                .name(MetricNames.JOURNAL_FORCE_BATCH)
                .help("Records made durable by one force.")
                .dataPoint(forceBatches.snapshot(Labels.EMPTY))
                .build());
  }

  @Override
  public void forced(long nanos, int records) {
    forceTimes.observe(nanos);
    forceBatches.observe(records);
  }

  @Override
  public void appended(long nanos) {
    appendTimes.observe(nanos);
  }
}
