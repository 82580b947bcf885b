package io.millrace.chaos.client;

import io.millrace.chaos.history.Survival;
import java.util.Set;

/**
 * What a target is able to do, and what it declares of itself.
 *
 * @param name the target, for people
 * @param survival what its acknowledgements survive
 * @param inFlightMax how many messages of a queue may be in flight
 * @param supported the operations it has beyond send, receive and delete
 */
public record Caps(String name, Survival survival, int inFlightMax, Set<Feature> supported) {

  /** The cap of a standard queue (Amazon SQS quotas, 2025). */
  public static final int IN_FLIGHT_MAX = 120_000;

  /** Copies the set. */
  public Caps {
    supported = Set.copyOf(supported);
    if (inFlightMax < 1) {
      throw new IllegalArgumentException("a cap of " + inFlightMax);
    }
  }

  /** What a target may lack. */
  public enum Feature {
    /** The three batch operations. */
    BATCHES,
    /** A delay for each message. */
    DELAYS,
    /** ChangeMessageVisibility. */
    VISIBILITY,
    /** PurgeQueue. */
    PURGE,
    /** The counts among a queue's attributes. */
    COUNTS,
    /** Dead-letter queues. */
    DEAD_LETTERS,
    /** MessageRetentionPeriod is kept to. */
    RETENTION
  }

  /** A target that has everything. */
  public static Caps everything(String name, Survival survival) {
    return new Caps(name, survival, IN_FLIGHT_MAX, Set.of(Feature.values()));
  }

  /** Whether it has a feature. */
  public boolean has(Feature feature) {
    return supported.contains(feature);
  }
}
