package io.millrace.reports.record;

import java.util.OptionalDouble;

/**
 * One second of a run.
 *
 * @param second seconds since the run's start, 0 for the first
 * @param sent sends intended in this second
 * @param acked acknowledgements that arrived in this second
 * @param received messages, first deliveries and repeats, received in this second
 * @param backlog acknowledged and not yet deleted messages at the end of this second
 * @param publishP50Ms median publish latency of messages intended in this second
 * @param publishP99Ms 99th percentile over the shortest stretch of seconds ending with this one
 *     that has ten samples beyond it; empty when the record's {@code timelineWindowSeconds} have
 *     not, or when this second has no sample of its own
 * @param publishMaxMs slowest publish intended in this second; empty when none was acknowledged
 * @param endToEndP99Ms as {@code publishP99Ms}, for end-to-end latency
 */
public record Second(
    int second,
    long sent,
    long acked,
    long received,
    long backlog,
    OptionalDouble publishP50Ms,
    OptionalDouble publishP99Ms,
    OptionalDouble publishMaxMs,
    OptionalDouble endToEndP99Ms) {}
