package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.shard.Durability;
import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.QueueAttribute;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The embedded engine at its public door, on a real journal. */
@Timeout(60)
class EngineTest {

  private static final QueueName ORDERS = new QueueName("orders");
  private static final QueueName DEAD = new QueueName("dead");
  private static final long START_MS = 1_800_000_000_000L;

  @TempDir Path data;

  private final AtomicLong clock = new AtomicLong(START_MS);
  private final List<Engine> open = new ArrayList<>();

  @AfterEach
  void closeEngines() throws IOException {
    for (Engine engine : open) {
      engine.close();
    }
  }

  private EngineConfig config() {
    return EngineConfig.at(data).withTime(clock::get);
  }

  private Engine open(EngineConfig config) throws IOException {
    Engine engine = Engine.open(config);
    open.add(engine);
    return engine;
  }

  private Engine open() throws IOException {
    return open(config());
  }

  private void close(Engine engine) throws IOException {
    open.remove(engine);
    engine.close();
  }

  private static Reply ask(Engine engine, Request request) {
    return engine.submit(request).orTimeout(20, TimeUnit.SECONDS).join();
  }

  private static void create(
      Engine engine, QueueName queue, Map<QueueAttribute, String> attributes) {
    assertThat(ask(engine, new Request.CreateQueue(Caller.LOCAL, queue, attributes)))
        .isEqualTo(new Reply.QueueNamed(queue));
  }

  private static void send(Engine engine, QueueName queue, String body) {
    assertThat(ask(engine, new Request.SendMessage(Caller.LOCAL, queue, OutgoingMessage.of(body))))
        .isInstanceOf(Reply.MessageSent.class);
  }

  private static List<ReceivedMessage> receive(Engine engine, QueueName queue, int visibility) {
    return ((Reply.MessagesReceived)
            ask(engine, new Request.ReceiveMessage(Caller.LOCAL, queue, 10, 0, visibility)))
        .messages();
  }

  private static Reply delete(Engine engine, QueueName queue, String receiptHandle) {
    return ask(engine, new Request.DeleteMessage(Caller.LOCAL, queue, receiptHandle));
  }

  private static List<String> bodies(List<ReceivedMessage> messages) {
    return messages.stream().map(m -> new String(m.body(), StandardCharsets.UTF_8)).toList();
  }

