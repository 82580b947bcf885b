package io.millrace.chaos.policy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What goes wrong: faults by queue, and steps of the clock.
 *
 * @param seed of all chances
 * @param queues by name; the section {@value #ALL_OTHERS} is for every queue without a section of
 *     its own, which takes nothing from it
 * @param clock steps in the order of their instants
 */
public record ChaosPolicy(long seed, Map<String, QueueFaults> queues, List<ClockStep> clock) {

  /** Stands for every queue that has no section of its own. */
  public static final String ALL_OTHERS = "*";

  /** Nothing goes wrong. */
  public static final ChaosPolicy NONE = new ChaosPolicy(0, Map.of(), List.of());

  /** Copies, sorted by name. */
  public ChaosPolicy {
    queues = Collections.unmodifiableMap(new TreeMap<>(queues));
    clock = List.copyOf(clock);
  }

  /** One set of faults for every queue. */
  public static ChaosPolicy everywhere(long seed, QueueFaults faults) {
    return new ChaosPolicy(seed, Map.of(ALL_OTHERS, faults), List.of());
  }

  /** What goes wrong with a queue. */
  public QueueFaults of(String queue) {
    QueueFaults own = queues.get(queue);
    return own != null ? own : queues.getOrDefault(ALL_OTHERS, QueueFaults.NONE);
  }

  /** Whether any queue has a fault of this layer. */
  public boolean concerns(Mishap.Layer layer) {
    return queues.values().stream()
        .flatMap(faults -> faults.rules().keySet().stream())
        .anyMatch(kind -> kind.layer() == layer);
  }
}
