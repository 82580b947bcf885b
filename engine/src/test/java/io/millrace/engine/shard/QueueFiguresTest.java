package io.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.journal.FileStorage;
import io.millrace.engine.journal.MemoryJournal;
import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.QueueArn;
import io.millrace.engine.sqs.QueueAttribute;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.RedrivePolicy;
import io.millrace.engine.sqs.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a shard tells of its queues: ages, ends of leases and retention, dwell times, drain. */
class QueueFiguresTest {

  private static final QueueName ORDERS = new QueueName("orders");
  private static final long CHECKPOINT_BYTES = 1L << 30;

  @TempDir private Path directory;

  private final Heard heard = new Heard();
  private MemoryJournal journal = new MemoryJournal();
  private TurnedShard shard;

  @BeforeEach
  void open() throws IOException {
    shard = reopened(1);
    shard.create(
        ORDERS,
        Map.of(
            QueueAttribute.MESSAGE_RETENTION_PERIOD, "60",
            QueueAttribute.VISIBILITY_TIMEOUT, "5"));
  }

  @AfterEach
  void close() throws IOException {
    shard.close();
  }

  private TurnedShard reopened(int start) throws IOException {
    return new TurnedShard(
        directory.resolve("start-" + start),
        journal,
        new FileStorage(),
        CHECKPOINT_BYTES,
        start,
        heard);
  }

  @Test
  void whatRetentionDropsIsCountedOnceAndNotAgainAfterARestart() throws IOException {
    shard.send(ORDERS, "a");
    shard.send(ORDERS, "b");
    pass(60_000);
    assertThat(orders().retentionSeconds.get()).isEqualTo(60);
    assertThat(shard.counters.expired.get()).isEqualTo(2);
    assertThat(orders().expired.get()).isEqualTo(2);
    shard.send(ORDERS, "c"); // its record carries a time at which the two are gone
    MemoryJournal before = journal;
    journal = before.reopen(); // as after a kill: all of it is replayed
    shard.close();
    shard = reopened(2);
    pass(1_000);
    assertThat(shard.counters.expired.get()).as("of this run").isZero();
    pass(60_000);
    assertThat(shard.counters.expired.get()).isEqualTo(1);
  }

  @Test
  void whatRetentionDroppedJustBeforeItsQueueWentIsCountedToo() {
    shard.send(ORDERS, "a");
    shard.nowMs += 60_000;
    shard.ask(new Request.DeleteQueue(Caller.LOCAL, ORDERS));
    assertThat(shard.counters.expired.get()).isEqualTo(1);
  }

  @Test
  void leasesEndByTheirTimeOrByTheReceiver() {
    shard.send(ORDERS, "a");
    shard.send(ORDERS, "b");
    List<ReceivedMessage> both = shard.receive(ORDERS, 10, 5);
    shard.ask(
        new Request.ChangeMessageVisibility(Caller.LOCAL, ORDERS, both.get(0).receiptHandle(), 0));
    pass(300);
    assertThat(shard.counters.leasesReleased.get()).isEqualTo(1);
    assertThat(shard.counters.leasesTimedOut.get()).isZero();
    pass(5_000);
    assertThat(shard.counters.leasesReleased.get()).isEqualTo(1);
    assertThat(shard.counters.leasesTimedOut.get()).isEqualTo(1);
  }

  @Test
  void aMessageThatIsReceivedTooOftenDoesNotHideTheAgeOfTheOthers() {
    shard.send(ORDERS, "poison");
    long poisonAt = shard.nowMs;
    for (int receives = 0; receives < 3; receives++) {
      assertThat(orders().oldestOrdinaryArrivedAtMs.get()).isIn(0L, poisonAt);
      assertThat(shard.receive(ORDERS, 1, 1)).hasSize(1);
      pass(1_000);
    }
    assertThat(orders().oldestArrivedAtMs.get()).isEqualTo(poisonAt);
    assertThat(orders().oldestOrdinaryArrivedAtMs.get()).as("nothing but the poison").isZero();
    shard.send(ORDERS, "good");
    long goodAt = shard.nowMs;
    pass(1_000);
    assertThat(orders().oldestArrivedAtMs.get()).isEqualTo(poisonAt);
    assertThat(orders().oldestOrdinaryArrivedAtMs.get()).isEqualTo(goodAt);
  }

