package io.millrace.chaos.delivery;

import io.millrace.chaos.policy.FaultLog;
import io.millrace.engine.sqs.ReceivedMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The messages of one queue that are held back: received for nobody, and made visible again some
 * time later. Such a message was overtaken when it comes again after others were handed out; that
 * is the proof.
 *
 * <p>Not safe for several threads: guarded by its queue's lock.
 */
final class HeldBack {

  private static final int HELD_MAX = 10_000;

  private record Held(FaultLog.Planned plan, int receiveCount, long handedOutBefore) {}

  private final Map<UUID, Held> byId = new HashMap<>();
  private long handedOut;

  boolean hasRoom() {
    return byId.size() < HELD_MAX;
  }

  void add(ReceivedMessage message, FaultLog.Planned plan) {
    byId.put(message.id(), new Held(plan, message.receiveCount(), handedOut));
  }

  /** Messages reach a client. */
  void handedOut(int messages) {
    handedOut += messages;
  }

  /** A message is about to be handed out; perhaps one that was held back. */
  void seen(ReceivedMessage message) {
    Held held = byId.get(message.id());
    if (held == null || message.receiveCount() <= held.receiveCount()) {
      return;
    }
    byId.remove(message.id());
    long overtakers = handedOut - held.handedOutBefore();
    if (overtakers > 0) {
      held.plan().fired("overtaken by " + overtakers);
    } else {
      held.plan().missed("nobody overtook it");
    }
  }

  void clear(String why) {
    byId.values().forEach(held -> held.plan().missed(why));
    byId.clear();
  }
}
