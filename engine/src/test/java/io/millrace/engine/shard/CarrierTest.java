package io.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.journal.FileStorage;
import io.millrace.engine.journal.MemoryJournal;
import io.millrace.engine.journal.Position;
import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.QueueArn;
import io.millrace.engine.sqs.QueueAttribute;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.RedrivePolicy;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CarrierTest {

  private static final QueueName QUEUE = new QueueName("queue");
  private static final QueueName OTHER = new QueueName("other");
  private static final QueueName WORK = new QueueName("work");
  private static final int TURNS_MAX = 100;
  private static final long MOVED_AFTER_MS = 90_000;
  private static final long PLENTY = 1 << 20;

  @TempDir Path directory;

  private final MemoryJournal journal = new MemoryJournal(4_096, PLENTY, 0);

  @Test
  void aMessageThatDecayedBeforeItWasCarriedDoesNotStopAShardWhoseDiskIsFull() throws IOException {
    try (TurnedShard shard = new TurnedShard(directory, journal, new FileStorage(), PLENTY, 1)) {
      shard.create(QUEUE, Map.of());
      shard.create(OTHER, Map.of());
      long segment = journal.activeSegment();
      shard.send(QUEUE, "m0");
      for (int i = 0; i < 100; i++) {
        shard.send(OTHER, "filler");
      }
      assertThat(shard.ask(new Request.PurgeQueue(Caller.LOCAL, OTHER))).isEqualTo(Reply.Done.DONE);
      shard.backgroundRuns = false;
      for (int turns = 0; shard.background.isEmpty(); turns++) {
        assertThat(turns).as("turns until the sparse segment is listed").isLessThan(TURNS_MAX);
        pass(shard);
      }
      while (!shard.background.isEmpty()) {
        shard.background.remove().run();
      }

      journal.flip(positionOf(segment), 500);
      journal.limitTo(0, 0);
      pass(shard);
      pass(shard);
      assertThat(shard.counters.damaged.get()).as("the message was looked at").isPositive();
      assertThat(shard.counters.carriedForward.get()).isZero();

      journal.limitTo(PLENTY, 0);
      assertThat(shard.receive(QUEUE, 10, 30)).isEmpty();
      assertThat(shard.state(QUEUE).visible()).as("given up, by a record of its own").isZero();
    }
  }

  @Test
  void aDeadLetterThatWasCarriedStaysAsOldAsItIs() throws IOException {
    long sentAt;
    MemoryJournal rest;
    try (TurnedShard shard = new TurnedShard(directory, journal, new FileStorage(), PLENTY, 1)) {
      shard.create(QUEUE, Map.of());
      shard.create(OTHER, Map.of());
      QueueArn dead = new QueueArn("us-east-1", Caller.DEFAULT_ACCOUNT, QUEUE);
      shard.create(
          WORK,
          Map.of(QueueAttribute.REDRIVE_POLICY, new RedrivePolicy(dead.toString(), 1).toJson()));
      shard.send(WORK, "poison");
      sentAt = shard.nowMs;
      assertThat(shard.receive(WORK, 1, 1)).hasSize(1);
      shard.nowMs += MOVED_AFTER_MS;
      assertThat(shard.receive(WORK, 1, 1)).as("moved instead").isEmpty();
      long segment = journal.activeSegment();
      for (int i = 0; i < 100; i++) {
        shard.send(OTHER, "filler");
      }
      shard.ask(new Request.PurgeQueue(Caller.LOCAL, OTHER));
      for (int turns = 0; shard.counters.carriedForward.get() == 0; turns++) {
        assertThat(turns).as("turns until it is carried").isLessThan(TURNS_MAX);
        pass(shard);
      }
      for (int turns = 0; Position.segment(journal.startPosition()) <= segment; turns++) {
        assertThat(turns).as("checkpoints until the move's record is gone").isLessThan(TURNS_MAX);
        pass(shard);
        shard.takeCheckpoint();
      }
      assertThat(arrivedAtMs(shard)).isEqualTo(sentAt + MOVED_AFTER_MS);
      rest = journal.reopen();
    }
    try (TurnedShard shard = new TurnedShard(directory, rest, new FileStorage(), PLENTY, 2)) {
      pass(shard);
      assertThat(arrivedAtMs(shard)).as("restored").isEqualTo(sentAt + MOVED_AFTER_MS);
      assertThat(shard.receive(QUEUE, 1, 1).get(0).sentAtMs()).isEqualTo(sentAt);
    }
  }

  private static long arrivedAtMs(TurnedShard shard) {
    return shard.counters.queues().stream()
        .filter(counters -> counters.name.equals(QUEUE.value()))
        .findFirst()
        .orElseThrow()
        .oldestArrivedAtMs
        .get();
  }

  private static void pass(TurnedShard shard) {
    shard.nowMs += 1_001;
    shard.turn();
  }

  /** Where the first queue's only message stands. */
  private long positionOf(long segment) {
    AtomicLong found = new AtomicLong();
    journal.scanSegment(
        segment,
        (position, frameBytes, record) -> {
          if (EventCodec.carriesMessage(record) && EventCodec.queue(record) == 1) {
            found.set(position);
          }
        });
    return found.get();
  }
}
