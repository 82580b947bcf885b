package io.millrace.chaos.client;

/**
 * What a queue says it holds.
 *
 * @param visible messages to be received now
 * @param inFlight messages received and neither deleted nor visible again
 * @param delayed messages not yet to be received
 */
public record Depth(long visible, long inFlight, long delayed) {}
