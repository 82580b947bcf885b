package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.journal.FileStorage;
import io.millrace.engine.journal.SmallDisk;
import io.millrace.engine.journal.StorageFile;
import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.QueueArn;
import io.millrace.engine.sqs.QueueAttribute;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.RedrivePolicy;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The embedded engine on a disk that is full in earnest. */
@Timeout(120)
class FullDiskTest {

  private static final QueueName WORK = new QueueName("work");
  private static final QueueName DEAD = new QueueName("dead");
  private static final String BODY = "x".repeat(10_000);

  @TempDir Path directory;

  private final AtomicLong clock = new AtomicLong(1_800_000_000_000L);

  @Test
  void onATmpfsSendersAreRefusedAndEverythingElseGoesOn() throws Exception {
    try (SmallDisk disk = SmallDisk.tmpfs(directory, 24)) {
      fillsAndGoesOn(disk.path());
    }
  }

  @Test
  void onAnExt4ImageSendersAreRefusedAndEverythingElseGoesOn() throws Exception {
    try (SmallDisk disk = SmallDisk.ext4(directory, 32)) {
      fillsAndGoesOn(disk.path());
    }
  }

  private EngineConfig config(Path disk) {
    return EngineConfig.at(disk.resolve("data")).withTime(clock::get).withJournal(2 << 20, 1 << 20);
  }

  private static Reply ask(Engine engine, Request request) {
    return engine.submit(request).orTimeout(20, TimeUnit.SECONDS).join();
  }

  private static List<ReceivedMessage> receive(Engine engine, QueueName queue, int visibility) {
    Reply reply = ask(engine, new Request.ReceiveMessage(Caller.LOCAL, queue, 10, 0, visibility));
    assertThat(reply).isInstanceOf(Reply.MessagesReceived.class);
    return ((Reply.MessagesReceived) reply).messages();
  }

  private static Reply.QueueState state(Engine engine, QueueName queue) {
    return (Reply.QueueState) ask(engine, new Request.GetQueueAttributes(Caller.LOCAL, queue));
  }

  private static Reply send(Engine engine) {
    return ask(engine, new Request.SendMessage(Caller.LOCAL, WORK, OutgoingMessage.of(BODY)));
  }

  private static int fill(Engine engine) {
    for (int sent = 0; ; sent++) {
      Reply reply = send(engine);
      if (!(reply instanceof Reply.MessageSent)) {
        assertThat(reply).isInstanceOf(Reply.Failed.class);
        assertThat(((Reply.Failed) reply).error().code()).isEqualTo(ErrorCode.SERVICE_UNAVAILABLE);
        return sent;
      }
    }
  }

  private static void delete(Engine engine, ReceivedMessage message) {
    assertThat(ask(engine, new Request.DeleteMessage(Caller.LOCAL, WORK, message.receiptHandle())))
        .isEqualTo(Reply.Done.DONE);
  }

  private void fillsAndGoesOn(Path disk) throws Exception {
    Path ballast = disk.resolve("ballast");
    try (StorageFile file = new FileStorage().create(ballast)) {
      file.reserve(0, 4 << 20);
    }
    int waiting;
    try (Engine engine = Engine.open(config(disk))) {
      ask(engine, new Request.CreateQueue(Caller.LOCAL, DEAD, Map.of()));
      RedrivePolicy redrive =
          new RedrivePolicy(
              new QueueArn(EngineConfig.DEFAULT_REGION, Caller.DEFAULT_ACCOUNT, DEAD).toString(),
              1);
      ask(
          engine,
          new Request.CreateQueue(
              Caller.LOCAL, WORK, Map.of(QueueAttribute.REDRIVE_POLICY, redrive.toJson())));
      waiting = fill(engine);
      assertThat(waiting).isGreaterThan(500);
      List<ReceivedMessage> taken = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        taken.addAll(receive(engine, WORK, 600));
      }
      assertThat(taken).hasSize(50);
      for (ReceivedMessage message : taken.subList(0, 40)) {
        delete(engine, message);
      }
      waiting -= 40;
      for (ReceivedMessage message : taken.subList(40, 45)) {
        assertThat(
                ask(
                    engine,
                    new Request.ChangeMessageVisibility(
                        Caller.LOCAL, WORK, message.receiptHandle(), 0)))
            .isEqualTo(Reply.Done.DONE);
      }
      // Five came back and were received once: the next receive finds them due for the dead.
      clock.addAndGet(1_000);
      while (state(engine, DEAD).visible() < 5) {
        receive(engine, WORK, 1);
      }
      assertThat(engine.failure()).isEmpty();
      assertThat(ask(engine, new Request.PurgeQueue(Caller.LOCAL, DEAD)))
          .isEqualTo(Reply.Done.DONE);
      waiting -= 5;
    }
    try (Engine engine = Engine.open(config(disk))) {
      Reply.QueueState state = state(engine, WORK);
      assertThat(state.visible() + state.inFlight()).isEqualTo(waiting);
      clock.addAndGet(601_000);
      List<ReceivedMessage> some = receive(engine, WORK, 600);
      some.forEach(message -> delete(engine, message));
      Files.delete(ballast);
      assertThat(send(engine)).isInstanceOf(Reply.MessageSent.class);
      assertThat(engine.failure()).isEmpty();
    }
  }
}
