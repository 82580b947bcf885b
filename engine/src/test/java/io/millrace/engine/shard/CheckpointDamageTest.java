package io.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.journal.FileStorage;
import io.millrace.engine.journal.MemoryJournal;
import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.Limits;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceiptSeal;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoint files with a byte changed or an end missing: passed over, never believed. */
@Timeout(120)
class CheckpointDamageTest {

  private static final QueueName ORDERS = new QueueName("orders");
  private static final QueueName BILLS = new QueueName("bills");

  @TempDir Path root;

  private long nowMs = 1_800_000_000_000L;
  private int opened;

  /** A shard with two checkpoints on disk and changes after each. */
  private void fill(MemoryJournal journal, Path directory) throws IOException {
    ShardRuntime shard = open(journal, directory);
    ask(shard, new Request.CreateQueue(Caller.LOCAL, ORDERS, Map.of()));
    ask(shard, send("kept from the beginning"));
    for (int checkpoint = 1; checkpoint <= 2; checkpoint++) {
      for (int i = 0; i < 12; i++) {
        ask(shard, send("message " + checkpoint + "-" + i + "x".repeat(1_000)));
      }
      Reply reply = ask(shard, new Request.ReceiveMessage(Caller.LOCAL, ORDERS, 10, 0, 600));
      List<ReceivedMessage> messages = ((Reply.MessagesReceived) reply).messages();
      assertThat(messages).hasSize(10);
      for (ReceivedMessage message : messages.subList(1, 8)) {
        ask(shard, new Request.DeleteMessage(Caller.LOCAL, ORDERS, message.receiptHandle()));
      }
      for (int turn = 0; turn < 10 && files(directory).size() < checkpoint; turn++) {
        shard.turn(nowMs);
      }
      assertThat(files(directory)).hasSize(checkpoint);
    }
    ask(shard, new Request.CreateQueue(Caller.LOCAL, BILLS, Map.of()));
    ask(shard, send("after the last checkpoint"));
  }

  @Test
  void whateverByteIsChangedOrWhereverItEndsTheCheckpointIsPassedOver() throws IOException {
    Path directory = Files.createDirectory(root.resolve("data"));
    fill(new MemoryJournal(), directory);
    Path newest = files(directory).get(1);
    byte[] whole = Files.readAllBytes(newest);
    CheckpointFiles files = new CheckpointFiles(new FileStorage(), directory);
    assertThat(files.readAll()).extracting(CheckpointImage::ordinal).containsExactly(2, 1);
    for (int at = 0; at < whole.length; at++) {
      byte[] changed = whole.clone();
      changed[at] ^= (byte) (1 << (at & 7));
      Files.write(newest, changed);
      assertThat(files.readAll())
          .as("byte %d of %d changed", at, whole.length)
          .extracting(CheckpointImage::ordinal)
          .containsExactly(1);
      Files.write(newest, Arrays.copyOf(whole, at));
      assertThat(files.readAll())
          .as("cut off after %d of %d bytes", at, whole.length)
          .extracting(CheckpointImage::ordinal)
          .containsExactly(1);
    }
  }

  @Test
  void recoveryFromTheOlderCheckpointOrFromTheJournalAloneEndsInTheSameState() throws IOException {
    MemoryJournal journal = new MemoryJournal();
    Path directory = Files.createDirectory(root.resolve("data"));
    fill(journal, directory);
    List<String> expected = state(open(journal.reopen(), copy(directory)));
    assertThat(expected).contains("after the last checkpoint", "kept from the beginning");
    long seed = Long.getLong("millrace.seed", new SplittableRandom().nextLong());
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 24; round++) {
      Path damaged = copy(directory);
      List<Path> files = files(damaged);
      int which = round % 3; // the newest, the older, both
      if (which != 1) {
        damage(files.get(1), random);
      }
      if (which != 0) {
        damage(files.get(0), random);
      }
      assertThat(state(open(journal.reopen(), damaged)))
          .as("seed %d, round %d", seed, round)
          .isEqualTo(expected);
    }
  }

  @Test
  void withoutACheckpointAndWithoutTheJournalsBeginningNothingIsServed() throws IOException {
    MemoryJournal journal = new MemoryJournal(8 * 1024, Long.MAX_VALUE, 0);
    Path directory = Files.createDirectory(root.resolve("data"));
    fill(journal, directory);
    MemoryJournal rest = journal.reopen();
    rest.dropSegment(1);
    SplittableRandom random = new SplittableRandom(1);
    for (Path file : files(directory)) {
      damage(file, random);
    }
    assertThatThrownBy(() -> open(rest, directory))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no checkpoint can be read")
        .hasMessageContaining("before segment 2 is gone");
  }

  private static void damage(Path file, SplittableRandom random) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int at = random.nextInt(bytes.length);
    if (random.nextBoolean()) {
      bytes[at] ^= (byte) (1 + random.nextInt(255));
      Files.write(file, bytes);
    } else {
      Files.write(file, Arrays.copyOf(bytes, at));
    }
  }

  /** Everything a caller can see: the queues, their counts, and every message. */
  private List<String> state(ShardRuntime shard) {
    nowMs += 700_000; // leases have ended
    List<String> state = new ArrayList<>();
    for (QueueName queue : List.of(ORDERS, BILLS)) {
      state.add(ask(shard, new Request.GetQueueAttributes(Caller.LOCAL, queue)).toString());
      while (true) {
        Reply reply = ask(shard, new Request.ReceiveMessage(Caller.LOCAL, queue, 10, 0, 600));
        List<ReceivedMessage> messages = ((Reply.MessagesReceived) reply).messages();
        if (messages.isEmpty()) {
          break;
        }
        for (ReceivedMessage message : messages) {
          state.add(new String(message.body(), StandardCharsets.UTF_8));
          state.add(message.id() + " " + message.sentAtMs() + " " + message.receiveCount());
        }
      }
    }
    nowMs -= 700_000;
    return state;
  }

  private static Request send(String body) {
    return new Request.SendMessage(Caller.LOCAL, ORDERS, OutgoingMessage.of(body));
  }

  private Reply ask(ShardRuntime shard, Request request) {
    CompletableFuture<Reply> reply = shard.submit(request);
    for (int turn = 0; turn < 5 && !reply.isDone(); turn++) {
      shard.turn(nowMs);
    }
    return reply.join();
  }

  private ShardRuntime open(MemoryJournal journal, Path directory) throws IOException {
    opened++;
    return ShardRuntime.open(
        new ShardConfig(
            Durability.POWER_LOSS,
            Limits.CURRENT,
            "us-east-1",
            Caller.DEFAULT_ACCOUNT,
            1 << 20,
            12_000,
            1 << 20,
            1_000_000),
        directory,
        journal,
        new FileStorage(),
        new ReceiptSeal(1, new byte[ReceiptSeal.KEY_BYTES]),
        opened,
        new ShardCounters(),
        ShardObserver.NONE,
        new SplittableRandom(opened),
        Runnable::run,
        Runnable::run);
  }

  private static List<Path> files(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("checkpoint-"))
          .sorted()
          .toList();
    }
  }

  private Path copy(Path directory) throws IOException {
    Path copy = Files.createTempDirectory(root, "copy");
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    return copy;
  }
}
