package io.millrace.engine.telemetry;

import io.millrace.engine.shard.ShardObserver;
<<<<<<< HEAD
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
=======
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
>>>>>>> helper/telemetry
import io.prometheus.metrics.model.snapshots.Unit;

/**
 * How long appends and forces took, and how many records a force covered. Hot: called for each
 * record on the shard's thread and for each force on the flusher's; allocates nothing.
 */
final class JournalTimings implements ShardObserver {

<<<<<<< HEAD
  private static final double SECONDS_PER_NANO = 1e-9;

  private final DistributionDataPoint appendSeconds;
  private final DistributionDataPoint forceSeconds;
  private final DistributionDataPoint forceRecords;

  JournalTimings(PrometheusRegistry registry) {
    // Classic buckets only: native ones cost 32 bytes and several times the time an observation.
    appendSeconds =
        Histogram.builder()
            .name(MetricNames.JOURNAL_APPEND_DURATION)
            .help("Time to append one record to the journal, before it is durable.")
            .unit(Unit.SECONDS)
            .classicOnly()
            .classicUpperBounds(Bounds.APPEND_SECONDS)
            .withoutExemplars()
            .register(registry);
    forceSeconds =
        Histogram.builder()
            .name(MetricNames.JOURNAL_FORCE_DURATION)
            .help("Time of one force of the journal to the disk.")
            .unit(Unit.SECONDS)
            .classicOnly()
            .classicUpperBounds(Bounds.FORCE_SECONDS)
            .withoutExemplars()
            .register(registry);
    forceRecords =
        Histogram.builder()
            .name(MetricNames.JOURNAL_FORCE_BATCH)
            .help("Records made durable by one force.")
            .classicOnly()
            .classicUpperBounds(Bounds.FORCE_BATCH_RECORDS)
            .withoutExemplars()
            .register(registry);
=======
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
>>>>>>> helper/telemetry
  }

  @Override
  public void forced(long nanos, int records) {
<<<<<<< HEAD
    forceSeconds.observe(nanos * SECONDS_PER_NANO);
    forceRecords.observe(records);
=======
    forceTimes.observe(nanos);
    forceBatches.observe(records);
>>>>>>> helper/telemetry
  }

  @Override
  public void appended(long nanos) {
<<<<<<< HEAD
    appendSeconds.observe(nanos * SECONDS_PER_NANO);
=======
    appendTimes.observe(nanos);
>>>>>>> helper/telemetry
  }
}
