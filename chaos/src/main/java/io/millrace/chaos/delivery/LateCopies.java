package io.millrace.chaos.delivery;

import io.millrace.chaos.policy.FaultLog;
import io.millrace.engine.sqs.QueueAttributes;
import io.millrace.engine.sqs.ReceivedMessage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Messages of one queue that were deleted and come again: each waits, is leased, and returns when
 * its lease ends, until its latest receipt deletes it, its retention ends, or it was received as
 * often as the redrive policy allows.
 *
 * <p>Not safe for several threads: guarded by its queue's lock.
 */
final class LateCopies {

  private static final int COPIES_MAX = 1_000;

  private static final class Copy {
    private final ReceivedMessage message;
    private final FaultLog.Planned plan;
    private int receiveCount;
    private long visibleAtNanos;
    private String latestHandle = "";

    private Copy(ReceivedMessage message, FaultLog.Planned plan, long visibleAtNanos) {
      this.message = message;
      this.plan = plan;
      this.receiveCount = message.receiveCount();
      this.visibleAtNanos = visibleAtNanos;
    }
  }

  private final CopyHandles handles;
  private final PriorityQueue<Copy> byInstant =
      new PriorityQueue<>(Comparator.comparingLong((Copy copy) -> copy.visibleAtNanos));
  private final Map<String, Copy> byHandle = new HashMap<>();

  LateCopies(CopyHandles handles) {
    this.handles = handles;
  }

  /** A deleted message is to come again. */
  void add(ReceivedMessage message, FaultLog.Planned plan, long visibleAtNanos) {
    if (byInstant.size() >= COPIES_MAX) {
      plan.missed("there are " + COPIES_MAX + " such messages already");
    } else {
      byInstant.add(new Copy(message, plan, visibleAtNanos));
    }
  }

  /** When the next copy may be handed out; {@link Long#MAX_VALUE} for none. */
  long nextAtNanos() {
    return byInstant.isEmpty() ? Long.MAX_VALUE : byInstant.peek().visibleAtNanos;
  }

  /**
   * Hands out what is visible.
   *
   * @param visibilitySeconds of this receive
   * @param wallMs against which retention ends
   */
  List<ReceivedMessage> take(
      int max, long nowNanos, long wallMs, int visibilitySeconds, QueueAttributes attributes) {
    List<Copy> taken = new ArrayList<>(0);
    while (taken.size() < max && nextAtNanos() <= nowNanos) {
      Copy copy = byInstant.remove();
      byHandle.remove(copy.latestHandle);
      if (mayCome(copy, wallMs, attributes)) {
        taken.add(copy);
      } else {
        copy.plan.missed("its retention or its receive count had ended");
      }
    }
    List<ReceivedMessage> messages = new ArrayList<>(taken.size());
    for (Copy copy : taken) {
      copy.receiveCount++;
      copy.latestHandle = handles.next();
      copy.visibleAtNanos = nowNanos + visibilitySeconds * 1_000_000_000L;
      byHandle.put(copy.latestHandle, copy);
      byInstant.add(copy);
      messages.add(received(copy));
    }
    return messages;
  }

  private static boolean mayCome(Copy copy, long wallMs, QueueAttributes attributes) {
    long age = wallMs - copy.message.sentAtMs();
    boolean tooOften =
        attributes
            .redrivePolicy()
            .filter(policy -> copy.receiveCount >= policy.maxReceiveCount())
            .isPresent();
    return age < attributes.retentionSeconds() * 1_000L && !tooOften;
  }

  private static ReceivedMessage received(Copy copy) {
    ReceivedMessage message = copy.message;
    return new ReceivedMessage(
        message.id(),
        copy.latestHandle,
        message.body(),
        message.bodyMd5(),
        message.attributes(),
        message.senderId(),
        message.sentAtMs(),
        message.firstReceivedAtMs(),
        copy.receiveCount,
        message.traceHeader(),
        message.groupId(),
        message.deadLetterSourceArn());
  }

  /** A receive that carried these copies reaches its client. */
  void delivered(List<ReceivedMessage> messages) {
    for (ReceivedMessage message : messages) {
      Copy copy = byHandle.get(message.receiptHandle());
      if (copy != null) {
        copy.plan.fired("handed out after its deletion, receive " + message.receiveCount());
      }
    }
  }

  /** A receive that took these copies came to nothing: they are visible again. */
  void giveBack(List<ReceivedMessage> messages, long nowNanos) {
    for (ReceivedMessage message : messages) {
      setVisibleAt(message.receiptHandle(), nowNanos);
    }
  }

  /** Deletes by a receipt; an older one changes nothing. */
  void delete(String handle) {
    Copy copy = byHandle.remove(handle);
    if (copy != null) {
      byInstant.remove(copy);
    }
  }

  /** Restarts a visibility timeout by the latest receipt; an older one changes nothing. */
  void setVisibleAt(String handle, long visibleAtNanos) {
    Copy copy = byHandle.get(handle);
    if (copy != null) {
      byInstant.remove(copy);
      copy.visibleAtNanos = visibleAtNanos;
      byInstant.add(copy);
    }
  }

  void clear(String why) {
    byInstant.forEach(copy -> copy.plan.missed(why));
    byInstant.clear();
    byHandle.clear();
  }
}
