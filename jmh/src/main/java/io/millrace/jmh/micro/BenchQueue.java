package io.millrace.jmh.micro;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineConfig;
import io.millrace.engine.shard.Durability;
import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import io.millrace.jmh.run.Scratch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * One queue of an embedded engine on fresh data, and an account of what went through it.
 *
 * <p>Futures complete on the engine's own threads: these benchmarks only join them, so a thread for
 * callbacks would be a switch that nobody needs.
 */
final class BenchQueue implements AutoCloseable {

  private static final QueueName NAME = new QueueName("bench");
  private static final int DRAIN_VISIBILITY_SECONDS = 3600;
  private static final int BATCH = 10;
  private static final long PREPARED_BYTES = 1L << 30;
  private static final long PREPARED_POLL_NANOS = 10_000_000;
  private static final long PREPARED_WITHIN_NANOS = 60_000_000_000L;

  private final Scratch scratch;
  private final Engine engine;

  private BenchQueue(Scratch scratch, Engine engine) {
    this.scratch = scratch;
    this.engine = engine;
  }

  /**
   * Opens an engine on fresh data.
   *
   * @param directory where to make a scratch directory; made if it is missing
   */
  static BenchQueue open(Durability durability, Path directory) throws IOException {
    return open(directory, config -> config.withDurability(durability));
  }

  /**
   * Opens an engine on fresh data whose journal has {@value #PREPARED_BYTES} bytes made ready and
   * forced; while fewer than half of them are written nothing is prepared beside the writer.
   *
   * @param directory where to make a scratch directory; made if it is missing
   */
  static BenchQueue openPrepared(Durability durability, Path directory) throws IOException {
    BenchQueue queue =
        open(
            directory,
            config ->
                config
                    .withDurability(durability)
                    .withJournal(PREPARED_BYTES, config.checkpointBytes())
                    .withPrepared(PREPARED_BYTES));
    try {
      queue.awaitPrepared();
      return queue;
    } catch (IOException | RuntimeException | Error e) {
      queue.close();
      throw e;
    }
  }

  private static BenchQueue open(Path directory, UnaryOperator<EngineConfig> change)
      throws IOException {
    Scratch scratch = Scratch.in(directory);
    try {
      EngineConfig config =
          EngineConfig.at(scratch.path().resolve("data")).withCallbacks(Runnable::run);
      Engine engine = Engine.open(change.apply(config));
      BenchQueue queue = new BenchQueue(scratch, engine);
      expect(
          Reply.QueueNamed.class,
          engine.submit(new Request.CreateQueue(Caller.LOCAL, NAME, Map.of())).join());
      return queue;
    } catch (IOException | RuntimeException e) {
      scratch.close();
      throw e;
    }
  }

