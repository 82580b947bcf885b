package io.millrace.chaos.policy;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The policy in force. Replacing it starts all chances anew, from the new seed.
 *
 * <p>Threads: any. A request that began under one policy may end under the next.
 */
public final class FaultSwitch {

  /** A policy and the chances drawn under it, by queue. */
  private record Force(ChaosPolicy policy, Map<String, Map<Mishap, Chance>> chances) {}

  private static final int QUEUES_MAX = 10_000;

  private final List<Consumer<ChaosPolicy>> listeners = new CopyOnWriteArrayList<>();
  private volatile Force force = new Force(ChaosPolicy.NONE, new ConcurrentHashMap<>());

  /** Begins with a policy. */
  public FaultSwitch(ChaosPolicy policy) {
    force = new Force(policy, new ConcurrentHashMap<>());
  }

  /** Puts a policy in force. */
  public synchronized void set(ChaosPolicy policy) {
    force = new Force(policy, new ConcurrentHashMap<>());
    listeners.forEach(listener -> listener.accept(policy));
  }

  /** The policy in force. */
  public ChaosPolicy policy() {
    return force.policy();
  }

  /** Tells a listener of the policy in force, and of each that follows. */
  public synchronized void follow(Consumer<ChaosPolicy> listener) {
    listeners.add(listener);
    listener.accept(force.policy());
  }

  /** Meets an opportunity for a fault on a queue. */
  public Optional<Chance.Hit> draw(String queue, Mishap kind) {
    Chance chance = chances(queue).get(kind);
    return chance == null ? Optional.empty() : chance.draw();
  }

  /** The same, where the rule must concern the action. */
  public Optional<Chance.Hit> draw(String queue, Mishap kind, SqsAction action) {
    Chance chance = chances(queue).get(kind);
    return chance == null || !chance.concerns(action) ? Optional.empty() : chance.draw();
  }

  /** Whether anything of this layer can go wrong with the queue. */
  public boolean concerns(String queue, Mishap.Layer layer) {
    for (Mishap kind : chances(queue).keySet()) {
      if (kind.layer() == layer) {
        return true;
      }
    }
    return false;
  }

  private Map<Mishap, Chance> chances(String queue) {
    Force now = force;
    if (now.policy().queues().isEmpty()) {
      return Map.of();
    }
    Map<Mishap, Chance> known = now.chances().get(queue);
    if (known != null) {
      return known;
    }
    // Clients choose the names, so beyond the bound the rest shares one set of dice.
    String owner = now.chances().size() < QUEUES_MAX ? queue : ChaosPolicy.ALL_OTHERS;
    return now.chances().computeIfAbsent(owner, name -> chances(now.policy(), name));
  }

  private static Map<Mishap, Chance> chances(ChaosPolicy policy, String queue) {
    Map<Mishap, Chance> chances = new EnumMap<>(Mishap.class);
    policy
        .of(queue)
        .rules()
        .forEach((kind, rule) -> chances.put(kind, new Chance(rule, policy.seed(), queue)));
    return chances;
  }
}
