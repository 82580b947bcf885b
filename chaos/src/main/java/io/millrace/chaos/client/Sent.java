package io.millrace.chaos.client;

/**
 * The answer to a send.
 *
 * @param messageId the id the server gave
 * @param digestsAgree whether its digests of body and attributes are those of what was sent
 */
public record Sent(String messageId, boolean digestsAgree) {}