  @ParameterizedTest
  @EnumSource(Durability.class)
  void aMessageIsSentReceivedAndDeleted(Durability durability) throws IOException {
    Engine engine = open(config().withDurability(durability));
    create(engine, ORDERS, Map.of());
    send(engine, ORDERS, "hello");
    List<ReceivedMessage> messages = receive(engine, ORDERS, 30);
    assertThat(bodies(messages)).containsExactly("hello");
    assertThat(messages.get(0).receiveCount()).isEqualTo(1);
    assertThat(messages.get(0).sentAtMs()).isEqualTo(START_MS);
    assertThat(delete(engine, ORDERS, messages.get(0).receiptHandle())).isEqualTo(new Reply.Done());
    clock.addAndGet(60_000);
    assertThat(receive(engine, ORDERS, 30)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Durability.class)
  void everythingIsStillThereAfterACleanRestart(Durability durability) throws IOException {
    Engine first = open(config().withDurability(durability));
    create(first, ORDERS, Map.of(QueueAttribute.VISIBILITY_TIMEOUT, "7"));
    for (int i = 0; i < 25; i++) {
      send(first, ORDERS, "m" + i);
    }
    List<ReceivedMessage> taken = receive(first, ORDERS, 600);
    delete(first, ORDERS, taken.get(0).receiptHandle());
    close(first);

    Engine second = open(config().withDurability(durability));
    Reply.QueueState state =
        (Reply.QueueState) ask(second, new Request.GetQueueAttributes(Caller.LOCAL, ORDERS));
    assertThat(state.attributes().visibilitySeconds()).isEqualTo(7);
    assertThat(state.visible()).isEqualTo(15);
    assertThat(state.inFlight()).isEqualTo(9);
    assertThat(delete(second, ORDERS, taken.get(1).receiptHandle())).isEqualTo(new Reply.Done());
    Set<String> rest = new HashSet<>();
    clock.addAndGet(600_000);
    for (List<ReceivedMessage> batch = receive(second, ORDERS, 600);
        !batch.isEmpty();
        batch = receive(second, ORDERS, 600)) {
      batch.forEach(
          m -> assertThat(rest.add(new String(m.body(), StandardCharsets.UTF_8))).isTrue());
    }
    assertThat(rest).hasSize(23).doesNotContain("m0", "m1");
  }

  @Test
  void aForgedReceiptCannotDelete() throws IOException {
    Engine engine = open();
    create(engine, ORDERS, Map.of());
    send(engine, ORDERS, "hello");
    String handle = receive(engine, ORDERS, 30).get(0).receiptHandle();
    for (int i = 0; i < handle.length(); i++) {
      char other = handle.charAt(i) == 'A' ? 'B' : 'A';
      String forged = handle.substring(0, i) + other + handle.substring(i + 1);
      Reply reply = delete(engine, ORDERS, forged);
      assertThat(reply)
          .isInstanceOfSatisfying(
              Reply.Failed.class,
              failed ->
                  assertThat(failed.error().code()).isEqualTo(ErrorCode.RECEIPT_HANDLE_IS_INVALID));
    }
    clock.addAndGet(30_000);
    assertThat(receive(engine, ORDERS, 30)).hasSize(1);
  }

  @Test
  void aLongPollWakesOnASend() throws IOException {
    Engine engine = open();
    create(engine, ORDERS, Map.of());
    CompletableFuture<Reply> poll =
        engine.submit(new Request.ReceiveMessage(Caller.LOCAL, ORDERS, 10, 20, 30));
    send(engine, ORDERS, "wake up");
    Reply.MessagesReceived reply =
        (Reply.MessagesReceived) poll.orTimeout(10, TimeUnit.SECONDS).join();
    assertThat(bodies(reply.messages())).containsExactly("wake up");
  }

  @Test
  void aLongPollWakesWhenALeaseOrADelayEnds() throws IOException {
    Engine engine = open();
    create(engine, ORDERS, Map.of());
    send(engine, ORDERS, "again");
    receive(engine, ORDERS, 5);
    CompletableFuture<Reply> poll =
        engine.submit(new Request.ReceiveMessage(Caller.LOCAL, ORDERS, 10, 20, 30));
    clock.addAndGet(5_000);
    assertThat(((Reply.MessagesReceived) poll.orTimeout(10, TimeUnit.SECONDS).join()).messages())
        .hasSize(1);
  }

  @Test
  void aLongPollWakesOnAVisibilityChange() throws IOException {
    Engine engine = open();
    create(engine, ORDERS, Map.of());
    send(engine, ORDERS, "again");
    String handle = receive(engine, ORDERS, 600).get(0).receiptHandle();
    CompletableFuture<Reply> poll =
        engine.submit(new Request.ReceiveMessage(Caller.LOCAL, ORDERS, 10, 20, 30));
    ask(engine, new Request.ChangeMessageVisibility(Caller.LOCAL, ORDERS, handle, 0));
    assertThat(((Reply.MessagesReceived) poll.orTimeout(10, TimeUnit.SECONDS).join()).messages())
        .hasSize(1);
  }

  @Test
  void aLongPollComesBackEmptyWhenItsTimeIsUp() throws IOException {
    Engine engine = open();
    create(engine, ORDERS, Map.of());
    CompletableFuture<Reply> poll =
        engine.submit(new Request.ReceiveMessage(Caller.LOCAL, ORDERS, 10, 3, 30));
    ask(engine, new Request.GetQueueUrl(Caller.LOCAL, ORDERS));
    assertThat(poll).isNotDone();
    clock.addAndGet(3_000);
    assertThat(poll.orTimeout(10, TimeUnit.SECONDS).join())
        .isEqualTo(Reply.MessagesReceived.NONE_CAME);
  }

  @Test
  void aCancelledPollTakesNothing() throws IOException {
    Engine engine = open();
    create(engine, ORDERS, Map.of());
    CompletableFuture<Reply> poll =
        engine.submit(new Request.ReceiveMessage(Caller.LOCAL, ORDERS, 10, 20, 30));
    ask(engine, new Request.GetQueueUrl(Caller.LOCAL, ORDERS));
    poll.cancel(false);
    send(engine, ORDERS, "for the next one");
    assertThat(receive(engine, ORDERS, 30)).hasSize(1);
  }

  @Test
  void aMessageReceivedTooOftenMovesToTheDeadLetterQueue() throws IOException {
    Engine engine = open();
    create(engine, DEAD, Map.of());
    create(
        engine,
        ORDERS,
        Map.of(
            QueueAttribute.REDRIVE_POLICY,
            "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:dead\",\"maxReceiveCount\":\"2\"}"));
    send(engine, ORDERS, "poison");
    String first = receive(engine, ORDERS, 0).get(0).id().toString();
    assertThat(receive(engine, ORDERS, 0)).hasSize(1);
    assertThat(receive(engine, ORDERS, 0)).isEmpty();
    List<ReceivedMessage> dead = receive(engine, DEAD, 0);
    assertThat(bodies(dead)).containsExactly("poison");
    assertThat(dead.get(0).id()).hasToString(first);
    assertThat(dead.get(0).receiveCount()).isEqualTo(3);
    assertThat(dead.get(0).deadLetterSourceArn())
        .isEqualTo("arn:aws:sqs:us-east-1:000000000000:orders");
    close(engine);
    Engine again = open();
    assertThat(receive(again, ORDERS, 0)).isEmpty();
    assertThat(bodies(receive(again, DEAD, 0))).containsExactly("poison");
  }

  @Test
  void aSecondEngineOnTheSameDataIsRefused() throws IOException {
    open();
    assertThatThrownBy(() -> Engine.open(config()))
        .isInstanceOf(DataDirectoryBusyException.class)
        .hasMessageContaining("in use by another Millrace");
  }

  @Test
  void aDeletedQueueIsGoneAndItsNameRestsForAMinute() throws IOException {
    Engine engine = open();
    create(engine, ORDERS, Map.of());
    send(engine, ORDERS, "lost with its queue");
    assertThat(ask(engine, new Request.DeleteQueue(Caller.LOCAL, ORDERS)))
        .isEqualTo(new Reply.Done());
    Request create = new Request.CreateQueue(Caller.LOCAL, ORDERS, Map.of());
    assertThat(((Reply.Failed) ask(engine, create)).error().code())
        .isEqualTo(ErrorCode.QUEUE_DELETED_RECENTLY);
    clock.addAndGet(60_000);
    assertThat(ask(engine, create)).isInstanceOf(Reply.QueueNamed.class);
    assertThat(receive(engine, ORDERS, 30)).isEmpty();
  }
}
