package io.millrace.engine.journal;

/**
 * One file of the log.
 *
 * @param number grows by one or more from segment to segment, across restarts; never reused
 * @param bytes from the start of the file to the end of its last record
 * @param generation the journal's count of fresh directories; one per start, one more after each
 *     failed segment
 */
public record Segment(long number, long bytes, int generation) {}
