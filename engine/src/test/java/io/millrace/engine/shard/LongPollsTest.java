package io.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.journal.FileStorage;
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
import java.util.ArrayDeque;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What long polls see of a shard that is turned by hand. */
class LongPollsTest {

  private static final QueueName QUEUE = new QueueName("orders");
  private static final int WAIT_SECONDS = 20;
  private static final long START_MS = 1_800_000_000_000L;

  private static final int PENDING_BYTES_MAX = 1 << 20;

  private final ShardCounters counters = new ShardCounters();
  private final ArrayDeque<Runnable> answers = new ArrayDeque<>();
  private boolean answersAreHeld;
  private long nowMs = START_MS;

  @SuppressWarnings("NullAway.Init") // open() comes first.
  private ShardRuntime shard;

  @TempDir private Path directory;

  @BeforeEach
  void open() throws IOException {
    shard =
        ShardRuntime.open(
            new ShardConfig(
                Durability.PROCESS_CRASH,
                Limits.CURRENT,
                "us-east-1",
                Caller.DEFAULT_ACCOUNT,
                PENDING_BYTES_MAX,
                1 << 20,
                1 << 20,
                1_000_000),
            directory,
            new MemoryJournal(),
            new FileStorage(),
            new ReceiptSeal(1, new byte[ReceiptSeal.KEY_BYTES]),
            1,
            counters,
            ShardObserver.NONE,
            new SplittableRandom(1),
            Runnable::run,
            this::answer);
    assertThat(ask(new Request.CreateQueue(Caller.LOCAL, QUEUE, Map.of()))).isCompleted();
  }

  @AfterEach
  void close() throws IOException {
    shard.close();
  }

  @Test
  void aPollThatWasAnsweredWaitsNoMore() {
    CompletableFuture<Reply> first = poll();
    CompletableFuture<Reply> second = poll();
    later(1_000);
    assertThat(counters.waitingPolls.get()).isEqualTo(2);

    send();

    later(1_000);
    assertThat(messages(first)).isEqualTo(1);
    assertThat(second).isNotDone();
    assertThat(counters.waitingPolls.get()).isEqualTo(1);
  }

  @Test
  void aPollThatNothingCameForIsAnsweredEmptyWhenItsWaitIsOver() {
    CompletableFuture<Reply> poll = poll();

    later(WAIT_SECONDS * 1_000L - 1);
    assertThat(poll).isNotDone();

    later(1);
    assertThat(messages(poll)).isZero();
    later(1_000);
    assertThat(counters.waitingPolls.get()).isZero();
  }

  @Test
  void aCancelledPollTakesNothingAndTheNextOneIsServed() {
    CompletableFuture<Reply> cancelled = poll();
    CompletableFuture<Reply> next = poll();
    assertThat(cancelled.cancel(false)).isTrue();

    send();

    assertThat(messages(next)).isEqualTo(1);
  }

  @Test
  void aPollThatHasItsMessageCannotBeWithdrawnAnyMore() {
    CompletableFuture<Reply> poll = poll();
    answersAreHeld = true;
    CompletableFuture<Reply> sent =
        ask(new Request.SendMessage(Caller.LOCAL, QUEUE, OutgoingMessage.of("m")));

    assertThat(sent).isNotDone();
    assertThat(poll).isNotDone();
    assertThat(poll.cancel(false)).as("withdrawn although it took a message").isFalse();

    answers.forEach(Runnable::run);
    assertThat(messages(poll)).isEqualTo(1);
  }

  @Test
  void cancelledPollsGiveTheirShareOfThePendingBytesBack() {
    int polls = PENDING_BYTES_MAX / 128; // twice what fits
    for (int i = 0; i < polls; i++) {
      CompletableFuture<Reply> poll = poll();
      assertThat(poll.cancel(false)).as("poll %d waits", i).isTrue();
      later(WAIT_SECONDS * 1_000L / 100);
    }

    send();
    assertThat(messages(poll())).isEqualTo(1);
  }

  private CompletableFuture<Reply> poll() {
    return ask(
        new Request.ReceiveMessage(Caller.LOCAL, QUEUE, 1, WAIT_SECONDS, Request.QUEUE_DEFAULT));
  }

  private void send() {
    assertThat(ask(new Request.SendMessage(Caller.LOCAL, QUEUE, OutgoingMessage.of("m"))))
        .isCompleted();
  }

  private CompletableFuture<Reply> ask(Request request) {
    CompletableFuture<Reply> reply = shard.submit(request);
    later(0);
    return reply;
  }

  private void answer(Runnable answer) {
    if (answersAreHeld) {
      answers.add(answer);
    } else {
      answer.run();
    }
  }

  private void later(long ms) {
    nowMs += ms;
    shard.turn(nowMs);
  }

  private static int messages(CompletableFuture<Reply> poll) {
    assertThat(poll).isCompleted();
    return ((Reply.MessagesReceived) poll.join()).messages().size();
  }
}
