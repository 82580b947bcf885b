package io.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.journal.FaultyStorage;
import io.millrace.engine.journal.MemoryJournal;
import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.sqs.QueueArn;
import io.millrace.engine.sqs.QueueAttribute;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.RedrivePolicy;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that gives the backlog no more: senders are refused, and everything else goes on. The
 * journal is in memory and has room, so that it is the backlog that decides.
 */
@Timeout(120)
class FullBacklogTest {

  private static final QueueName WORK = new QueueName("work");
  private static final QueueName DEAD = new QueueName("dead");
  private static final long NEVER = Long.MAX_VALUE >> 1;

  /** Many times what the pledge can be: whatever is copied, it is more than the margin. */
  private static final int BLOCKS = 6 * BlockFile.RESERVE_BLOCKS;

  @TempDir Path directory;

  private final FaultyStorage storage = new FaultyStorage();
  private MemoryJournal journal = new MemoryJournal();
  private TurnedShard shard;
  private int start;

  @BeforeEach
  void open() throws IOException {
    shard = new TurnedShard(directory, journal, storage, NEVER, ++start);
  }

  @AfterEach
  void close() throws IOException {
    shard.close();
  }

  /** What a kill leaves is opened again, by a disk that is as full as before. */
  private void restart() throws IOException {
    shard.close();
    journal = journal.reopen();
    long nowMs = shard.nowMs;
    open();
    shard.nowMs = nowMs;
  }

  /** Sends until the disk refuses; returns how many were taken. */
  private int fill() {
    for (int sent = 0; ; sent++) {
      Reply reply = shard.send(WORK, "m" + sent);
      if (!(reply instanceof Reply.MessageSent)) {
        assertThat(reply).isInstanceOf(Reply.Failed.class);
        assertThat(((Reply.Failed) reply).error().code()).isEqualTo(ErrorCode.SERVICE_UNAVAILABLE);
        return sent;
      }
    }
  }

  private List<ReceivedMessage> receiveAll(int visibilitySeconds) {
    List<ReceivedMessage> all = new ArrayList<>();
    while (true) {
      List<ReceivedMessage> some = shard.receive(WORK, 10, visibilitySeconds);
      if (some.isEmpty()) {
        return all;
      }
      all.addAll(some);
    }
  }

  @Test
  void sendsAreRefusedAndEverythingElseGoesOn() throws IOException {
    shard.create(DEAD, Map.of());
    shard.create(
        WORK,
        Map.of(
            QueueAttribute.REDRIVE_POLICY,
            new RedrivePolicy(new QueueArn("us-east-1", Caller.DEFAULT_ACCOUNT, DEAD).toString(), 2)
                .toJson()));
    storage.roomBytes.set((long) BLOCKS * BlockFile.BLOCK_BYTES);
    int sent = 0;
    for (; sent < BLOCKS / 4 * MappedBacklog.SLOTS_PER_BLOCK; sent++) {
      assertThat(shard.send(WORK, "m" + sent)).isInstanceOf(Reply.MessageSent.class);
    }
    // All that is waiting is captured now, and each change of it a copy.
    shard.takeCheckpoint();
    storage.roomBytes.set(0);
    int more = fill();
    assertThat(more).isLessThan(BLOCKS * MappedBacklog.SLOTS_PER_BLOCK);
    int all = sent + more;

    // One message of each block, so that each is copied and none can go.
    List<ReceivedMessage> first = receiveAll(600);
    assertThat(first).hasSize(all);
    restart();
    for (int i = 0; i < all; i += MappedBacklog.SLOTS_PER_BLOCK) {
      shard.delete(WORK, first.get(i));
    }
    int deleted = (all + MappedBacklog.SLOTS_PER_BLOCK - 1) / MappedBacklog.SLOTS_PER_BLOCK;
    for (ReceivedMessage message : first.subList(1, 100)) {
      assertThat(
              shard.ask(
                  new Request.ChangeMessageVisibility(
                      Caller.LOCAL, WORK, message.receiptHandle(), 0)))
          .isEqualTo(Reply.Done.DONE);
    }
    assertThat(shard.receive(WORK, 10, 600)).hasSize(10);
    assertThat(shard.send(WORK, "one more")).isInstanceOf(Reply.Failed.class);
    restart();

    // Twice received, now all go to the dead-letter queue as far as there is room for moving.
    shard.nowMs += 601_000;
    receiveAll(600);
    shard.nowMs += 601_000;
    restart();
    assertThat(shard.state(WORK).visible() + shard.state(DEAD).visible()).isEqualTo(all - deleted);
    int dead = 0;
    while (dead < 500) {
      shard.receive(WORK, 10, 600);
      dead = (int) shard.state(DEAD).visible();
    }
    assertThat(shard.receive(DEAD, 10, 600)).hasSize(10);

    assertThat(shard.ask(new Request.PurgeQueue(Caller.LOCAL, WORK))).isEqualTo(Reply.Done.DONE);
    assertThat(shard.state(WORK).visible()).isZero();
    restart();
    assertThat(shard.state(WORK).visible()).isZero();
    assertThat(shard.state(DEAD).visible() + shard.state(DEAD).inFlight()).isEqualTo(dead);
    assertThat(shard.shard.failure()).isNull();
  }

  @Test
  void aCheckpointIsPutOffUntilAllItCapturesCouldBeCopied() throws IOException {
    shard.create(WORK, Map.of());
    storage.roomBytes.set(3L * BlockFile.RESERVE_BLOCKS * BlockFile.BLOCK_BYTES);
    int sent = fill();
    shard.counters.journalBytes.add(NEVER); // due
    for (int turns = 0; turns < 10; turns++) {
      shard.turn();
      shard.nowMs += 1_001;
    }
    assertThat(shard.counters.checkpoints.get()).isZero();
    List<ReceivedMessage> messages = receiveAll(600);
    assertThat(messages).hasSize(sent);

    storage.roomBytes.set(4L * BlockFile.RESERVE_BLOCKS * BlockFile.BLOCK_BYTES);
    for (int turns = 0; turns < 10; turns++) {
      shard.turn();
      shard.nowMs += 1_001;
    }
    assertThat(shard.counters.checkpoints.get()).isPositive();
    storage.roomBytes.set(0);
    for (ReceivedMessage message : messages) {
      shard.delete(WORK, message);
    }
    restart();
    assertThat(shard.state(WORK).inFlight()).isZero();
  }
}
