package io.millrace.chaos.check;

import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.FaultKind;
import io.millrace.chaos.history.Fingerprint;
import io.millrace.chaos.history.QueueSettings;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which faults were done to which message. A fault that names no message is held to have been done
 * to every message of its queue; one that names no queue, to all. At most {@value #MESSAGES_MAX}
 * messages are told apart; from there on a fault counts as one that names none.
 */
final class InjectedFaults {

  private static final int MESSAGES_MAX = 200_000;

  private final Map<Fingerprint, Set<FaultKind>> byMessage = new HashMap<>();
  private final Map<Integer, Set<FaultKind>> byQueue = new HashMap<>();
  private final Set<FaultKind> everywhere = EnumSet.noneOf(FaultKind.class);

  void add(Entry.Fault fault) {
    boolean named = !fault.message().equals(Fingerprint.NONE);
    if (named && (byMessage.size() < MESSAGES_MAX || byMessage.containsKey(fault.message()))) {
      byMessage
          .computeIfAbsent(fault.message(), each -> EnumSet.noneOf(FaultKind.class))
          .add(fault.kind());
    } else if (fault.queue() != QueueSettings.NO_QUEUE) {
      byQueue
          .computeIfAbsent(fault.queue(), each -> EnumSet.noneOf(FaultKind.class))
          .add(fault.kind());
    } else {
      everywhere.add(fault.kind());
    }
  }

  boolean any(Fingerprint message, int queue, FaultKind... kinds) {
    if (everywhere.isEmpty() && byMessage.isEmpty() && byQueue.isEmpty()) {
      return false;
    }
    Set<FaultKind> toMessage = byMessage.getOrDefault(message, Set.of());
    Set<FaultKind> toQueue = byQueue.getOrDefault(queue, Set.of());
    for (FaultKind kind : kinds) {
      if (everywhere.contains(kind) || toMessage.contains(kind) || toQueue.contains(kind)) {
        return true;
      }
    }
    return false;
  }
}
