package io.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.journal.Journal;
import io.millrace.engine.journal.Storage;
import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.Limits;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.QueueAttribute;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceiptSeal;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * A shard that a test turns by hand, with a clock it sets and background work it runs when it
 * likes.
 */
final class TurnedShard implements AutoCloseable {

  static final long START_MS = 1_800_000_000_000L;

  private static final int TURNS_MAX = 10_000;
  private static final int CHECKPOINT_TURNS_MAX = 100_000;

  final ShardCounters counters = new ShardCounters();

  /** What was handed to the background executor and not run. */
  final ArrayDeque<Runnable> background = new ArrayDeque<>();

  /** Whether {@link #turn} runs what was handed to the background executor. */
  boolean backgroundRuns = true;

  final ShardRuntime shard;
  long nowMs;

  private final long checkpointBytes;

  TurnedShard(Path directory, Journal journal, Storage storage, long checkpointBytes, int start)
      throws IOException {
    this(directory, journal, storage, checkpointBytes, start, ShardObserver.NONE);
  }

  TurnedShard(
      Path directory,
      Journal journal,
      Storage storage,
      long checkpointBytes,
      int start,
      ShardObserver observer)
      throws IOException {
    this.checkpointBytes = checkpointBytes;
    ShardConfig config =
        new ShardConfig(
            Durability.POWER_LOSS,
            Limits.CURRENT,
            "us-east-1",
            Caller.DEFAULT_ACCOUNT,
            64L << 20,
            checkpointBytes,
            64L << 20,
            Long.MAX_VALUE);
    shard =
        ShardRuntime.open(
            config,
            directory,
            journal,
            storage,
            new ReceiptSeal(1, new byte[ReceiptSeal.KEY_BYTES]),
            start,
            counters,
            observer,
            new SplittableRandom(start),
            background::add,
            Runnable::run);
    nowMs = Math.max(START_MS, shard.recoveredNowMs());
  }

  /** One turn of the shard and of the flusher, then the background's work. */
  void turn() {
    shard.turn(nowMs);
    while (backgroundRuns && !background.isEmpty()) {
      background.remove().run();
    }
  }

  /** Turns until one more checkpoint was written. */
  void takeCheckpoint() {
    long before = counters.checkpoints.get();
    counters.journalBytes.add(checkpointBytes); // so that one is due
    for (int turns = 0; counters.checkpoints.get() == before; turns++) {
      assertThat(turns).as("turns without a checkpoint").isLessThan(CHECKPOINT_TURNS_MAX);
      turn();
    }
    turn(); // what the checkpoint made superfluous is gone, and counted
  }

  CompletableFuture<Reply> submit(Request request) {
    return shard.submit(request);
  }

  /** The reply, after as many turns as it takes. */
  Reply ask(Request request) {
    CompletableFuture<Reply> future = submit(request);
    for (int turns = 0; !future.isDone(); turns++) {
      assertThat(turns).as("turns without an answer to " + request).isLessThan(TURNS_MAX);
      turn();
    }
    return future.join();
  }

  void create(QueueName queue, Map<QueueAttribute, String> attributes) {
    assertThat(ask(new Request.CreateQueue(Caller.LOCAL, queue, attributes)))
        .isEqualTo(new Reply.QueueNamed(queue));
  }

  Reply send(QueueName queue, String body) {
    return ask(new Request.SendMessage(Caller.LOCAL, queue, OutgoingMessage.of(body)));
  }

  List<ReceivedMessage> receive(QueueName queue, int max, int visibilitySeconds) {
    Reply reply = ask(new Request.ReceiveMessage(Caller.LOCAL, queue, max, 0, visibilitySeconds));
    assertThat(reply).isInstanceOf(Reply.MessagesReceived.class);
    return ((Reply.MessagesReceived) reply).messages();
  }

  void delete(QueueName queue, ReceivedMessage message) {
    assertThat(ask(new Request.DeleteMessage(Caller.LOCAL, queue, message.receiptHandle())))
        .isEqualTo(Reply.Done.DONE);
  }

  Reply.QueueState state(QueueName queue) {
    return (Reply.QueueState) ask(new Request.GetQueueAttributes(Caller.LOCAL, queue));
  }

  static String body(ReceivedMessage message) {
    return new String(message.body(), StandardCharsets.UTF_8);
  }

  /** Closes the shard and its journal as a clean stop would. */
  @Override
  public void close() throws IOException {
    shard.close();
    while (!background.isEmpty()) {
      background.remove().run();
    }
  }
}
