package io.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.journal.MemoryJournal;
import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.Limits;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceiptSeal;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What callers see of a shard that breaks. */
@Timeout(60)
class ShardFailureTest {

  private static final QueueName QUEUE = new QueueName("orders");
  private static final long NOW_MS = 1_800_000_000_000L;

  @TempDir Path directory;

  @Test
  void everyCallOfTheTurnThatBrokeIsAnswered() throws IOException {
    Fuse fuse = new Fuse();
    ShardRuntime shard =
        ShardRuntime.open(
            new ShardConfig(
                Durability.POWER_LOSS,
                Limits.CURRENT,
                "us-east-1",
                Caller.DEFAULT_ACCOUNT,
                1 << 20,
                1 << 20,
                1 << 20,
                1_000_000),
            directory,
            new FusedJournal(new MemoryJournal(), fuse, new CRC32C()),
            new FusedStorage(new Fuse()),
            new ReceiptSeal(1, new byte[ReceiptSeal.KEY_BYTES]),
            1,
            new ShardCounters(),
            ShardObserver.NONE,
            new SplittableRandom(1),
            Runnable::run,
            Runnable::run);
    CompletableFuture<Reply> made =
        shard.submit(new Request.CreateQueue(Caller.LOCAL, QUEUE, Map.of()));
    shard.turn(NOW_MS);
    assertThat(made.join()).isEqualTo(new Reply.QueueNamed(QUEUE));
    List<CompletableFuture<Reply>> calls = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      calls.add(
          shard.submit(new Request.SendMessage(Caller.LOCAL, QUEUE, OutgoingMessage.of("m" + i))));
    }
    fuse.light(3);

    shard.start(() -> NOW_MS);

    for (CompletableFuture<Reply> call : calls) {
      assertThat(call.handle((reply, broken) -> broken).orTimeout(20, TimeUnit.SECONDS).join())
          .isInstanceOf(Fuse.Crash.class);
    }
    assertThat(shard.submit(new Request.GetQueueUrl(Caller.LOCAL, QUEUE)))
        .isCompletedExceptionally();
    shard.close();
  }
}