  /** Begins the journal, waits until its space is made ready, and forces it. */
  private void awaitPrepared() throws IOException {
    byte[][] first = bodies(1, 10);
    expect(Reply.MessageSent.class, send(first[0]).join());
    drain(first);
    long givenUpAt = System.nanoTime() + PREPARED_WITHIN_NANOS;
    while (engine.counters().journalDiskBytes.get() < PREPARED_BYTES) {
      if (System.nanoTime() > givenUpAt) {
        throw new IllegalStateException(
            "only "
                + engine.counters().journalDiskBytes.get()
                + " bytes of the journal were made ready");
      }
      LockSupport.parkNanos(PREPARED_POLL_NANOS);
    }
    try (Stream<Path> files = Files.walk(scratch.path())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
      }
    }
  }

  /** Distinct printable bodies; a body's number is in its first ten digits. */
  static byte[][] bodies(int count, int bytes) {
    byte[][] bodies = new byte[count][];
    for (int i = 0; i < count; i++) {
      StringBuilder text = new StringBuilder(bytes);
      text.append(String.format(Locale.ROOT, "%010d", i));
      while (text.length() < bytes) {
        text.append((char) ('a' + (i + text.length()) % 26));
      }
      bodies[i] = text.toString().getBytes(StandardCharsets.US_ASCII);
    }
    return bodies;
  }

  CompletableFuture<Reply> send(byte[] body) {
    return engine.submit(new Request.SendMessage(Caller.LOCAL, NAME, OutgoingMessage.of(body)));
  }

  /** Sends some of the bodies as one batch: those from a place up to, not with, another. */
  CompletableFuture<Reply> sendBatch(byte[][] bodies, int from, int to) {
    List<Request.SendEntry> entries = new ArrayList<>(to - from);
    for (int i = from; i < to; i++) {
      entries.add(new Request.SendEntry(Integer.toString(i - from), OutgoingMessage.of(bodies[i])));
    }
    return engine.submit(new Request.SendMessageBatch(Caller.LOCAL, NAME, entries));
  }

  CompletableFuture<Reply> receive(int waitSeconds) {
    return receive(1, waitSeconds);
  }

  CompletableFuture<Reply> receive(int max, int waitSeconds) {
    return engine.submit(
        new Request.ReceiveMessage(Caller.LOCAL, NAME, max, waitSeconds, Request.QUEUE_DEFAULT));
  }

  /** Deletes messages by their receipts, as one batch. */
  CompletableFuture<Reply> deleteBatch(List<ReceivedMessage> messages) {
    List<Request.DeleteEntry> entries = new ArrayList<>(messages.size());
    for (ReceivedMessage message : messages) {
      entries.add(
          new Request.DeleteEntry(Integer.toString(entries.size()), message.receiptHandle()));
    }
    return engine.submit(new Request.DeleteMessageBatch(Caller.LOCAL, NAME, entries));
  }

  CompletableFuture<Reply> delete(String receiptHandle) {
    return engine.submit(new Request.DeleteMessage(Caller.LOCAL, NAME, receiptHandle));
  }

  /** Bytes of the journal, all records so far. */
  long journalBytes() {
    return engine.counters().journalBytes.get();
  }

  /**
   * Receives and deletes all that was sent, and accounts for each message.
   *
   * @param bodies the bodies that were sent, once each
   * @throws AssertionError if one is missing, twice there, or another than was sent
   */
  void drain(byte[][] bodies) {
    BitSet seen = new BitSet(bodies.length);
    List<Request.DeleteEntry> deletes = new ArrayList<>(BATCH);
    while (seen.cardinality() < bodies.length) {
      Reply.MessagesReceived received =
          expect(
              Reply.MessagesReceived.class,
              engine
                  .submit(
                      new Request.ReceiveMessage(
                          Caller.LOCAL, NAME, BATCH, 0, DRAIN_VISIBILITY_SECONDS))
                  .join());
      if (received.messages().isEmpty()) {
        throw new AssertionError(
            "lost: " + (bodies.length - seen.cardinality()) + " of " + bodies.length);
      }
      deletes.clear();
      for (ReceivedMessage message : received.messages()) {
        int number = numberOf(message.body());
        if (number >= bodies.length
            || seen.get(number)
            || !ByteBuffer.wrap(message.body()).equals(ByteBuffer.wrap(bodies[number]))) {
          throw new AssertionError("message " + number + " is twice there or not what was sent");
        }
        seen.set(number);
        deletes.add(new Request.DeleteEntry(Integer.toString(number), message.receiptHandle()));
      }
      expect(
          Reply.BatchDone.class,
          engine
              .submit(new Request.DeleteMessageBatch(Caller.LOCAL, NAME, List.copyOf(deletes)))
              .join());
    }
    requireEmpty();
  }

  /**
   * Checks that nothing is left in the queue.
   *
   * @throws AssertionError if something is
   */
  void requireEmpty() {
    Reply.QueueState state = state();
    if (state.visible() + state.inFlight() + state.delayed() != 0) {
      throw new AssertionError("the queue should be empty: " + state);
    }
  }

  /** Messages that a receive could bring. */
  long visible() {
    return state().visible();
  }

  private Reply.QueueState state() {
    return expect(
        Reply.QueueState.class,
        engine.submit(new Request.GetQueueAttributes(Caller.LOCAL, NAME)).join());
  }

  /** The reply, if it is of the kind that means success. */
  static <T extends Reply> T expect(Class<T> kind, Reply reply) {
    if (!kind.isInstance(reply)) {
      throw new AssertionError("instead of " + kind.getSimpleName() + ": " + reply);
    }
    return kind.cast(reply);
  }

  /** The entries of a batch's reply, if each is of the kind that means success. */
  static void expectAll(Class<? extends Reply.Entry> kind, Reply reply) {
    for (Reply.Entry entry : expect(Reply.BatchDone.class, reply).entries()) {
      if (!kind.isInstance(entry)) {
        throw new AssertionError("instead of " + kind.getSimpleName() + ": " + entry);
      }
    }
  }

  static int numberOf(byte[] body) {
    int number = 0;
    for (int i = 0; i < 10; i++) {
      number = number * 10 + (body[i] - '0');
    }
    return number;
  }

  @Override
  public void close() throws IOException {
    try (scratch) {
      engine.close();
    }
  }
}
