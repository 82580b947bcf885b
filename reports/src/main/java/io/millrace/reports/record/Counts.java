package io.millrace.reports.record;

/**
 * What became of the run's messages.
 *
 * @param sent messages whose send was acknowledged or of unknown outcome; one that was only ever
 *     refused was not sent
 * @param acked sends the server acknowledged
 * @param unknown sends with an unknown outcome: neither acknowledged nor refused
 * @param received distinct messages received at least once
 * @param deleted distinct messages whose delete was confirmed
 * @param lost acknowledged messages never received
 * @param invented messages received that nobody sent
 * @param corrupted messages received with a body or attributes other than those sent
 * @param receivedAfterDelete deliveries after a delete confirmed by the latest, unexpired receipt
 * @param emptyPolls polls that returned no message; apart from the receive latency
 */
public record Counts(
    long sent,
    long acked,
    long unknown,
    long received,
    long deleted,
    long lost,
    long invented,
    long corrupted,
    long receivedAfterDelete,
    long emptyPolls) {}
