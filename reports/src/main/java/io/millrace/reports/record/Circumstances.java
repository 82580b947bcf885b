package io.millrace.reports.record;

import java.time.Instant;

/**
 * When, where and from what a run was made: what a record says beside its figures.
 *
 * @param command repeats the run
 * @param startedAt the run's start by the wall clock
 * @param seconds how long it took
 * @param gitCommit full hash of the commit that ran, or "unknown"
 * @param gitDirty whether the work tree had uncommitted changes
 * @param environment where it ran
 */
public record Circumstances(
    String command,
    Instant startedAt,
    double seconds,
    String gitCommit,
    boolean gitDirty,
    Environment environment) {}
