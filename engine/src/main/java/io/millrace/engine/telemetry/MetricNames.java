package io.millrace.engine.telemetry;

/**
 * The name of every metric the engine exports, as PromQL writes it: the prefix {@code millrace_},
 * base units, {@code _total} on counters. A histogram appears under its name plus {@code _bucket},
 * {@code _count} and {@code _sum}.
 *
 * <p>Names are a contract with users' dashboards and alerts: a new name is an addition, a changed
 * one breaks somebody.
 */
public final class MetricNames {

  // Labels.
  public static final String ACTION = "action";
  public static final String CODE = "code";
  public static final String QUEUE = "queue";
  public static final String STATE = "state";
  public static final String CAUSE = "cause";
  public static final String KIND = "kind";

  // Values of the label "state".
  public static final String VISIBLE = "visible";
  public static final String IN_FLIGHT = "inflight";
  public static final String DELAYED = "delayed";

  /** Stands in the label "queue" for all queues that have no series of their own. */
  public static final String OTHER = "_other";

  // The process.
  public static final String BUILD_INFO = "millrace_build_info";

  // Messages, over all queues that ever were.
  public static final String MESSAGES_SENT = "millrace_messages_sent_total";
  public static final String MESSAGES_SENT_BYTES = "millrace_messages_sent_bytes_total";
  public static final String MESSAGES_RECEIVED = "millrace_messages_received_total";
  public static final String MESSAGES_REDELIVERED = "millrace_messages_redelivered_total";
  public static final String MESSAGES_DELETED = "millrace_messages_deleted_total";
  public static final String MESSAGES_EXPIRED = "millrace_messages_expired_total";
  public static final String MESSAGES_DEAD_LETTERED = "millrace_messages_dead_lettered_total";
  public static final String MESSAGES_PURGED = "millrace_messages_purged_total";
  public static final String MESSAGES_DAMAGED = "millrace_messages_damaged_total";
  public static final String LEASES_ENDED = "millrace_leases_ended_total";
  public static final String MESSAGE_SIZE = "millrace_message_size_bytes";
  public static final String WAITED = "millrace_message_send_to_receive_seconds";
  public static final String HELD = "millrace_message_receive_to_delete_seconds";
  public static final String EMPTY_RECEIVES = "millrace_empty_receives_total";
  public static final String STALE_DELETES = "millrace_stale_deletes_total";
  public static final String LONG_POLLS_WAITING = "millrace_long_polls_waiting";
  public static final String SHARD_REFUSED = "millrace_shard_refused_requests_total";

  // One queue, or the folded rest.
  public static final String QUEUE_MESSAGES = "millrace_queue_messages";
  public static final String QUEUE_OLDEST_AGE = "millrace_queue_oldest_message_age_seconds";
  public static final String QUEUE_OLDEST_ORDINARY_AGE =
      "millrace_queue_oldest_message_age_without_poison_seconds";
  public static final String QUEUE_OLDEST_SINCE_SEND =
      "millrace_queue_oldest_message_since_send_seconds";
  public static final String QUEUE_RETENTION = "millrace_queue_retention_seconds";
  public static final String QUEUE_DRAIN = "millrace_queue_drain_seconds";
  public static final String QUEUE_IN_FLIGHT_LIMIT = "millrace_queue_inflight_limit";
  public static final String QUEUE_SENT = "millrace_queue_messages_sent_total";
  public static final String QUEUE_SENT_BYTES = "millrace_queue_messages_sent_bytes_total";
  public static final String QUEUE_RECEIVED = "millrace_queue_messages_received_total";
  public static final String QUEUE_REDELIVERED = "millrace_queue_messages_redelivered_total";
  public static final String QUEUE_EXPIRED = "millrace_queue_messages_expired_total";
  public static final String QUEUE_DEAD_LETTERED = "millrace_queue_messages_dead_lettered_total";
  public static final String QUEUE_DELETED = "millrace_queue_messages_deleted_total";
  public static final String QUEUE_EMPTY_RECEIVES = "millrace_queue_empty_receives_total";
  public static final String QUEUES = "millrace_queues";
  public static final String FOLDED_QUEUES = "millrace_metrics_folded_queues";

