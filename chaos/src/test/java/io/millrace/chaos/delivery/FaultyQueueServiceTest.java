package io.millrace.chaos.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.policy.Answer;
import io.millrace.chaos.policy.ChaosPolicy;
import io.millrace.chaos.policy.FaultLog;
import io.millrace.chaos.policy.FaultRule;
import io.millrace.chaos.policy.FaultSwitch;
import io.millrace.chaos.policy.Mishap;
import io.millrace.chaos.policy.QueueFaults;
import io.millrace.chaos.policy.Span;
import io.millrace.chaos.policy.SqsAction;
import io.millrace.engine.Engine;
import io.millrace.engine.EngineConfig;
import io.millrace.engine.shard.Durability;
import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.QueueService;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Every fault over a real engine, each proved by what a client sees and by the log. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultyQueueServiceTest {

  private static final Caller ME = Caller.LOCAL;
  private static final long SEED = 20_260_101;

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final FaultSwitch faults = new FaultSwitch(ChaosPolicy.NONE);
  private FaultLog log = new FaultLog();
  private QueueName queue = new QueueName("unset");

  @SuppressWarnings("NullAway.Init")
  private Engine engine;

  private QueueService service = request -> CompletableFuture.failedFuture(new AssertionError());

  @BeforeAll
  void open(@TempDir Path data) throws IOException {
    engine = Engine.open(EngineConfig.at(data).withDurability(Durability.PROCESS_CRASH));
  }

  @AfterAll
  void close() throws IOException {
    engine.close();
    timer.shutdownNow();
  }

  @BeforeEach
  void newQueue(TestInfo test) {
    String name = test.getTestMethod().orElseThrow().getName();
    queue = new QueueName(name.substring(0, Math.min(80, name.length())));
    log = new FaultLog();
    faults.set(ChaosPolicy.NONE);
    service = new FaultyQueueService(engine, faults, log, timer);
    assertThat(ask(new Request.CreateQueue(ME, queue, Map.of())))
        .isInstanceOf(Reply.QueueNamed.class);
  }

  @Test
  void withoutFaultsNothingChanges() {
    send("a");
    ReceivedMessage message = receive(10, 0, 30).get(0);
    assertThat(delete(message)).isEqualTo(Reply.Done.DONE);
    assertThat(receive(10, 0, 30)).isEmpty();
    assertThat(log.counts()).isEmpty();
  }

  @Test
  void messageComesTwiceInOneAnswer() {
    send("a");
    inject(FaultRule.of(Mishap.DUPLICATE_NOW, 1));

    List<ReceivedMessage> answer = receive(10, 0, 30);

    assertThat(answer).hasSize(2);
    assertThat(answer.get(0).id()).isEqualTo(answer.get(1).id());
    assertThat(answer).extracting(ReceivedMessage::receiveCount).containsExactly(1, 2);
    assertThat(answer.get(0).receiptHandle()).isNotEqualTo(answer.get(1).receiptHandle());
    assertFired(Mishap.DUPLICATE_NOW, 1);

    inject();
    assertThat(delete(answer.get(0))).isEqualTo(Reply.Done.DONE);
    assertThat(inFlight()).as("an older receipt changes nothing").isEqualTo(1);
    assertThat(delete(answer.get(1))).isEqualTo(Reply.Done.DONE);
    assertThat(inFlight()).isZero();
  }

  @Test
  void duplicateOfAFullAnswerComesWithTheNext() {
    send("a");
    inject(FaultRule.of(Mishap.DUPLICATE_NOW, 1));

    ReceivedMessage first = receive(1, 0, 30).get(0);
    assertFired(Mishap.DUPLICATE_NOW, 0);
    ReceivedMessage second = receive(1, 5, 30).get(0);

    assertThat(second.id()).isEqualTo(first.id());
    assertFired(Mishap.DUPLICATE_NOW, 1);
  }

  @Test
  void duplicateThatIsDeletedFirstDidNotFire() {
    send("a");
    inject(FaultRule.of(Mishap.DUPLICATE_NOW, 1));

    assertThat(delete(receive(1, 0, 30).get(0))).isEqualTo(Reply.Done.DONE);

    assertThat(receive(10, 0, 30)).isEmpty();
    assertThat(count(Mishap.DUPLICATE_NOW)).isEqualTo(new FaultLog.Count(1, 0, 1));
  }

  @Test
  void twoReceiversHoldTheSameMessage() {
    send("a");
    inject(FaultRule.of(Mishap.CONCURRENT_DELIVERY, 1).lasting(Span.exactly(10_000)));

    CompletableFuture<Reply> one = submit(poll(10, 20, 30));
    CompletableFuture<Reply> two = submit(poll(10, 20, 30));

    List<ReceivedMessage> both = new ArrayList<>(messages(one));
    both.addAll(messages(two));
    assertThat(both).extracting(ReceivedMessage::receiveCount).containsExactlyInAnyOrder(1, 2);
    assertThat(both.get(0).id()).isEqualTo(both.get(1).id());
    assertFired(Mishap.CONCURRENT_DELIVERY, 1);
  }

  @Test
  void leaseEndsBeforeItsTime() {
    send("a");
    inject(FaultRule.of(Mishap.EARLY_EXPIRY, 1).lasting(Span.exactly(29_900)).within(0, 1));

    assertThat(receive(10, 0, 30)).hasSize(1);

    assertThat(receive(10, 20, 30))
        .singleElement()
        .satisfies(again -> assertThat(again.receiveCount()).isEqualTo(2));
    assertFired(Mishap.EARLY_EXPIRY, 1);
  }

  @Test
  void leaseThatItsReceiverChangedIsLeftAlone() {
    send("a");
    inject(FaultRule.of(Mishap.EARLY_EXPIRY, 1).lasting(Span.exactly(29_500)));
    ReceivedMessage message = receive(10, 0, 30).get(0);

    assertThat(ask(new Request.ChangeMessageVisibility(ME, queue, message.receiptHandle(), 60)))
        .isEqualTo(Reply.Done.DONE);

    assertThat(count(Mishap.EARLY_EXPIRY)).isEqualTo(new FaultLog.Count(1, 0, 1));
    inject();
    assertThat(receive(10, 1, 30)).isEmpty();
  }

  @Test
  void messageThatIsHeldBackIsOvertakenAndComes() {
    send("first");
    send("second");
    inject(FaultRule.of(Mishap.HOLD_BACK, 1).lasting(Span.exactly(1)).within(0, 1));

    List<ReceivedMessage> answer = receive(10, 20, 30);
    List<ReceivedMessage> later = receive(10, 20, 30);

    assertThat(bodies(answer)).containsExactly("second");
    assertThat(bodies(later)).containsExactly("first");
    assertFired(Mishap.HOLD_BACK, 1);
    assertThat(delete(answer.get(0))).isEqualTo(Reply.Done.DONE);
    assertThat(delete(later.get(0))).isEqualTo(Reply.Done.DONE);
    assertThat(inFlight()).isZero();
  }

  @Test
  void longPollWhoseOnlyMessageIsHeldBackWaitsForIt() {
    send("only");
    inject(FaultRule.of(Mishap.HOLD_BACK, 1).lasting(Span.exactly(5)));

    assertThat(bodies(receive(10, 20, 30))).containsExactly("only");

    assertThat(count(Mishap.HOLD_BACK))
        .as("nobody overtook it")
        .isEqualTo(new FaultLog.Count(1, 0, 1));
  }

  @Test
  void shortPollFindsNothingAndALongPollDoes() {
    send("a");
    inject(FaultRule.of(Mishap.EMPTY_RECEIVE, 1));

    assertThat(receive(10, 0, 30)).isEmpty();
    assertFired(Mishap.EMPTY_RECEIVE, 1);
    assertThat(receive(10, 1, 30)).hasSize(1);
  }

  @Test
  void staleReceiptAnswersSuccessAndDeletesNothing() {
    send("a");
    inject(FaultRule.of(Mishap.STALE_HANDLE, 1));
    ReceivedMessage message = receive(10, 0, 30).get(0);
    assertFired(Mishap.STALE_HANDLE, 1);

    assertThat(delete(message)).isEqualTo(Reply.Done.DONE);

    assertThat(inFlight()).isEqualTo(1);
  }

  @Test
  void deletedMessageComesAgainUntilItsLatestReceiptDeletesIt() {
    send("a");
    inject(FaultRule.of(Mishap.DUPLICATE_AFTER_DELETE, 1).lasting(Span.exactly(5)));
    ReceivedMessage message = receive(10, 0, 30).get(0);
    assertThat(delete(message)).isEqualTo(Reply.Done.DONE);

    ReceivedMessage again = receive(10, 20, 0).get(0);
    assertThat(again.id()).isEqualTo(message.id());
    assertThat(again.body()).isEqualTo(message.body());
    assertThat(again.receiveCount()).isEqualTo(2);
    assertThat(again.receiptHandle()).isNotEqualTo(message.receiptHandle()).hasSize(55);
    assertFired(Mishap.DUPLICATE_AFTER_DELETE, 1);

    ReceivedMessage third = receive(10, 20, 30).get(0);
    assertThat(third.receiveCount()).isEqualTo(3);
    assertThat(delete(again)).as("an older receipt").isEqualTo(Reply.Done.DONE);
    assertThat(hide(third, 0)).isEqualTo(Reply.Done.DONE);
    ReceivedMessage fourth = receive(10, 0, 30).get(0);
    assertThat(fourth.receiveCount()).isEqualTo(4);
    assertThat(deleteBatch(List.of(fourth)))
        .isEqualTo(new Reply.BatchDone(List.of(new Reply.Entry.Succeeded("0"))));
    assertThat(receive(10, 1, 30)).isEmpty();
    assertThat(delete(fourth)).as("once more").isEqualTo(Reply.Done.DONE);
  }

  @Test
  void aPollThatCannotBeWithdrawnForACopyWaitsOnIfItsAnswerIsEmpty() {
    service = new FaultyQueueService(this::submitToLateCanceller, faults, log, timer);
    send("a");
    inject(FaultRule.of(Mishap.DUPLICATE_AFTER_DELETE, 1).lasting(Span.exactly(200)));
    ReceivedMessage message = receive(10, 0, 30).get(0);
    assertThat(delete(message)).isEqualTo(Reply.Done.DONE);

    List<ReceivedMessage> again = receive(10, 20, 30);

    assertThat(again).extracting(ReceivedMessage::id).containsExactly(message.id());
  }

  /** The engine, as it is when each cancel meets a poll that is being served and finds nothing. */
  private CompletableFuture<Reply> submitToLateCanceller(Request request) {
    CompletableFuture<Reply> asked = engine.submit(request);
    CompletableFuture<Reply> served =
        new CompletableFuture<>() {
          @Override
          public boolean cancel(boolean mayInterrupt) {
            asked.cancel(mayInterrupt);
            timer.execute(() -> complete(Reply.MessagesReceived.NONE)); // the answer on its way
            return false;
          }
        };
    var unused = asked.thenAccept(served::complete);
    return served;
  }

  @Test
  void purgedQueueStaysEmpty() {
    send("a");
    inject(FaultRule.of(Mishap.DUPLICATE_AFTER_DELETE, 1).lasting(Span.exactly(0)));
    assertThat(delete(receive(10, 0, 30).get(0))).isEqualTo(Reply.Done.DONE);
    assertThat(ask(new Request.PurgeQueue(ME, queue))).isEqualTo(Reply.Done.DONE);

    assertThat(receive(10, 0, 30)).isEmpty();
    assertThat(count(Mishap.DUPLICATE_AFTER_DELETE)).isEqualTo(new FaultLog.Count(1, 0, 1));
  }

  @Test
  void lostResponsesAreThoseOfThingsDone() {
    inject(FaultRule.of(Mishap.LOST_RESPONSE, 1).answering(Answer.UNAVAILABLE));

    assertFailed(ask(new Request.SendMessage(ME, queue, OutgoingMessage.of("a"))), 503);
    inject();
    ReceivedMessage message = receive(10, 0, 30).get(0);
    inject(FaultRule.of(Mishap.LOST_RESPONSE, 1));
    assertFailed(delete(message), 500);
    assertFailed(ask(new Request.SendMessage(ME, queue, OutgoingMessage.of("b"))), 500);
    assertFailed(ask(poll(10, 0, 30)), 500);

    assertFired(Mishap.LOST_RESPONSE, 4);
    assertThat(inFlight()).as("b went to nobody, a is gone").isEqualTo(1);
    assertThat(messages(submit(poll(10, 0, 30))))
        .as("an empty answer has nothing to lose")
        .isEmpty();
  }

  @Test
  void throttledRequestsAreNotDone() {
    inject(FaultRule.of(Mishap.THROTTLE, 1).on(Set.of(SqsAction.SEND_MESSAGE)));

    Reply refused = ask(new Request.SendMessage(ME, queue, OutgoingMessage.of("a")));

    assertThat(refused)
        .isInstanceOfSatisfying(
            Reply.Failed.class,
            failed -> assertThat(failed.error().code()).isEqualTo(ErrorCode.REQUEST_THROTTLED));
    assertThat(receive(10, 0, 30)).isEmpty();
    assertFired(Mishap.THROTTLE, 1);
  }

  @Test
  void entriesThatFailAreNotDoneAndTheOthersAre() {
    inject(FaultRule.of(Mishap.PARTIAL_BATCH, 1));
    List<Request.SendEntry> entries =
        IntStream.range(0, 10)
            .mapToObj(i -> new Request.SendEntry("e" + i, OutgoingMessage.of("m" + i)))
            .toList();

    Reply.BatchDone done = (Reply.BatchDone) ask(new Request.SendMessageBatch(ME, queue, entries));

    assertThat(done.entries())
        .extracting(Reply.Entry::id)
        .containsExactlyElementsOf(entries.stream().map(Request.SendEntry::id).toList());
    List<String> sent =
        done.entries().stream()
            .filter(Reply.Entry.Sent.class::isInstance)
            .map(entry -> entry.id().replace('e', 'm'))
            .toList();
    assertThat(sent).hasSizeBetween(0, 9);
    assertThat(receive(10, 0, 30))
        .extracting(message -> new String(message.body(), java.nio.charset.StandardCharsets.UTF_8))
        .containsExactlyElementsOf(sent);
    assertFired(Mishap.PARTIAL_BATCH, 1);
  }

  @Test
  void duplicatedSendLeavesTwoMessages() {
    inject(FaultRule.of(Mishap.DUPLICATE_REQUEST, 1).within(0, 1));
    send("a");
    assertThat(receive(10, 0, 30)).hasSize(2);
    assertFired(Mishap.DUPLICATE_REQUEST, 1);
  }

  @Test
  void cancelledPollTakesNothing() {
    inject(FaultRule.of(Mishap.DUPLICATE_NOW, 1));
    CompletableFuture<Reply> waiting = submit(poll(10, 20, 30));
    assertThat(waiting.cancel(false)).isTrue();
    inject();

    send("a");

    assertThat(receive(10, 1, 30)).hasSize(1);
  }

  @Test
  void missingQueueIsStillMissing() {
    inject(FaultRule.of(Mishap.DUPLICATE_NOW, 1));
    Reply reply = ask(new Request.ReceiveMessage(ME, new QueueName("nowhere"), 1, 20, 30));
    assertFailed(reply, 400);
  }

  // ----------------------------------------------------------------------------------------
  // helpers

  private void inject(FaultRule... rules) {
    faults.set(ChaosPolicy.everywhere(SEED, QueueFaults.of(rules)));
  }

  private Request.ReceiveMessage poll(int max, int wait, int visibility) {
    return new Request.ReceiveMessage(ME, queue, max, wait, visibility);
  }

  private CompletableFuture<Reply> submit(Request request) {
    return service.submit(request).orTimeout(30, TimeUnit.SECONDS);
  }

  private Reply ask(Request request) {
    return service.submit(request).orTimeout(30, TimeUnit.SECONDS).join();
  }

  private void send(String body) {
    assertThat(ask(new Request.SendMessage(ME, queue, OutgoingMessage.of(body))))
        .isInstanceOf(Reply.MessageSent.class);
  }

  private List<ReceivedMessage> receive(int max, int wait, int visibility) {
    return messages(submit(poll(max, wait, visibility)));
  }

  private static List<ReceivedMessage> messages(CompletableFuture<Reply> reply) {
    return ((Reply.MessagesReceived) reply.join()).messages();
  }

  private static List<String> bodies(List<ReceivedMessage> messages) {
    return messages.stream()
        .map(message -> new String(message.body(), java.nio.charset.StandardCharsets.UTF_8))
        .toList();
  }

  private Reply delete(ReceivedMessage message) {
    return ask(new Request.DeleteMessage(ME, queue, message.receiptHandle()));
  }

  private Reply deleteBatch(List<ReceivedMessage> messages) {
    return ask(
        new Request.DeleteMessageBatch(
            ME,
            queue,
            IntStream.range(0, messages.size())
                .mapToObj(
                    i ->
                        new Request.DeleteEntry(
                            Integer.toString(i), messages.get(i).receiptHandle()))
                .toList()));
  }

  private Reply hide(ReceivedMessage message, int seconds) {
    return ask(new Request.ChangeMessageVisibility(ME, queue, message.receiptHandle(), seconds));
  }

  private long inFlight() {
    return ((Reply.QueueState) engine.submit(new Request.GetQueueAttributes(ME, queue)).join())
        .inFlight();
  }

  private FaultLog.Count count(Mishap kind) {
    return log.counts()
        .getOrDefault(new FaultLog.Key(kind, queue.value()), new FaultLog.Count(0, 0, 0));
  }

  private void assertFired(Mishap kind, long times) {
    assertThat(count(kind).fired()).as("%s, seed %d", kind, SEED).isEqualTo(times);
  }

  private static void assertFailed(Reply reply, int status) {
    assertThat(reply)
        .isInstanceOfSatisfying(
            Reply.Failed.class,
            failed -> assertThat(failed.error().code().httpStatus()).isEqualTo(status));
  }
}
