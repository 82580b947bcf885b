package io.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.journal.ChronicleJournal;
import io.millrace.engine.journal.FaultyStorage;
import io.millrace.engine.journal.HeldForces;
import io.millrace.engine.journal.JournalConfig;
import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A shard whose device refuses a force: nobody is told yes until the tail stands elsewhere,
 * durably; then everything goes on, and the next start finds what this one acknowledged.
 */
@Timeout(60)
class FailedForceTest {

  private static final QueueName QUEUE = new QueueName("orders");
  private static final QueueName OTHER = new QueueName("other");
  private static final JournalConfig SMALL = JournalConfig.forced(64 << 10, 0, 64 << 20);
  private static final long NEVER = Long.MAX_VALUE >> 1;
  private static final String PADDING = "x".repeat(1_000);

  @TempDir Path directory;

  private final FaultyStorage storage = new FaultyStorage();
  private HeldForces journal;
  private TurnedShard shard;
  private int start;

  @BeforeEach
  void open() throws IOException {
    journal =
        new HeldForces(
            ChronicleJournal.open(directory.resolve("journal"), SMALL, storage, Runnable::run));
    shard = new TurnedShard(directory.resolve("shard"), journal, storage, NEVER, ++start);
  }

  @AfterEach
  void close() throws IOException {
    shard.close();
  }

  private CompletableFuture<Reply> submitSend(QueueName queue, String body) {
    return shard.submit(
        new Request.SendMessage(Caller.LOCAL, queue, OutgoingMessage.of(body + PADDING)));
  }

  private void send(int from, int to) {
    for (int i = from; i < to; i++) {
      assertThat(shard.send(QUEUE, "m" + i + PADDING)).isInstanceOf(Reply.MessageSent.class);
    }
  }

  /** The turn's force fails; the device works again before the next turn. */
  private void turnWithFailingForce() {
    storage.forcesFail = true;
    shard.turn();
    storage.forcesFail = false;
    assertThat(shard.counters.forceFailures.get()).as("failed forces").isPositive();
  }

  private void receivesInOrder(int from, int to) {
    for (int i = from; i < to; i++) {
      List<ReceivedMessage> messages = shard.receive(QUEUE, 1, 600);
      assertThat(messages).as("message " + i).hasSize(1);
      assertThat(TurnedShard.body(messages.get(0))).isEqualTo("m" + i + PADDING);
      shard.delete(QUEUE, messages.get(0));
    }
    assertThat(shard.receive(QUEUE, 10, 600)).isEmpty();
  }

  private void finds(int from, int to) throws IOException {
    assertThat(shard.state(QUEUE).visible()).isEqualTo(to - from);
    shard.close();
    open();
    assertThat(shard.counters.recoveryQuarantined.get()).as("damaged places").isZero();
    assertThat(shard.state(QUEUE).visible()).isEqualTo(to - from);
    receivesInOrder(from, to);
  }

  @Test
  void nobodyIsToldYesUntilTheTailStandsElsewhere() throws IOException {
    shard.create(QUEUE, Map.of());
    send(0, 10);
    ReceivedMessage first = shard.receive(QUEUE, 1, 600).get(0);
    long condemned = journal.activeSegment();
    long durable = journal.durablePosition();
    CompletableFuture<Reply> sent = submitSend(QUEUE, "m10");
    CompletableFuture<Reply> deleted =
        shard.submit(new Request.DeleteMessage(Caller.LOCAL, QUEUE, first.receiptHandle()));
    CompletableFuture<Reply> refused =
        shard.submit(new Request.DeleteMessage(Caller.LOCAL, QUEUE, "no receipt"));
    turnWithFailingForce();
    assertThat(List.of(sent, deleted, refused)).noneMatch(CompletableFuture::isDone);
    assertThat(journal.durablePosition()).isEqualTo(durable);

    shard.turn();
    assertThat(sent.join()).isInstanceOf(Reply.MessageSent.class);
    assertThat(deleted.join()).isEqualTo(Reply.Done.DONE);
    assertThat(refused.join()).isInstanceOf(Reply.Failed.class);
    assertThat(journal.activeSegment()).isNotEqualTo(condemned);
    send(11, 20);
    finds(1, 20);
  }

  @Test
  void theShardMayHaveRewrittenTheTailBeforeTheFlusherHearsOfTheFailure() throws IOException {
    shard.create(QUEUE, Map.of());
    CompletableFuture<Reply> first = submitSend(QUEUE, "m0");
    journal.afterFailure =
        () -> {
          storage.forcesFail = false;
          shard.turn();
        };
    turnWithFailingForce();
    shard.turn();
    assertThat(first).isDone();
    send(1, 3);
    finds(0, 3);
  }

  @Test
  void aCheckpointUnderWayDoesNotNameWhereTheTailStoodBefore() throws IOException {
    shard.create(QUEUE, Map.of());
    send(0, 5);
    shard.counters.journalBytes.add(NEVER); // a checkpoint is due
    shard.turn();
    CompletableFuture<Reply> captured = submitSend(QUEUE, "m5");
    turnWithFailingForce(); // the turn appends, captures, and cannot force
    shard.turn();
    assertThat(captured).isDone();
    for (int turns = 0; turns < 1_000 && shard.counters.checkpoints.get() == 0; turns++) {
      shard.turn();
    }
    assertThat(shard.counters.checkpoints.get()).isEqualTo(1);
    send(6, 8);
    finds(0, 8);
  }

  @Test
  void whatIsNotDurableIsNotCarriedForward() throws IOException {
    shard.create(QUEUE, Map.of());
    shard.create(OTHER, Map.of());
    journal.holding = true;
    long segment = journal.activeSegment();
    List<CompletableFuture<Reply>> sends = new ArrayList<>();
    sends.add(submitSend(QUEUE, "m0"));
    for (int i = 0; i < 100; i++) {
      sends.add(submitSend(OTHER, "filler"));
    }
    CompletableFuture<Reply> purged = shard.submit(new Request.PurgeQueue(Caller.LOCAL, OTHER));
    for (int turns = 0; turns < 10; turns++) {
      shard.turn();
      shard.nowMs += 1_001;
    }
    assertThat(journal.activeSegment()).as("the first segment is closed").isGreaterThan(segment);
    assertThat(purged).isNotDone();
    assertThat(shard.counters.carriedForward.get()).isZero();

    journal.holding = false;
    for (int turns = 0; turns < 10; turns++) {
      shard.turn();
      shard.nowMs += 1_001;
    }
    assertThat(purged).isDone();
    assertThat(sends).allMatch(CompletableFuture::isDone);
    assertThat(shard.counters.carriedForward.get()).isEqualTo(1);
    finds(0, 1);
  }
}
