package io.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.journal.ChronicleJournal;
import io.millrace.engine.journal.FileStorage;
import io.millrace.engine.journal.Journal;
import io.millrace.engine.journal.JournalConfig;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However long messages come and go, the journal takes disk in proportion to what is live. */
@Timeout(120)
class DiskUseTest {

  private static final QueueName QUEUE = new QueueName("orders");
  private static final long SEGMENT_BYTES = 128 << 10;
  private static final int ROUNDS = 15;
  private static final int LIVE_MAX = 500;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void staysWithinFourTimesTheLiveBytesAndTwoSegments(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Journal journal =
        ChronicleJournal.open(
            directory.resolve("journal"),
            JournalConfig.forced(SEGMENT_BYTES, 0, 64 << 20),
            new FileStorage(),
            Runnable::run);
    List<ReceivedMessage> leased = new ArrayList<>();
    long highest = 0;
    try (TurnedShard shard =
        new TurnedShard(
            directory.resolve("shard"), journal, new FileStorage(), SEGMENT_BYTES / 2, 1)) {
      shard.create(QUEUE, Map.of());
      for (int round = 0; round < ROUNDS; round++) {
        int wanted = random.nextInt(LIVE_MAX);
        while (leased.size() < wanted) {
          assertThat(shard.send(QUEUE, "x".repeat(500 + random.nextInt(1_500))))
              .isInstanceOf(Reply.MessageSent.class);
          leased.addAll(shard.receive(QUEUE, 10, 43_200));
        }
        while (leased.size() > wanted) {
          shard.delete(QUEUE, leased.remove(random.nextInt(leased.size())));
        }
        settle(shard);
        long live = shard.counters.liveBytes.get();
        long disk = journal.diskBytes();
        highest = Math.max(highest, disk);
        assertThat(disk)
            .as("bytes of disk for %d live, seed %d, round %d", live, seed, round)
            .isLessThanOrEqualTo(4 * live + 2 * SEGMENT_BYTES);
      }
      assertThat(highest)
          .as("more than the bound's floor was used")
          .isGreaterThan(4 * SEGMENT_BYTES);
      assertThat(shard.counters.segmentsDropped.get()).as("segments dropped").isPositive();
      assertThat(shard.counters.carriedForward.get()).as("messages carried").isPositive();
      assertThat(shard.counters.damaged.get()).isZero();
      assertThat(shard.state(QUEUE).inFlight()).isEqualTo(leased.size());
    }
  }

  /** Time passes without requests: sparse segments are carried, and two checkpoints let them go. */
  private static void settle(TurnedShard shard) {
    for (int i = 0; i < 12; i++) {
      for (int turns = 0; turns < 12; turns++) {
        shard.nowMs += 100;
        shard.turn();
      }
      if (i % 3 == 2) {
        shard.takeCheckpoint();
      }
    }
    shard.nowMs += 1_001;
    shard.turn();
  }
}