  // The endpoint.
  public static final String API_REQUESTS = "millrace_api_requests_total";
  public static final String API_ERRORS = "millrace_api_errors_total";
  public static final String API_THROTTLED = "millrace_api_throttled_total";
  public static final String ACCESS_LOG_DROPPED = "millrace_access_log_dropped_lines_total";
  public static final String API_DURATION = "millrace_api_request_duration_seconds";
  public static final String API_LONG_POLL_DURATION = "millrace_api_long_poll_duration_seconds";

  public static final String CONNECTIONS_OPEN = "millrace_connections_open";
  public static final String CONNECTIONS_ACCEPTED = "millrace_connections_accepted_total";
  public static final String CONNECTIONS_TURNED_AWAY = "millrace_connections_turned_away_total";
  public static final String CONNECTIONS_TIMED_OUT = "millrace_connections_timed_out_total";
  public static final String CONNECTIONS_REFUSED_REQUESTS =
      "millrace_connections_refused_requests_total";
  public static final String CANCELLED_POLLS = "millrace_connections_cancelled_polls_total";

  // The journal.
  public static final String JOURNAL_RECORDS = "millrace_journal_records_total";
  public static final String JOURNAL_WRITTEN_BYTES = "millrace_journal_written_bytes_total";
  public static final String JOURNAL_SEGMENTS = "millrace_journal_segments";
  public static final String JOURNAL_DISK_BYTES = "millrace_journal_disk_bytes";
  public static final String JOURNAL_RESERVED_BYTES = "millrace_journal_reserved_bytes";
  public static final String JOURNAL_LIVE_BYTES = "millrace_journal_live_bytes";
  public static final String JOURNAL_SEGMENTS_DROPPED = "millrace_journal_segments_dropped_total";
  public static final String JOURNAL_CARRIED_FORWARD = "millrace_journal_carried_forward_total";
  public static final String JOURNAL_APPEND_DURATION = "millrace_journal_append_duration_seconds";
  public static final String JOURNAL_FORCES = "millrace_journal_forces_total";
  public static final String JOURNAL_FORCE_FAILURES = "millrace_journal_force_failures_total";
  public static final String JOURNAL_FORCED_RECORDS = "millrace_journal_forced_records_total";
  public static final String JOURNAL_FORCE_DURATION = "millrace_journal_force_duration_seconds";
  public static final String JOURNAL_FORCE_BATCH = "millrace_journal_force_batch_records";

  // Checkpoints and the recovery of this run.
  public static final String CHECKPOINTS = "millrace_checkpoints_total";
  public static final String CHECKPOINT_TIME = "millrace_checkpoint_timestamp_seconds";
  public static final String RECOVERY_DURATION = "millrace_recovery_duration_seconds";
  public static final String RECOVERY_RECORDS = "millrace_recovery_records";
  public static final String RECOVERY_QUARANTINED = "millrace_recovery_quarantined_records";

  // The file system under the data directory.
  public static final String DISK_FREE_BYTES = "millrace_disk_free_bytes";
  public static final String DISK_SIZE_BYTES = "millrace_disk_size_bytes";

  // The process and its JVM, beyond what the Prometheus client shows of them.
  public static final String PAGE_FAULTS = "millrace_process_page_faults_total";
  public static final String MAPPED_FILE_BYTES = "millrace_process_mapped_file_bytes";
  public static final String SAFEPOINTS = "millrace_jvm_safepoints_total";
  public static final String SAFEPOINT_TIME = "millrace_jvm_safepoint_seconds_total";
  public static final String SAFEPOINT_SYNC_TIME = "millrace_jvm_safepoint_sync_seconds_total";

  private MetricNames() {}
}
