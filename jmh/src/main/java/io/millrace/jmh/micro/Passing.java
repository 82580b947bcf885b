package io.millrace.jmh.micro;

import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.Reply;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * A fixed number of messages on their way through one queue, sent and taken by any number of
 * threads, each ticked off once.
 */
final class Passing {

  /** Requests a producer keeps outstanding. */
  private static final int OUTSTANDING = 16;

  private static final int WAIT_SECONDS = 1;

  private final BenchQueue queue;
  private final byte[][] bodies;
  private final int batch;
  private final AtomicInteger nextToSend = new AtomicInteger();
  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicIntegerArray times;

  /**
   * What one consumer did.
   *
   * @param received messages
   * @param deleted messages
   * @param emptyReceives receives that brought nothing
   */
  record Taken(long received, long deleted, long emptyReceives) {}

  Passing(BenchQueue queue, byte[][] bodies, int batch) {
    this.queue = queue;
    this.bodies = bodies;
    this.batch = batch;
    this.times = new AtomicIntegerArray(bodies.length);
  }

  /** Sends what is left to send, shared with whoever else does; the number sent here. */
  long produce() {
    ArrayDeque<CompletableFuture<Reply>> outstanding = new ArrayDeque<>(OUTSTANDING);
    long sent = 0;
    for (int from = nextToSend.getAndAdd(batch);
        from < bodies.length;
        from = nextToSend.getAndAdd(batch)) {
      if (outstanding.size() == OUTSTANDING) {
        acknowledge(outstanding);
      }
      int to = Math.min(from + batch, bodies.length);
      outstanding.add(batch == 1 ? queue.send(bodies[from]) : queue.sendBatch(bodies, from, to));
      sent += to - from;
    }
    while (!outstanding.isEmpty()) {
      acknowledge(outstanding);
    }
    return sent;
  }

  private void acknowledge(ArrayDeque<CompletableFuture<Reply>> outstanding) {
    Reply reply = outstanding.remove().join();
    if (batch == 1) {
      BenchQueue.expect(Reply.MessageSent.class, reply);
    } else {
      BenchQueue.expectAll(Reply.Entry.Sent.class, reply);
    }
  }

  /** Receives and deletes until all messages were taken, by whomever. */
  Taken consume() {
    long received = 0;
    long deleted = 0;
    long empty = 0;
    while (taken.get() < bodies.length) {
      List<ReceivedMessage> messages =
          BenchQueue.expect(Reply.MessagesReceived.class, queue.receive(batch, WAIT_SECONDS).join())
              .messages();
      if (messages.isEmpty()) {
        empty++;
        continue;
      }
      for (ReceivedMessage message : messages) {
        times.incrementAndGet(BenchQueue.numberOf(message.body()));
      }
      received += messages.size();
      taken.addAndGet(messages.size());
      if (batch == 1) {
        BenchQueue.expect(Reply.Done.class, queue.delete(messages.get(0).receiptHandle()).join());
      } else {
        BenchQueue.expectAll(Reply.Entry.Succeeded.class, queue.deleteBatch(messages).join());
      }
      deleted += messages.size();
    }
    return new Taken(received, deleted, empty);
  }

  /**
   * Checks that every message passed once.
   *
   * @throws AssertionError if one did not
   */
  void requireAll() {
    for (int i = 0; i < bodies.length; i++) {
      if (times.get(i) != 1) {
        throw new AssertionError("message " + i + " was received " + times.get(i) + " times");
      }
    }
  }
}
