package io.millrace.engine.wire;

import static io.millrace.engine.wire.TestEndpoints.COUNTS;
import static io.millrace.engine.wire.TestEndpoints.SIZES;
import static io.millrace.engine.wire.TestEndpoints.TIMES;
import static io.millrace.engine.wire.TestEndpoints.receive;
import static io.millrace.engine.wire.TestEndpoints.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class ConnectionTest {

  private static final String LIST = RawClient.get("/?Action=ListQueues");

  /** A service that answers when told to. */
  private static final class Held {
    private final List<CompletableFuture<Reply>> replies =
        Collections.synchronizedList(new ArrayList<>());

    private ScriptedQueueService service() {
      return TestEndpoints.service()
          .answering(
              request -> {
                CompletableFuture<Reply> reply = new CompletableFuture<>();
                replies.add(reply);
                return reply;
              });
    }

    private void await(int count) {
      TestEndpoints.until(() -> replies.size() >= count);
    }

    private void answer(int i) {
      replies.get(i).complete(new Reply.MessageSent(new UUID(0, i)));
    }
  }

  private static String idOf(RawClient.Answer answer) {
    return answer.body().replaceFirst(".*\"MessageId\":\"([^\"]*)\".*", "$1");
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrderWhateverTheOrderOfTheReplies() throws Exception {
    Held held = new Held();
    try (SqsEndpoint endpoint = TestEndpoints.open(held.service());
        RawClient client = new RawClient(endpoint)) {
      client.send(send("a") + send("b") + send("c") + send("d"));
      held.await(4);
      for (int i : new int[] {3, 1, 2, 0}) {
        held.answer(i);
      }
      for (int i = 0; i < 4; i++) {
        assertThat(idOf(client.read())).isEqualTo(new UUID(0, i).toString());
      }
    }
  }

  @Test
  void aRefusalWaitsForTheAnswersBeforeIt() throws Exception {
    Held held = new Held();
    try (SqsEndpoint endpoint = TestEndpoints.open(held.service());
        RawClient client = new RawClient(endpoint)) {
      client.send(send("a") + RawClient.json("FooBar", "{}") + "no HTTP\r\n\r\n" + send("lost"));
      held.await(1);
      held.answer(0);
      assertThat(client.read().status()).isEqualTo(200);
      assertThat(client.read().body()).contains("The action FooBar is not valid");
      assertThat(client.read().status()).isEqualTo(400);
      client.finishOutput();
      assertThat(client.isHungUp()).isTrue();
      assertThat(held.replies).hasSize(1);
    }
  }

  @Test
  void noMoreRequestsAreInFlightThanTheBound() throws Exception {
    Held held = new Held();
    try (SqsEndpoint endpoint =
            TestEndpoints.open(
                held.service(),
                RequestObserver.NONE,
                SIZES,
                TIMES,
                new WireConfig.Counts(9, 3, COUNTS.receivesMax()));
        RawClient client = new RawClient(endpoint)) {
      StringBuilder seven = new StringBuilder();
      for (int i = 0; i < 7; i++) {
        seven.append(send("m" + i));
      }
      client.send(seven.toString());
      held.await(3);
      // Another connection's answer shows that the loop had its chance to take more.
      try (RawClient other = new RawClient(endpoint)) {
        other.call(RawClient.get("/"));
      }
      assertThat(held.replies).hasSize(3);
      for (int i = 0; i < 7; i++) {
        held.await(Math.min(7, i + 3));
        assertThat(held.replies.size()).isEqualTo(Math.min(7, i + 3));
        held.answer(i);
        assertThat(idOf(client.read())).isEqualTo(new UUID(0, i).toString());
      }
    }
  }

  @Test
  void aThousandPipelinedRequestsAreAllAnswered() throws Exception {
    try (SqsEndpoint endpoint = TestEndpoints.open(TestEndpoints.service());
        RawClient client = new RawClient(endpoint)) {
      StringBuilder many = new StringBuilder();
      for (int i = 0; i < 1000; i++) {
        many.append(send("m" + i));
      }
      client.send(many.toString());
      for (int i = 1; i <= 1000; i++) {
        assertThat(idOf(client.read())).isEqualTo(new UUID(0x4000, i).toString());
      }
    }
  }

  @Test
  void aRequestMayComeByteByByte() throws Exception {
    try (SqsEndpoint endpoint = TestEndpoints.open(TestEndpoints.service());
        RawClient client = new RawClient(endpoint)) {
      String request = send("slow \u20ac");
      for (byte b : request.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
        client.send(new byte[] {b});
      }
      assertThat(client.read().status()).isEqualTo(200);
    }
  }

  @Test
  void aLargeMessageGoesThereAndBack() throws Exception {
    try (SqsEndpoint endpoint = TestEndpoints.open(TestEndpoints.service());
        RawClient client = new RawClient(endpoint)) {
      String body = "x\u00e4".repeat(1_048_576 / 3);
      assertThat(client.call(send(body)).status()).isEqualTo(200);
      assertThat(client.call(receive(0)).body()).contains("\"Body\":\"" + body + "\"");
    }
  }

  @Test
  void nothingMoreIsReadFromAClientThatDoesNotTakeItsAnswers() throws Exception {
    int megabytes = 64;
    ScriptedQueueService service = TestEndpoints.service();
    try (SqsEndpoint endpoint = TestEndpoints.open(service);
        RawClient client = new RawClient(endpoint)) {
      String body = "x".repeat(1_000_000);
      for (int i = 0; i < megabytes; i++) {
        client.call(send(body));
      }
      client.send(receive(0).repeat(megabytes));
      // The service answers at once; all that holds receives back is the output nobody takes.
      TestEndpoints.until(() -> service.requests().size() > megabytes);
      try (RawClient other = new RawClient(endpoint)) {
        other.call(LIST);
      }
      // Beside the bound on output the sockets hold some.
      assertThat(service.requests().size()).isLessThan(megabytes + megabytes / 2);
      for (int i = 0; i < megabytes; i++) {
        assertThat(client.read().body()).contains(body);
      }
    }
  }

  @Test
  void aConnectionHasFewReceivesInFlightHoweverManyItAsksFor() throws Exception {
    Held held = new Held();
    try (SqsEndpoint endpoint = TestEndpoints.open(held.service());
        RawClient client = new RawClient(endpoint);
        RawClient other = new RawClient(endpoint)) {
      int receives = COUNTS.receivesMax() + 3;
      client.send(receive(0).repeat(receives) + send("after"));
      held.await(COUNTS.receivesMax());
      other.send(send("a"));
      held.await(COUNTS.receivesMax() + 1);
      assertThat(held.replies).hasSize(COUNTS.receivesMax() + 1);
      for (int i = 0; i < receives + 2; i++) {
        held.await(i + 1);
        held.replies.get(i).complete(Reply.MessagesReceived.NONE);
      }
      for (int i = 0; i < receives; i++) {
        assertThat(client.read().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void messagesThatClientsDoNotTakeAreBoundedTogetherAndAReceiveBeyondTakesNone() throws Exception {
    ScriptedQueueService service = TestEndpoints.service();
    WireConfig.Sizes sizes =
        new WireConfig.Sizes(
            SIZES.requestLineMax(),
            SIZES.headMax(),
            SIZES.headersMax(),
            SIZES.bodyMax(),
            SIZES.inputMax(),
            5_000_000,
            SIZES.outputHighWater());
    try (SqsEndpoint endpoint =
            TestEndpoints.open(service, RequestObserver.NONE, sizes, TIMES, COUNTS);
        RawClient other = new RawClient(endpoint)) {
      String body = "x".repeat(1_000_000);
      for (int i = 0; i < 60; i++) {
        other.call(send(body));
      }
      String ten =
          RawClient.json(
              "ReceiveMessage",
              "{\"QueueUrl\":\"" + TestEndpoints.URL + "\",\"MaxNumberOfMessages\":10}");
      try (RawClient slow = new RawClient(endpoint)) {
        slow.send(ten.repeat(4)); // more than sockets hold, whatever the machine's buffers are
        RawClient.Answer answer = other.call(receive(0));
        for (int tries = 0; tries < 20 && answer.status() == 200; tries++) {
          answer = other.call(receive(0));
        }
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).contains("wait for their clients");
        assertThat(endpoint.counters().heldReplyBytes()).isGreaterThan(sizes.repliesMax());
        assertThat(slow.read().body()).contains(body);
        for (int i = 1; i < 4; i++) {
          assertThat(slow.read().status()).isIn(200, 503);
        }
        TestEndpoints.until(() -> endpoint.counters().heldReplyBytes() == 0);
        assertThat(other.call(receive(0)).status()).isEqualTo(200);
        slow.send(receive(0));
      }
      TestEndpoints.until(() -> endpoint.counters().heldReplyBytes() == 0);
    }
  }

  @Test
  void aWaitingPollIsAnsweredWhenAMessageComes() throws Exception {
    ScriptedQueueService service = TestEndpoints.service();
    try (SqsEndpoint endpoint = TestEndpoints.open(service);
        RawClient poller = new RawClient(endpoint);
        RawClient sender = new RawClient(endpoint)) {
      poller.send(receive(20));
      TestEndpoints.until(() -> service.polls().size() == 1);
      sender.call(send("hello"));
      assertThat(poller.read().body()).contains("\"Body\":\"hello\"");
    }
  }

  @Test
  void aPollIsWithdrawnWhenItsConnectionCloses() throws Exception {
    ScriptedQueueService service = TestEndpoints.service();
    try (SqsEndpoint endpoint = TestEndpoints.open(service);
        RawClient other = new RawClient(endpoint)) {
      try (RawClient poller = new RawClient(endpoint)) {
        poller.send(receive(20) + receive(20));
        TestEndpoints.until(() -> service.polls().size() == 2);
      }
      TestEndpoints.until(() -> service.polls().stream().allMatch(CompletableFuture::isCancelled));
      TestEndpoints.until(() -> endpoint.counters().cancelledPolls.sum() == 2);
      other.call(send("kept"));
      assertThat(other.call(receive(0)).body()).contains("\"Body\":\"kept\"");
    }
  }

  @Test
  void aReplyToAClosedConnectionIsDropped() throws Exception {
    Held held = new Held();
    try (SqsEndpoint endpoint = TestEndpoints.open(held.service())) {
      try (RawClient client = new RawClient(endpoint)) {
        client.send(send("a"));
        held.await(1);
      }
      TestEndpoints.until(() -> endpoint.counters().open() == 0);
      assertThat(held.replies.get(0).isCancelled()).isFalse();
      held.answer(0);
      try (RawClient next = new RawClient(endpoint)) {
        next.send(send("b"));
        held.await(2);
        held.answer(1);
        assertThat(next.read().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void aServiceThatBreaksIsAnInternalFailure() throws Exception {
    ScriptedQueueService service =
        TestEndpoints.service()
            .answering(
                request -> CompletableFuture.failedFuture(new IllegalStateException("secret")));
    try (SqsEndpoint endpoint = TestEndpoints.open(service);
        RawClient client = new RawClient(endpoint)) {
      RawClient.Answer answer = client.call(send("a"));
      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.header("x-amzn-query-error")).isEqualTo("InternalFailure;Receiver");
      assertThat(answer.body())
          .startsWith("{\"__type\":\"com.amazon.coral.service#InternalFailure\"")
          .doesNotContain("secret");
    }
  }

  @Test
  void aServiceThatThrowsIsAnInternalFailureToo() throws Exception {
    ScriptedQueueService service =
        TestEndpoints.service()
            .answering(
                request -> {
                  throw new IllegalStateException("secret");
                });
    try (SqsEndpoint endpoint = TestEndpoints.open(service);
        RawClient client = new RawClient(endpoint)) {
      assertThat(client.call(send("a")).status()).isEqualTo(500);
      assertThat(client.call(RawClient.json("FooBar", "{}")).status()).isEqualTo(400);
    }
  }

  @Test
  void everyAnswerIsObservedWithItsOutcome() throws Exception {
    record Seen(Action action, Optional<ErrorCode> error, boolean waitedPoll) {}
    ConcurrentLinkedQueue<Seen> seen = new ConcurrentLinkedQueue<>();
    RequestObserver observer =
        (action, error, nanos, waitedPoll) -> {
          assertThat(nanos).isNotNegative();
          seen.add(new Seen(action, error, waitedPoll));
        };
    try (SqsEndpoint endpoint =
            TestEndpoints.open(TestEndpoints.service(), observer, SIZES, TIMES, COUNTS);
        RawClient client = new RawClient(endpoint)) {
      client.call(send("a"));
      client.call(receive(20)); // finds the message, so it does not wait
      client.call(receive(0));
      client.call(RawClient.json("FooBar", "{}"));
      client.call(RawClient.json("TagQueue", "{}"));
      client.send(receive(20));
      client.send(send("b"));
      try (RawClient other = new RawClient(endpoint)) {
        other.call(send("c"));
      }
      client.read();
      client.read();
      client.call(RawClient.get("/"));
      assertThat(endpoint.counters().refused.sum()).isEqualTo(1);
    }
    assertThat(seen)
        .containsExactlyInAnyOrder(
            new Seen(Action.SEND_MESSAGE, Optional.empty(), false),
            new Seen(Action.RECEIVE_MESSAGE, Optional.empty(), false),
            new Seen(Action.RECEIVE_MESSAGE, Optional.empty(), false),
            new Seen(Action.UNKNOWN, Optional.of(ErrorCode.INVALID_ACTION), false),
            new Seen(Action.TAG_QUEUE, Optional.of(ErrorCode.UNSUPPORTED_OPERATION), false),
            new Seen(Action.RECEIVE_MESSAGE, Optional.empty(), true),
            new Seen(Action.SEND_MESSAGE, Optional.empty(), false),
            new Seen(Action.SEND_MESSAGE, Optional.empty(), false));
  }

  @Test
  void stoppingAnswersWaitingPollsEmptyAndFinishesWhatWasAsked() throws Exception {
    Held held = new Held();
    ScriptedQueueService service = TestEndpoints.service();
    ScriptedQueueService sends = held.service();
    SqsEndpoint endpoint =
        TestEndpoints.open(
            request ->
                request instanceof Request.SendMessage
                    ? sends.submit(request)
                    : service.submit(request));
    try (endpoint;
        RawClient poller = new RawClient(endpoint);
        RawClient sender = new RawClient(endpoint);
        RawClient idle = new RawClient(endpoint)) {
      assertThat(idle.call(LIST).status()).isEqualTo(200);
      poller.send(receive(20));
      sender.send(send("a"));
      TestEndpoints.until(() -> service.polls().size() == 1);
      held.await(1);
      endpoint.drain();
      RawClient.Answer empty = poller.read();
      assertThat(empty.body()).isEqualTo("{}");
      assertThat(empty.header("Connection")).isEqualTo("close");
      assertThat(poller.isHungUp()).isTrue();
      assertThat(idle.isHungUp()).isTrue();
      held.answer(0);
      RawClient.Answer last = sender.read();
      assertThat(last.status()).isEqualTo(200);
      assertThat(last.header("Connection")).isEqualTo("close");
      assertThat(sender.isHungUp()).isTrue();
      assertThat(held.replies).hasSize(1);
    }
    assertThat(endpoint.counters().open()).isZero();
  }

  @Test
  void aRequestThatIsCompleteOnlyAfterTheStopBeganIsRefused() throws Exception {
    ScriptedQueueService service = TestEndpoints.service();
    try (SqsEndpoint endpoint = TestEndpoints.open(service);
        RawClient late = new RawClient(endpoint);
        RawClient other = new RawClient(endpoint)) {
      String request = send("late");
      int half = request.length() - 5;
      late.send(request.substring(0, half));
      // Both sockets are served by one loop: what came before this answer's request was read by
      // now.
      other.call(LIST);
      endpoint.drain();
      assertThat(other.isHungUp()).isTrue();
      late.send(request.substring(half));
      RawClient.Answer refused = late.read();
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("x-amzn-query-error")).isEqualTo("ServiceUnavailable;Receiver");
      assertThat(late.isHungUp()).isTrue();
      assertThat(service.requests()).noneMatch(Request.SendMessage.class::isInstance);
    }
  }

  @Test
  void stoppingWaitsForRequestsInFlightNoLongerThanTheBound() throws Exception {
    Held held = new Held();
    WireConfig.Times times = new WireConfig.Times(10_000, 30_000, 5_000, 1_024, 75_000, 2_000, 100);
    SqsEndpoint endpoint =
        TestEndpoints.open(held.service(), RequestObserver.NONE, SIZES, times, COUNTS);
    try (RawClient client = new RawClient(endpoint)) {
      client.send(send("never answered"));
      held.await(1);
      endpoint.close();
      assertThat(client.isHungUp()).isTrue();
    }
  }

  @Test
  void severalLoopsServeTheirConnectionsSideBySide() throws Exception {
    ScriptedQueueService service = TestEndpoints.service();
    WireConfig config = WireConfig.DEFAULT.at("127.0.0.1", 0).on(3);
    try (SqsEndpoint endpoint = SqsEndpoint.open(config, service, RequestObserver.NONE);
        RawClient one = new RawClient(endpoint);
        RawClient two = new RawClient(endpoint);
        RawClient three = new RawClient(endpoint)) {
      three.send(receive(20));
      TestEndpoints.until(() -> service.polls().size() == 1);
      one.call(send("from one loop"));
      assertThat(three.read().body()).contains("from one loop");
      two.send(receive(20));
      TestEndpoints.until(() -> service.polls().size() == 2);
      three.call(send("to another"));
      assertThat(two.read().body()).contains("to another");
    }
  }

  @Test
  void aPortThatIsTakenIsSaidPlainly() throws Exception {
    try (SqsEndpoint endpoint = TestEndpoints.open(TestEndpoints.service())) {
      WireConfig same = WireConfig.DEFAULT.at("127.0.0.1", endpoint.port());
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> SqsEndpoint.open(same, TestEndpoints.service(), RequestObserver.NONE))
          .isInstanceOf(java.io.IOException.class)
          .hasMessage("cannot listen on 127.0.0.1:" + endpoint.port());
    }
  }
}
