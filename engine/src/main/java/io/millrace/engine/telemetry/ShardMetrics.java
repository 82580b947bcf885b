package io.millrace.engine.telemetry;

import io.millrace.engine.shard.Counter;
import io.millrace.engine.shard.ShardCounters;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;

/**
 * Shows a shard's totals. Nothing is counted twice: each family reads, when scraped, the counter
 * that the shard keeps anyway.
 */
final class ShardMetrics {

  private static final double SECONDS_PER_MS = 1e-3;

  private final PrometheusRegistry registry;

  private ShardMetrics(PrometheusRegistry registry) {
    this.registry = registry;
  }

  static void register(ShardCounters shard, PrometheusRegistry registry) {
    ShardMetrics metrics = new ShardMetrics(registry);
    metrics.messages(shard);
    metrics.journal(shard);
    metrics.checkpointsAndRecovery(shard);
  }

  private void messages(ShardCounters shard) {
    total(MetricNames.MESSAGES_SENT, "Messages sent; dead-letter moves are not sends.", shard.sent);
    bytesTotal(
        MetricNames.MESSAGES_SENT_BYTES,
        "Bytes of messages sent, bodies and attributes.",
        shard.sentBytes);
    total(MetricNames.MESSAGES_RECEIVED, "Messages received, repeats included.", shard.received);
    total(
        MetricNames.MESSAGES_REDELIVERED,
        "Messages received that had been received before.",
        shard.redelivered);
    total(MetricNames.MESSAGES_DELETED, "Messages deleted by a receipt handle.", shard.deleted);
    total(
        MetricNames.MESSAGES_EXPIRED,
        "Messages dropped at the end of their retention period.",
        shard.expired);
    total(
        MetricNames.MESSAGES_DEAD_LETTERED,
        "Messages moved to a dead-letter queue.",
        shard.movedToDeadLetter);
    total(MetricNames.MESSAGES_PURGED, "Messages removed by a purge.", shard.purged);
    total(
        MetricNames.MESSAGES_DAMAGED,
        "Messages that could not be read back from the journal.",
        shard.damaged);
    CounterWithCallback.builder()
        .name(MetricNames.LEASES_ENDED)
        .help(
            "Messages in flight that became visible again: their time ran out, or a receiver released them.")
        .labelNames(MetricNames.CAUSE)
        .callback(
            callback -> {
              callback.call((double) shard.leasesTimedOut.get(), "timeout");
              callback.call((double) shard.leasesReleased.get(), "released");
            })
        .register(registry);
    gauge(
        MetricNames.QUEUE_IN_FLIGHT_LIMIT,
        "Messages of one queue that may be in flight at a time.",
        shard.inFlightMax);
    total(
        MetricNames.EMPTY_RECEIVES,
        "Receives that returned no message, waited or not.",
        shard.emptyReceives);
    total(
        MetricNames.STALE_DELETES,
        "Deletes by a receipt handle that a later receive has replaced; they change nothing.",
        shard.staleDeletes);
    gauge(
        MetricNames.LONG_POLLS_WAITING,
        "Receives that wait for a message now.",
        shard.waitingPolls);
    total(
        MetricNames.SHARD_REFUSED,
        "Requests refused: inbox or disk full, or the server stopping.",
        shard.refused);
  }

  private void journal(ShardCounters shard) {
    total(MetricNames.JOURNAL_RECORDS, "Records appended to the journal.", shard.journalRecords);
    bytesTotal(
        MetricNames.JOURNAL_WRITTEN_BYTES, "Bytes appended to the journal.", shard.journalBytes);
    gauge(
        MetricNames.JOURNAL_SEGMENTS,
        "Segments of the journal on the disk.",
        shard.journalSegments);
    bytesGauge(
        MetricNames.JOURNAL_DISK_BYTES,
        "Bytes the journal holds on the disk, reserved space included.",
        shard.journalDiskBytes);
    bytesGauge(
        MetricNames.JOURNAL_RESERVED_BYTES,
        "Bytes of the disk reserved for the journal and not written to yet.",
        shard.journalReservedBytes);
    bytesGauge(
        MetricNames.JOURNAL_LIVE_BYTES,
        "Bytes of the journal that belong to messages not yet gone.",
        shard.liveBytes);
    total(
        MetricNames.JOURNAL_SEGMENTS_DROPPED,
        "Segments deleted because nothing in them was needed.",
        shard.segmentsDropped);
    total(
        MetricNames.JOURNAL_CARRIED_FORWARD,
        "Messages copied out of nearly empty segments so that these could be dropped.",
        shard.carriedForward);
    total(MetricNames.JOURNAL_FORCES, "Forces of the journal that ended well.", shard.forces);
    total(
        MetricNames.JOURNAL_FORCE_FAILURES,
        "Forces of the journal that failed; the shard stops acknowledging until a rewrite holds.",
        shard.forceFailures);
    total(
        MetricNames.JOURNAL_FORCED_RECORDS, "Records made durable by forces.", shard.forcedRecords);
  }

  private void checkpointsAndRecovery(ShardCounters shard) {
    total(MetricNames.CHECKPOINTS, "Checkpoints written.", shard.checkpoints);
    GaugeWithCallback.builder()
        .name(MetricNames.CHECKPOINT_TIME)
        .help("When the last checkpoint was written; absent before the first.")
        .unit(Unit.SECONDS)
        .callback(
            callback -> {
              long atMs = shard.checkpointAtMs.get();
              // No sample beats a checkpoint in 1970, which every alert on its age would see.
              if (atMs != 0) {
                callback.call(atMs * SECONDS_PER_MS);
              }
            })
        .register(registry);
    GaugeWithCallback.builder()
        .name(MetricNames.RECOVERY_DURATION)
        .help("Time the recovery of this run took.")
        .unit(Unit.SECONDS)
        .callback(callback -> callback.call(shard.recoveryMs.get() * SECONDS_PER_MS))
        .register(registry);
    gauge(
        MetricNames.RECOVERY_RECORDS,
        "Records replayed by the recovery of this run.",
        shard.recoveryRecords);
    gauge(
        MetricNames.RECOVERY_QUARANTINED,
        "Damaged records the recovery of this run set aside.",
        shard.recoveryQuarantined);
  }

  private void total(String name, String help, Counter counter) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call((double) counter.get()))
        .register(registry);
  }

  private void bytesTotal(String name, String help, Counter counter) {
    CounterWithCallback.builder()
        .name(name)
        .help(help)
        .unit(Unit.BYTES)
        .callback(callback -> callback.call((double) counter.get()))
        .register(registry);
  }

  private void gauge(String name, String help, Counter counter) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .callback(callback -> callback.call((double) counter.get()))
        .register(registry);
  }

  private void bytesGauge(String name, String help, Counter counter) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .unit(Unit.BYTES)
        .callback(callback -> callback.call((double) counter.get()))
        .register(registry);
  }
}
