package io.millrace.chaos.client;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A message as it was received.
 *
 * @param messageId the server's id
 * @param receiptHandle the handle to delete it by
 * @param body the body
 * @param attributes its attributes by name
 * @param bodyMd5 the server's MD5 of the body, in hex; empty if it gave none
 * @param attributesMd5 the server's MD5 of the attributes, in hex; empty if it gave none
 * @param receiveCount how often the server says it was received, from 1; 0 if it did not say
 * @param sentAtMs when the server says it was sent, wall clock in ms; 0 if it did not say
 * @param firstReceivedAtMs when the server says it was first received, wall clock in ms; 0 if it
 *     did not say
 */
public record IncomingMessage(
    String messageId,
    String receiptHandle,
    String body,
    SortedMap<String, Attribute> attributes,
    String bodyMd5,
    String attributesMd5,
    int receiveCount,
    long sentAtMs,
    long firstReceivedAtMs) {

  /** Copies the attributes. */
  public IncomingMessage {
    attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
  }
}
