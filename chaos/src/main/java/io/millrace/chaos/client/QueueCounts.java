package io.millrace.chaos.client;

/**
 * A queue's counts as the server gives them.
 *
 * @param visible ApproximateNumberOfMessages
 * @param inFlight ApproximateNumberOfMessagesNotVisible
 * @param delayed ApproximateNumberOfMessagesDelayed
 */
public record QueueCounts(long visible, long inFlight, long delayed) {}
