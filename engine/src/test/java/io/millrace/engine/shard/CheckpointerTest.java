package io.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.journal.FileStorage;
import io.millrace.engine.journal.Journal;
import io.millrace.engine.journal.JournalFailures;
import io.millrace.engine.journal.MemoryJournal;
import io.millrace.engine.journal.Storage;
import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.Limits;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceiptSeal;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What checkpoints leave on the disk and what they take from it, over a shard turned by hand. */
@Timeout(60)
class CheckpointerTest {

  private static final QueueName QUEUE = new QueueName("orders");

  @TempDir Path directory;

  private final MemoryJournal journal = new MemoryJournal(24 * 1024, Long.MAX_VALUE, 0);
  private final ShardCounters counters = new ShardCounters();
  private final ArrayDeque<Runnable> background = new ArrayDeque<>();
  private final ArrayDeque<ReceivedMessage> received = new ArrayDeque<>();

  /** The method that fails, of the journal or of the storage; none when empty. */
  private String failing = "";

  private RuntimeException failure = JournalFailures.segmentStays();
  private ShardRuntime shard;
  private long nowMs = 1_800_000_000_000L;

  @BeforeEach
  void open() throws IOException {
    shard =
        ShardRuntime.open(
            new ShardConfig(
                Durability.POWER_LOSS,
                Limits.CURRENT,
                "us-east-1",
                Caller.DEFAULT_ACCOUNT,
                1 << 20,
                9_000,
                1 << 20,
                1_000_000),
            directory,
            failingWhenTold(Journal.class, journal),
            failingWhenTold(Storage.class, new FileStorage()),
            new ReceiptSeal(1, new byte[ReceiptSeal.KEY_BYTES]),
            1,
            counters,
            ShardObserver.NONE,
            new SplittableRandom(1),
            background::add,
            Runnable::run);
    ask(new Request.CreateQueue(Caller.LOCAL, QUEUE, Map.of()));
  }

  @Test
  void everyCheckpointOnDiskKeepsTheBlocksItNames() throws IOException {
    long seed = Long.getLong("millrace.seed", new SplittableRandom().nextLong());
    SplittableRandom random = new SplittableRandom(seed);
    Map<Integer, Long> sums = new HashMap<>();
    int threeAtOnce = 0;
    for (int step = 0; step < 1_500; step++) {
      churn(random);
      if (random.nextInt(12) == 0 && !background.isEmpty()) {
        background.remove().run();
      }
      CheckpointFiles files = new CheckpointFiles(new FileStorage(), directory);
      int there = 0;
      for (CheckpointImage image : files.readAll()) {
        there++;
        long sum = sumOfBlocks(image);
        Long before = sums.putIfAbsent(image.ordinal(), sum);
        assertThat(before == null ? sum : before.longValue())
            .as("the blocks of checkpoint %d, seed %d, step %d", image.ordinal(), seed, step)
            .isEqualTo(sum);
      }
      threeAtOnce += there > 2 ? 1 : 0;
    }
    assertThat(threeAtOnce).as("a surplus checkpoint was looked at").isPositive();
    assertThat(counters.segmentsDropped.get()).as("segments dropped").isPositive();
  }

  @Test
  void aSegmentThatCannotBeDeletedIsTriedAgainAndTheShardGoesOn() {
    failing = "dropSegment";
    churnUntilCheckpoints(6);
    assertThat(counters.segmentsDropped.get()).isZero();
    int piledUp = journal.segments().size();

    failing = "";
    churnUntilCheckpoints(8);

    assertThat(counters.segmentsDropped.get()).isPositive();
    assertThat(journal.segments()).hasSizeLessThan(piledUp);
  }

  @Test
  void whileAnOldCheckpointCannotBeDeletedNoSegmentItNeedsGoes() throws IOException {
    churnUntilCheckpoints(2);
    failing = "delete";
    failure = new UncheckedRefusal();
    churnUntilCheckpoints(6);
    CheckpointFiles files = new CheckpointFiles(new FileStorage(), directory);
    assertThat(files.readAll()).hasSizeGreaterThan(2);
    assertThat(counters.segmentsDropped.get()).isZero();

    failing = "";
    churnUntilCheckpoints(8);

    assertThat(files.readAll()).hasSize(2);
    assertThat(counters.segmentsDropped.get()).isPositive();
  }

  @Test
  void aBugInTheBackgroundStopsTheShardInsteadOfEndingAllCheckpointsSilently() {
    failing = "create";
    failure = new IllegalStateException("a bug");
    assertThatThrownBy(() -> churnUntilCheckpoints(1)).isSameAs(failure);
    assertThatThrownBy(() -> shard.turn(nowMs))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("checkpoint 1")
        .hasCause(failure);
  }

  /**
   * Stands for the IOException a storage throws; a proxy may throw it only where it is declared.
   */
  private static final class UncheckedRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private <T> T failingWhenTold(Class<T> door, T behind) {
    Object proxy =
        Proxy.newProxyInstance(
            door.getClassLoader(),
            new Class<?>[] {door},
            (self, method, arguments) -> {
              boolean temporary = arguments != null && arguments[0].toString().endsWith(".tmp");
              if (method.getName().equals(failing) && !(temporary && failing.equals("delete"))) {
                throw failure instanceof UncheckedRefusal ? new IOException("refused") : failure;
              }
              try {
                return method.invoke(behind, arguments);
              } catch (InvocationTargetException e) {
                throw e.getTargetException();
              }
            });
    return door.cast(proxy);
  }

  private void churnUntilCheckpoints(int count) {
    SplittableRandom random = new SplittableRandom(count);
    for (int step = 0; step < 10_000 && counters.checkpoints.get() < count; step++) {
      churn(random);
      while (!background.isEmpty()) {
        background.remove().run();
      }
    }
    assertThat(counters.checkpoints.get()).isEqualTo(count);
    for (int turn = 0; turn < 3; turn++) {
      shard.turn(nowMs);
      while (!background.isEmpty()) {
        background.remove().run();
      }
    }
  }

  private void churn(SplittableRandom random) {
    nowMs += random.nextInt(50);
    for (int i = random.nextInt(4); i >= 0; i--) {
      ask(
          new Request.SendMessage(
              Caller.LOCAL, QUEUE, OutgoingMessage.of("x".repeat(1 + random.nextInt(300)))));
    }
    Reply reply = ask(new Request.ReceiveMessage(Caller.LOCAL, QUEUE, 3, 0, 43_200));
    received.addAll(((Reply.MessagesReceived) reply).messages());
    while (received.size() > 20) {
      ask(new Request.DeleteMessage(Caller.LOCAL, QUEUE, received.remove().receiptHandle()));
    }
  }

  private Reply ask(Request request) {
    CompletableFuture<Reply> reply = shard.submit(request);
    shard.turn(nowMs);
    return reply.join();
  }

  private long sumOfBlocks(CheckpointImage image) throws IOException {
    CRC32C sum = new CRC32C();
    ByteBuffer block = ByteBuffer.allocate(BlockFile.BLOCK_BYTES);
    try (FileChannel file = FileChannel.open(directory.resolve("backlog"))) {
      for (CheckpointImage.Queue queue : image.queues()) {
        for (int number : queue.backlog().blocks()) {
          if (number != BlockFile.NO_BLOCK) {
            file.read(block.clear(), (long) number * BlockFile.BLOCK_BYTES);
            sum.update(block.flip());
          }
        }
      }
    }
    return sum.getValue();
  }
}
