package io.millrace.chaos.client;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A message to send.
 *
 * @param body the body, not empty
 * @param attributes its attributes by name, at most ten
 * @param delay how long it stays hidden, whole seconds, 0 to 900; {@link #QUEUE_DELAY} for the
 *     queue's delay
 */
public record OutgoingMessage(
    String body, SortedMap<String, Attribute> attributes, Duration delay) {

  /** Stands for the queue's own delay. */
  public static final Duration QUEUE_DELAY = Duration.ofSeconds(-1);

  /** Copies the attributes. */
  public OutgoingMessage {
    attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
  }

  /** A message with these attributes and the queue's delay. */
  public static OutgoingMessage of(String body, Map<String, Attribute> attributes) {
    return new OutgoingMessage(body, new TreeMap<>(attributes), QUEUE_DELAY);
  }

  /** This message with a delay of its own. */
  public OutgoingMessage withDelay(Duration itsDelay) {
    return new OutgoingMessage(body, attributes, itsDelay);
  }
}
