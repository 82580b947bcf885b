package io.millrace.jmh.memory;

import io.millrace.engine.Engine;
import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongToIntFunction;

/**
 * Batches of ten, many under way at once, over one queue. Message n's body is n in ten digits and a
 * padding that follows from n.
 */
final class Traffic {

  static final int BODY_BYTES = 100;

  private static final int DIGITS = 10;
  private static final int BATCH = 10;
  private static final int BATCHES_OUTSTANDING = 32;

  private final Engine engine;
  private final QueueName queue;

  Traffic(Engine engine, String queue) {
    this.engine = engine;
    this.queue = new QueueName(queue);
  }

  /** What to do with a message received. */
  @FunctionalInterface
  interface Receiver {
    /**
     * Takes a message.
     *
     * @param number as sent
     * @return whether to delete it
     */
    boolean take(long number, ReceivedMessage message);
  }

  void create() {
    expect(
        Reply.QueueNamed.class,
        engine.submit(new Request.CreateQueue(Caller.LOCAL, queue, Map.of())).join());
  }

  /**
   * Sends messages numbered from 0.
   *
   * @param count a multiple of ten
   * @param delaySeconds by number
   */
  void fill(long count, LongToIntFunction delaySeconds) {
    ArrayDeque<CompletableFuture<Reply>> outstanding = new ArrayDeque<>();
    for (long from = 0; from < count; from += BATCH) {
      List<Request.SendEntry> entries = new ArrayList<>(BATCH);
      for (long number = from; number < from + BATCH; number++) {
        entries.add(
            new Request.SendEntry(
                Integer.toString((int) (number - from)),
                OutgoingMessage.of(body(number))
                    .withDelaySeconds(delaySeconds.applyAsInt(number))));
      }
      if (outstanding.size() == BATCHES_OUTSTANDING) {
        requireAll(outstanding.remove().join(), Reply.Entry.Sent.class);
      }
      outstanding.add(engine.submit(new Request.SendMessageBatch(Caller.LOCAL, queue, entries)));
    }
    while (!outstanding.isEmpty()) {
      requireAll(outstanding.remove().join(), Reply.Entry.Sent.class);
    }
  }

  /**
   * Receives until so many came or the queue gives no more.
   *
   * @param atMost a multiple of ten
   * @return how many came
   */
  long receive(long atMost, int visibilitySeconds, Receiver receiver) {
    ArrayDeque<CompletableFuture<Reply>> polls = new ArrayDeque<>();
    ArrayDeque<CompletableFuture<Reply>> deletes = new ArrayDeque<>();
    long asked = 0;
    long came = 0;
    boolean more = true;
    while (true) {
      while (more && asked < atMost && polls.size() < BATCHES_OUTSTANDING) {
        polls.add(
            engine.submit(
                new Request.ReceiveMessage(Caller.LOCAL, queue, BATCH, 0, visibilitySeconds)));
        asked += BATCH;
      }
      if (polls.isEmpty()) {
        break;
      }
      List<ReceivedMessage> messages =
          expect(Reply.MessagesReceived.class, polls.remove().join()).messages();
      more &= !messages.isEmpty();
      came += messages.size();
      // A poll that was not filled leaves room for another.
      asked -= BATCH - messages.size();
      List<Request.DeleteEntry> entries = new ArrayList<>(BATCH);
      for (ReceivedMessage message : messages) {
        if (receiver.take(numberOf(message.body()), message)) {
          entries.add(
              new Request.DeleteEntry(Integer.toString(entries.size()), message.receiptHandle()));
        }
      }
      if (!entries.isEmpty()) {
        deletes.add(engine.submit(new Request.DeleteMessageBatch(Caller.LOCAL, queue, entries)));
        if (deletes.size() > BATCHES_OUTSTANDING) {
          requireAll(deletes.remove().join(), Reply.Entry.Succeeded.class);
        }
      }
    }
    while (!deletes.isEmpty()) {
      requireAll(deletes.remove().join(), Reply.Entry.Succeeded.class);
    }
    return came;
  }

  Reply.QueueState state() {
    return expect(
        Reply.QueueState.class,
        engine.submit(new Request.GetQueueAttributes(Caller.LOCAL, queue)).join());
  }

  private static void requireAll(Reply reply, Class<? extends Reply.Entry> kind) {
    for (Reply.Entry entry : expect(Reply.BatchDone.class, reply).entries()) {
      if (!kind.isInstance(entry)) {
        throw new AssertionError("instead of " + kind.getSimpleName() + ": " + entry);
      }
    }
  }

  private static <T extends Reply> T expect(Class<T> kind, Reply reply) {
    if (!kind.isInstance(reply)) {
      throw new AssertionError("instead of " + kind.getSimpleName() + ": " + reply);
    }
    return kind.cast(reply);
  }

  private static byte[] body(long number) {
    byte[] body = new byte[BODY_BYTES];
    long left = number;
    for (int i = DIGITS - 1; i >= 0; i--) {
      body[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
    for (int i = DIGITS; i < BODY_BYTES; i++) {
      body[i] = padding(number, i);
    }
    return body;
  }

  private static long numberOf(byte[] body) {
    if (body.length != BODY_BYTES) {
      throw new AssertionError("a body of " + body.length + " bytes");
    }
    long number = 0;
    for (int i = 0; i < DIGITS; i++) {
      number = number * 10 + (body[i] - '0');
    }
    for (int i = DIGITS; i < BODY_BYTES; i++) {
      if (body[i] != padding(number, i)) {
        throw new AssertionError("not as sent: " + new String(body, StandardCharsets.ISO_8859_1));
      }
    }
    return number;
  }

  private static byte padding(long number, int at) {
    return (byte) ('a' + (number + at) % 26);
  }
}
