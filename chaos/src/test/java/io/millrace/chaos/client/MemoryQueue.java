package io.millrace.chaos.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A polite queue in memory: no timeouts, no duplicates; and answers that a test puts in its mouth.
 */
public final class MemoryQueue implements Session {

  private final Deque<IncomingMessage> waiting = new ArrayDeque<>();
  private final Map<String, IncomingMessage> inFlight = new HashMap<>();
  private final Deque<Supplier<Outcome<Sent>>> sendAnswers = new ArrayDeque<>();
  private Runnable beforeSend = () -> {};
  private int sent;
  private int handles;

  /** The next send has this answer and no effect. */
  public synchronized void answerSendWith(Outcome<Sent> outcome) {
    sendAnswers.add(() -> outcome);
  }

  /** Runs before each send. */
  public synchronized void beforeSend(Runnable action) {
    beforeSend = action;
  }

  @Override
  public synchronized Outcome<Sent> send(OutgoingMessage message) {
    beforeSend.run();
    Supplier<Outcome<Sent>> answer = sendAnswers.poll();
    if (answer != null) {
      return answer.get();
    }
    String id = "message " + sent++;
    waiting.add(
        new IncomingMessage(
            id,
            "",
            message.body(),
            message.attributes(),
            Digests.ofBody(message.body()),
            Digests.ofAttributes(message.attributes()),
            1,
            0,
            0));
    notifyAll();
    return new Outcome.Ok<>(new Sent(id, true));
  }

  @Override
  public synchronized BatchOutcome<Sent> sendBatch(List<BatchItem<OutgoingMessage>> messages) {
    return BatchOutcome.of(
        messages.stream().map(BatchItem::id).toList(),
        messages.stream()
            .map(item -> new BatchOutcome.Named<>(item.id(), send(item.content())))
            .toList());
  }

  @Override
  public synchronized Outcome<List<IncomingMessage>> receive(
      int max, Duration wait, Duration visibility) {
    long deadline = System.nanoTime() + wait.toNanos();
    try {
      while (waiting.isEmpty() && System.nanoTime() < deadline) {
        wait(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Unknown<>("InterruptedException");
    }
    List<IncomingMessage> received = new ArrayList<>();
    while (received.size() < max && !waiting.isEmpty()) {
      IncomingMessage next = waiting.remove();
      String handle = "handle " + handles++;
      inFlight.put(handle, next);
      received.add(
          new IncomingMessage(
              next.messageId(),
              handle,
              next.body(),
              next.attributes(),
              next.bodyMd5(),
              next.attributesMd5(),
              next.receiveCount(),
              next.sentAtMs(),
              next.firstReceivedAtMs()));
    }
    return new Outcome.Ok<>(received);
  }

  @Override
  public synchronized Outcome<Done> delete(String receiptHandle) {
    return inFlight.remove(receiptHandle) == null
        ? new Outcome.Fail<>("ReceiptHandleIsInvalid")
        : new Outcome.Ok<>(Done.DONE);
  }

  @Override
  public synchronized BatchOutcome<Done> deleteBatch(List<BatchItem<String>> receiptHandles) {
    return BatchOutcome.of(
        receiptHandles.stream().map(BatchItem::id).toList(),
        receiptHandles.stream()
            .map(item -> new BatchOutcome.Named<>(item.id(), delete(item.content())))
            .toList());
  }

  @Override
  public synchronized Outcome<Done> changeVisibility(VisibilityChange change) {
    return inFlight.containsKey(change.receiptHandle())
        ? new Outcome.Ok<>(Done.DONE)
        : new Outcome.Fail<>("ReceiptHandleIsInvalid");
  }

  @Override
  public synchronized BatchOutcome<Done> changeVisibilityBatch(
      List<BatchItem<VisibilityChange>> changes) {
    return BatchOutcome.of(
        changes.stream().map(BatchItem::id).toList(),
        changes.stream()
            .map(item -> new BatchOutcome.Named<>(item.id(), changeVisibility(item.content())))
            .toList());
  }

  @Override
  public synchronized Outcome<Done> purge() {
    waiting.clear();
    inFlight.clear();
    return new Outcome.Ok<>(Done.DONE);
  }

  @Override
  public synchronized Outcome<QueueCounts> counts() {
    return new Outcome.Ok<>(new QueueCounts(waiting.size(), inFlight.size(), 0));
  }
}
