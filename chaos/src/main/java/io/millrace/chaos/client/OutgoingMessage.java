package io.millrace.chaos.client;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A message to send.
 *
 * @param body the body, not empty
 * @param attributes its attributes by name, at most ten
 */
public record OutgoingMessage(String body, SortedMap<String, Attribute> attributes) {

  /** Copies the attributes. */
  public OutgoingMessage {
    attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
  }

  /** A message with these attributes. */
  public static OutgoingMessage of(String body, Map<String, Attribute> attributes) {
    return new OutgoingMessage(body, new TreeMap<>(attributes));
  }
}