  @Test
  void aDeadLettersAgeCountsFromItsMoveAndItsRetentionFromItsSend() throws IOException {
    QueueName work = new QueueName("work");
    shard.ask(
        new Request.CreateQueue(
            Caller.LOCAL,
            work,
            Map.of(
                QueueAttribute.REDRIVE_POLICY,
                new RedrivePolicy(
                        new QueueArn("us-east-1", Caller.DEFAULT_ACCOUNT, ORDERS).toString(), 3)
                    .toJson())));
    shard.send(work, "poison");
    long sentAt = shard.nowMs;
    for (int receives = 0; receives < 3; receives++) {
      assertThat(shard.receive(work, 1, 1)).hasSize(1);
      pass(1_000);
    }
    long movedAt = sentAt + 40_000;
    shard.nowMs = movedAt;
    assertThat(shard.receive(work, 1, 1)).as("moved instead").isEmpty();
    pass(250);
    assertThat(queue(work).movedToDeadLetter.get()).isEqualTo(1);
    assertThat(orders().oldestArrivedAtMs.get()).isEqualTo(movedAt);
    assertThat(orders().oldestOrdinaryArrivedAtMs.get())
        .as("what was received too often elsewhere does not hide here")
        .isEqualTo(movedAt);
    assertThat(orders().oldestSentAtMs.get()).isEqualTo(sentAt);
    MemoryJournal before = journal;
    journal = before.reopen(); // as after a kill: all of it is replayed
    long nowMs = shard.nowMs;
    shard.close();
    shard = reopened(2);
    shard.nowMs = nowMs;
    pass(250);
    assertThat(orders().oldestArrivedAtMs.get()).as("replayed").isEqualTo(movedAt);
    assertThat(orders().oldestSentAtMs.get()).isEqualTo(sentAt);
    pass(20_000); // 60 s after the send, 20 s after the move
    assertThat(queue(ORDERS).expired.get()).isEqualTo(1);
  }

  @Test
  void messagesAreTimedFromWhenTheyCouldBeReceivedAndFromTheirReceive() {
    shard.send(ORDERS, "four");
    shard.nowMs += 40;
    ReceivedMessage message = shard.receive(ORDERS, 1, 5).get(0);
    shard.nowMs += 300;
    shard.delete(ORDERS, message);
    assertThat(heard.bytes).containsExactly(4);
    assertThat(heard.waitedMs).containsExactly(40L);
    assertThat(heard.heldMs).containsExactly(300L);

    shard.ask(
        new Request.SendMessage(
            Caller.LOCAL, ORDERS, OutgoingMessage.of("late").withDelaySeconds(2)));
    shard.nowMs += 2_007;
    message = shard.receive(ORDERS, 1, 1).get(0);
    assertThat(heard.waitedMs).as("the delay is no wait").containsExactly(40L, 7L);
    pass(1_500);
    shard.delete(ORDERS, message);
    assertThat(heard.heldMs).as("its lease had ended: no telling how long").containsExactly(300L);
  }

  @Test
  void aRepeatIsNoFirstReceive() {
    shard.send(ORDERS, "a");
    shard.receive(ORDERS, 1, 1);
    pass(1_000);
    assertThat(shard.receive(ORDERS, 1, 1)).hasSize(1);
    assertThat(heard.waitedMs).hasSize(1);
    assertThat(orders().redelivered.get()).isEqualTo(1);
  }

  @Test
  void aQueueThatEmptiesSaysHowFast() {
    shard.ask(
        new Request.SetQueueAttributes(
            Caller.LOCAL, ORDERS, Map.of(QueueAttribute.MESSAGE_RETENTION_PERIOD, "3600")));
    for (int i = 0; i < 300; i++) {
      shard.send(ORDERS, "m");
    }
    pass(750);
    assertThat(orders().emptiesPer1000Seconds.get()).as("it has only grown").isZero();
    for (int second = 0; second < 140; second++) { // two a second
      for (int i = 0; i < 2; i++) {
        shard.delete(ORDERS, shard.receive(ORDERS, 1, 30).get(0));
      }
      pass(750);
    }
    // A burst of growth 140 s ago still weighs e^(-140/30), under one in a hundred.
    assertThat(orders().emptiesPer1000Seconds.get()).isBetween(1_850L, 2_050L);
  }

  private QueueCounters orders() {
    return queue(ORDERS);
  }

  private QueueCounters queue(QueueName queue) {
    return shard.counters.queues().stream()
        .filter(counters -> counters.name.equals(queue.value()))
        .findFirst()
        .orElseThrow();
  }

  /** Lets time go by, and the shard look at its queues. */
  private void pass(long ms) {
    shard.nowMs += ms;
    shard.turn();
    shard.nowMs += 250;
    shard.turn();
  }

  private static final class Heard implements ShardObserver {

    final List<Integer> bytes = new ArrayList<>();
    final List<Long> waitedMs = new ArrayList<>();
    final List<Long> heldMs = new ArrayList<>();

    @Override
    public void forced(long nanos, int records) {}

    @Override
    public void appended(long nanos) {}

    @Override
    public void sent(int length) {
      bytes.add(length);
    }

    @Override
    public void firstReceived(long ms) {
      waitedMs.add(ms);
    }

    @Override
    public void deletedInFlight(long ms) {
      heldMs.add(ms);
    }
  }
}
