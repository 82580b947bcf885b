package io.millrace.chaos.run;

import io.millrace.chaos.history.FaultKind;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The faults of a run as they can be watched. Written by the thread that conducts the run, read by
 * scrapes.
 */
final class LiveFaults {

  private final Set<Integer> active = ConcurrentHashMap.newKeySet();
  private final Map<FaultKind, LongAdder> fired = new ConcurrentHashMap<>();
  private volatile boolean down;

  void setActive(FaultWindow.Forced fault, boolean now) {
    if (now) {
      active.add(fault.id());
    } else {
      active.remove(fault.id());
    }
  }

  void fired(FaultWindow.Forced fault) {
    fired(fault.kind());
  }

  /** The server was killed. */
  void killed() {
    down = true;
    fired(FaultKind.KILL);
  }

  /** It is back. */
  void restarted() {
    down = false;
  }

  /** Whether each kind of the plan is in force. */
  Map<FaultKind, Boolean> active() {
    Map<FaultKind, Boolean> kinds = new TreeMap<>();
    for (FaultWindow window : FaultWindow.values()) {
      window
          .faults()
          .forEach(
              fault -> kinds.merge(fault.kind(), active.contains(fault.id()), Boolean::logicalOr));
    }
    kinds.put(FaultKind.KILL, down);
    return kinds;
  }

  /** How often each kind of the plan fired. */
  Map<FaultKind, Long> fired() {
    Map<FaultKind, Long> counts = new TreeMap<>();
    active()
        .keySet()
        .forEach(kind -> counts.put(kind, fired.getOrDefault(kind, new LongAdder()).sum()));
    return counts;
  }

  private void fired(FaultKind kind) {
    fired.computeIfAbsent(kind, first -> new LongAdder()).increment();
  }
}
