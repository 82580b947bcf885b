package io.millrace.chaos.sim;

import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.FaultKind;
import io.millrace.chaos.history.FaultPhase;
import io.millrace.chaos.history.Fingerprint;
import io.millrace.chaos.history.HistorySink;
import io.millrace.chaos.history.QueueSettings;
import java.util.TreeMap;

/** Writes down what becomes of each fault: planned, then fired with its proof, or skipped. */
final class FaultBook {

  /** The session log that faults are kept in. */
  static final int SESSION = 0;

  private final HistorySink log;
  private final SimClock clock;
  private final TreeMap<Integer, FaultKind> waiting = new TreeMap<>();
  private int next;
  private int fired;

  FaultBook(HistorySink log, SimClock clock) {
    this.log = log;
    this.clock = clock;
  }

  /** How many faults fired. */
  int fired() {
    return fired;
  }

  /** Something is to be done; gives its number. */
  int planned(FaultKind kind, String target) {
    int id = next++;
    waiting.put(id, kind);
    add(id, kind, FaultPhase.PLANNED, QueueSettings.NO_QUEUE, Fingerprint.NONE, target, "");
    return id;
  }

  /** It had its effect. */
  void fired(int id, FaultKind kind, String target, String proof) {
    fired(id, kind, QueueSettings.NO_QUEUE, Fingerprint.NONE, target, proof);
  }

  /** It had its effect on one message, or on one queue if none is named. */
  void fired(int id, FaultKind kind, int queue, Fingerprint message, String target, String proof) {
    if (waiting.remove(id) != null) {
      fired++;
    }
    add(id, kind, FaultPhase.FIRED, queue, message, target, proof);
  }

  /** It is over. */
  void ended(int id, FaultKind kind, String target) {
    add(id, kind, FaultPhase.ENDED, QueueSettings.NO_QUEUE, Fingerprint.NONE, target, "");
  }

  /** It found nothing to do. */
  void skipped(int id, FaultKind kind, String target, String why) {
    if (waiting.remove(id) != null) {
      add(id, kind, FaultPhase.SKIPPED, QueueSettings.NO_QUEUE, Fingerprint.NONE, target, why);
    }
  }

  /** Whether it has neither fired nor been skipped. */
  boolean isWaiting(int id) {
    return waiting.containsKey(id);
  }

  /** The run is over: what still waits never found what it waited for. */
  void close() {
    TreeMap<Integer, FaultKind> left = new TreeMap<>(waiting);
    left.forEach((id, kind) -> skipped(id, kind, "", "what it waited for never came"));
  }

  private void add(
      int id,
      FaultKind kind,
      FaultPhase phase,
      int queue,
      Fingerprint message,
      String target,
      String detail) {
    long atNs = clock.tick();
    log.append(
        new Entry.Fault(SESSION, atNs, atNs, id, kind, phase, queue, message, target, detail));
  }
}
