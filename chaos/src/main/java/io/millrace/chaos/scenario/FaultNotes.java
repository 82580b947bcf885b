package io.millrace.chaos.scenario;

import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.FaultKind;
import io.millrace.chaos.history.FaultPhase;
import io.millrace.chaos.history.Fingerprint;
import io.millrace.chaos.history.HistoryWriter;
import io.millrace.chaos.history.Origin;
import io.millrace.chaos.history.QueueSettings;
import io.millrace.chaos.policy.ChaosPolicy;
import io.millrace.chaos.policy.FaultLog;
import io.millrace.chaos.policy.Mishap;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Writes the faults of a policy into a history: each rule as a plan, each time one fired as its
 * proof.
 *
 * <p>Safe for use by several threads.
 */
final class FaultNotes {

  /** A fault that stands for no plan. */
  private static final int NO_PLAN = -1;

  private final int session;
  private final HistoryWriter log;
  private final Origin origin;
  private final String where;
  private final AtomicInteger nextId;
  private final Map<String, Integer> queues;

  // All guarded by this.
  private ChaosPolicy policy = ChaosPolicy.NONE;
  private final Map<String, Integer> plans = new HashMap<>();
  private final Queue<Integer> clockSteps = new ArrayDeque<>();
  private final Set<Integer> waiting = new HashSet<>();
  private final Map<Mishap, Long> fired = new TreeMap<>();
  private long lastNs = Long.MIN_VALUE;

  /**
   * Notes in one log.
   *
   * @param log nobody else's
   * @param where the faults are done
   * @param nextId numbers the run's plans
   * @param queues the queues' numbers by name
   */
  FaultNotes(
      int session,
      HistoryWriter log,
      Origin origin,
      String where,
      AtomicInteger nextId,
      Map<String, Integer> queues) {
    this.session = session;
    this.log = log;
    this.origin = origin;
    this.where = where;
    this.nextId = nextId;
    this.queues = Map.copyOf(queues);
  }

  /**
   * Plans every rule of a policy that is of these layers.
   *
   * @param cannot why a kind cannot be injected, or empty
   */
  synchronized void plan(
      ChaosPolicy planned, Set<Mishap.Layer> layers, Function<Mishap, Optional<String>> cannot) {
    policy = planned;
    planned
        .queues()
        .forEach(
            (section, faults) -> {
              Set<Mishap> kinds = EnumSet.noneOf(Mishap.class);
              kinds.addAll(faults.rules().keySet());
              if (faults.order().isPresent()) {
                kinds.add(Mishap.REORDER);
              }
              kinds.removeIf(kind -> !layers.contains(kind.layer()));
              kinds.forEach(
                  kind ->
                      plans.put(
                          key(section, kind), plan(kind, "queues " + section, cannot.apply(kind))));
            });
    if (layers.contains(Mishap.Layer.CLOCK)) {
      planned
          .clock()
          .forEach(
              step ->
                  clockSteps.add(
                      plan(
                          Mishap.CLOCK_STEP,
                          step.byMs() + " ms after " + step.afterMs() + " ms",
                          cannot.apply(Mishap.CLOCK_STEP))));
    }
  }

  /** Takes a line of a fault log. */
  synchronized void take(FaultLog.Line line) {
    if (line.stage() != FaultLog.Stage.FIRED) {
      return;
    }
    fired.merge(line.kind(), 1L, Long::sum);
    int id = NO_PLAN;
    if (line.kind() == Mishap.CLOCK_STEP) {
      Integer step = clockSteps.poll();
      id = step == null ? NO_PLAN : step;
    } else {
      String section =
          policy.queues().containsKey(line.queue()) ? line.queue() : ChaosPolicy.ALL_OTHERS;
      id = plans.getOrDefault(key(section, line.kind()), NO_PLAN);
    }
    waiting.remove(id);
    boolean aboutMessage = line.target().indexOf('-') > 0; // a message id, no action's name
    append(
        line.atNanos() - origin.nanoTime(),
        id,
        kindOf(line.kind()),
        FaultPhase.FIRED,
        queues.getOrDefault(line.queue(), QueueSettings.NO_QUEUE),
        aboutMessage ? Fingerprint.of(line.target()) : Fingerprint.NONE,
        line.kind().wireName() + " of " + line.target() + ": " + line.detail());
  }

  /** Whether everything that was planned has fired at least once. */
  synchronized boolean allFired() {
    return waiting.isEmpty();
  }

  /** How often each kind fired. */
  synchronized Map<Mishap, Long> fired() {
    return new TreeMap<>(fired);
  }

  private int plan(Mishap kind, String detail, Optional<String> cannot) {
    int id = nextId.getAndIncrement();
    if (cannot.isEmpty()) {
      waiting.add(id);
    }
    append(
        origin.elapsedNs(),
        id,
        kindOf(kind),
        cannot.isPresent() ? FaultPhase.SKIPPED : FaultPhase.PLANNED,
        QueueSettings.NO_QUEUE,
        Fingerprint.NONE,
        cannot.orElse(detail));
    return id;
  }

  private void append(
      long atNs,
      int id,
      FaultKind kind,
      FaultPhase phase,
      int queue,
      Fingerprint message,
      String detail) {
    lastNs = Math.max(atNs, lastNs);
    log.append(
        new Entry.Fault(session, atNs, lastNs, id, kind, phase, queue, message, where, detail));
  }

  private static String key(String section, Mishap kind) {
    return section + " " + kind.wireName();
  }

  /** The history's name for a fault. */
  static FaultKind kindOf(Mishap kind) {
    return switch (kind) {
      case DUPLICATE_NOW -> FaultKind.DUPLICATE_NOW;
      case DUPLICATE_AFTER_DELETE -> FaultKind.DUPLICATE_AFTER_DELETE;
      case CONCURRENT_DELIVERY -> FaultKind.CONCURRENT_DELIVERY;
      case EARLY_EXPIRY -> FaultKind.EARLY_EXPIRY;
      case EMPTY_RECEIVE -> FaultKind.EMPTY_RECEIVE;
      case STALE_HANDLE -> FaultKind.STALE_HANDLE;
      case LOST_RESPONSE, NET_LOST_RESPONSE -> FaultKind.LOST_RESPONSE;
      case THROTTLE, NET_THROTTLE -> FaultKind.THROTTLE;
      case PARTIAL_BATCH -> FaultKind.PARTIAL_BATCH_FAILURE;
      case DUPLICATE_REQUEST, NET_DUPLICATE_REQUEST -> FaultKind.DUPLICATED_REQUEST;
      case NET_LATENCY -> FaultKind.LATENCY;
      case NET_BANDWIDTH -> FaultKind.BANDWIDTH;
      case NET_HALF_OPEN -> FaultKind.HALF_OPEN;
      case NET_RESET -> FaultKind.RESET;
      case NET_SLOW_CLOSE -> FaultKind.SLOW_CLOSE;
      case CLOCK_STEP -> FaultKind.CLOCK_STEP;
      case REORDER, HOLD_BACK -> FaultKind.REORDER;
      case KILL -> FaultKind.KILL;
      case PAUSE -> FaultKind.PAUSE;
      case RESTART_STORM -> FaultKind.RESTART_STORM;
      case SAME_PID_RESTART -> FaultKind.SAME_PID_RESTART;
    };
  }
}
