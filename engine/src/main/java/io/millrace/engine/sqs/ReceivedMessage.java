package io.millrace.engine.sqs;

import java.util.List;
import java.util.UUID;

/**
 * A message as one receive hands it out.
 *
 * @param id drawn at the send, kept for life, also in a dead-letter queue
 * @param receiptHandle names this receive; opaque and authenticated
 * @param body UTF-8 as sent; do not write to it
 * @param bodyMd5 MD5 digest of the body as it came with the send, 16 bytes, or {@link
 *     OutgoingMessage#NO_MD5}; do not write to it
 * @param attributes as sent
 * @param senderId the principal that sent it
 * @param sentAtMs milliseconds since the epoch
 * @param firstReceivedAtMs milliseconds since the epoch
 * @param receiveCount 1 at the first receive
 * @param traceHeader AWSTraceHeader, or {@link OutgoingMessage#NONE}
 * @param groupId MessageGroupId, or {@link OutgoingMessage#NONE}
 * @param deadLetterSourceArn the queue it was moved from, or {@link OutgoingMessage#NONE}
 */
public record ReceivedMessage(
    UUID id,
    String receiptHandle,
    byte[] body,
    byte[] bodyMd5,
    List<MessageAttribute> attributes,
    String senderId,
    long sentAtMs,
    long firstReceivedAtMs,
    int receiveCount,
    String traceHeader,
    String groupId,
    String deadLetterSourceArn) {}
