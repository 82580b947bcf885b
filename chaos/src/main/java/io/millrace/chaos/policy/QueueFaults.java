package io.millrace.chaos.policy;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What goes wrong with one queue.
 *
 * @param rules one for each kind of fault
 * @param order how its messages are handed out; empty for the engine's own order
 */
public record QueueFaults(Map<Mishap, FaultRule> rules, Optional<OrderRule> order) {

  /** Nothing. */
  public static final QueueFaults NONE = new QueueFaults(Map.of(), Optional.empty());

  /** Copies the rules, in the order of the kinds. */
  public QueueFaults {
    Map<Mishap, FaultRule> copy = new EnumMap<>(Mishap.class);
    rules.forEach(
        (kind, rule) -> {
          if (rule.kind() != kind) {
            throw new IllegalArgumentException("a rule of " + rule.kind() + " under " + kind);
          }
          copy.put(kind, rule);
        });
    rules = java.util.Collections.unmodifiableMap(copy);
  }

  /** These rules, and the engine's own order. */
  public static QueueFaults of(FaultRule... rules) {
    Map<Mishap, FaultRule> byKind = new EnumMap<>(Mishap.class);
    for (FaultRule rule : List.of(rules)) {
      byKind.put(rule.kind(), rule);
    }
    return new QueueFaults(byKind, Optional.empty());
  }

  /** The same rules in another order of delivery. */
  public QueueFaults ordered(OrderRule newOrder) {
    return new QueueFaults(rules, Optional.of(newOrder));
  }
}
