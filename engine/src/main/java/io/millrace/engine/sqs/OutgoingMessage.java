package io.millrace.engine.sqs;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A message as its sender hands it over.
 *
 * @param body UTF-8, at least one byte; handed over, never written again
 * @param attributes at most {@link Limits#MESSAGE_ATTRIBUTES_MAX}, names distinct
 * @param delaySeconds 0 to {@link Limits#DELAY_SECONDS_MAX}, or {@link #QUEUE_DELAY}
 * @param traceHeader the system attribute AWSTraceHeader, at most {@link
 *     Limits#TRACE_HEADER_BYTES_MAX} bytes, or {@link #NONE}; not counted in the size
 * @param groupId MessageGroupId, at most {@link Limits#GROUP_ID_LENGTH_MAX} characters, or {@link
 *     #NONE}
 * @param bodyMd5 MD5 digest of the body, 16 bytes, kept with the message and trusted, or {@link
 *     #NO_MD5} if nobody computed it; never written again
 */
public record OutgoingMessage(
    byte[] body,
    List<MessageAttribute> attributes,
    int delaySeconds,
    String traceHeader,
    String groupId,
    byte[] bodyMd5) {

  public OutgoingMessage {
    if (body.length == 0) {
      throw new IllegalArgumentException("a body has at least one byte");
    }
    if (attributes.size() > Limits.MESSAGE_ATTRIBUTES_MAX) {
      throw new IllegalArgumentException("too many attributes: " + attributes.size());
    }
    if (delaySeconds < QUEUE_DELAY || delaySeconds > Limits.DELAY_SECONDS_MAX) {
      throw new IllegalArgumentException("delaySeconds is out of range: " + delaySeconds);
    }
    if (Utf8.length(traceHeader) > Limits.TRACE_HEADER_BYTES_MAX) {
      throw new IllegalArgumentException("the trace header is too long");
    }
    if (groupId.length() > Limits.GROUP_ID_LENGTH_MAX) {
      throw new IllegalArgumentException("the group id is too long");
    }
    if (bodyMd5.length != NO_MD5.length && bodyMd5.length != MD5_BYTES) {
      throw new IllegalArgumentException("an MD5 digest has 16 bytes, not " + bodyMd5.length);
    }
  }

  /** A message whose digest nobody computed. */
  public OutgoingMessage(
      byte[] body,
      List<MessageAttribute> attributes,
      int delaySeconds,
      String traceHeader,
      String groupId) {
    this(body, attributes, delaySeconds, traceHeader, groupId, NO_MD5);
  }

  /** Use the queue's DelaySeconds. */
  public static final int QUEUE_DELAY = -1;

  /** An absent text. */
  public static final String NONE = "";

  /** Length of an MD5 digest. */
  public static final int MD5_BYTES = 16;

  /** An absent digest. */
  public static final byte[] NO_MD5 = {};

  /** A plain text message without attributes. */
  public static OutgoingMessage of(String body) {
    return of(body.getBytes(StandardCharsets.UTF_8));
  }

  /** A message of these UTF-8 bytes without attributes. */
  public static OutgoingMessage of(byte[] body) {
    return new OutgoingMessage(body, List.of(), QUEUE_DELAY, NONE, NONE);
  }

  public OutgoingMessage withDelaySeconds(int seconds) {
    return new OutgoingMessage(body, attributes, seconds, traceHeader, groupId, bodyMd5);
  }

  /** Bytes that count against the limits: body, attribute names, types and values. */
  public int sizeBytes() {
    return sizeBytes(body, attributes);
  }

  /** What a message of this body and these attributes would count against the limits. */
  public static int sizeBytes(byte[] body, List<MessageAttribute> attributes) {
    int bytes = body.length;
    for (MessageAttribute attribute : attributes) {
      bytes += attribute.sizeBytes();
    }
    return bytes;
  }
}
