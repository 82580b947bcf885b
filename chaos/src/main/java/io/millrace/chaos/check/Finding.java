package io.millrace.chaos.check;

/**
 * One violation.
 *
 * @param invariant what was broken
 * @param attempt the send attempt it is about; {@link io.millrace.chaos.history.Entry#NO_ATTEMPT}
 *     if none can be named
 * @param atNs when it showed, in ns since the run's origin
 * @param sentence what happened, in words, without a full stop
 */
public record Finding(Invariant invariant, long attempt, long atNs, String sentence) {}
