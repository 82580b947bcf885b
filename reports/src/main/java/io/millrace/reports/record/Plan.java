package io.millrace.reports.record;

/**
 * What the run set out to do, fixed before it began.
 *
 * @param command the exact command that repeats the run, seed included, such as {@code ./millrace
 *     run --quick --seed 42}; no absolute paths
 * @param rate intended sends a second, open loop, over all producers
 * @param seconds how long sends were scheduled, outage included, drain excluded
 * @param messages how many sends were scheduled
 * @param messageBytes body size in bytes
 * @param producers how many producers shared the schedule
 * @param consumers how many consumers polled
 * @param durability the server's level: {@code power-loss} or {@code process-crash}
 * @param visibilityTimeoutSeconds the queue's visibility timeout
 * @param killAtMs when the kill was planned, milliseconds since the run's start; -1 for none
 * @param sloMs the latency limit the run is judged by, in milliseconds
 */
public record Plan(
    String command,
    int rate,
    int seconds,
    long messages,
    int messageBytes,
    int producers,
    int consumers,
    String durability,
    int visibilityTimeoutSeconds,
    long killAtMs,
    double sloMs) {}
