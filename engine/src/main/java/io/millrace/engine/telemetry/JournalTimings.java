package io.millrace.engine.telemetry;

import io.millrace.engine.shard.ShardObserver;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;

/**
 * How long appends and forces took, and how many records a force covered. Hot: called for each
 * record on the shard's thread and for each force on the flusher's; allocates nothing.
 */
final class JournalTimings implements ShardObserver {

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
  }

  @Override
  public void forced(long nanos, int records) {
    forceSeconds.observe(nanos * SECONDS_PER_NANO);
    forceRecords.observe(records);
  }

  @Override
  public void appended(long nanos) {
    appendSeconds.observe(nanos * SECONDS_PER_NANO);
  }
}
