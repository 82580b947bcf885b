package io.millrace.engine.wire;

import static io.millrace.engine.wire.TestEndpoints.COUNTS;
import static io.millrace.engine.wire.TestEndpoints.SIZES;
import static io.millrace.engine.wire.TestEndpoints.send;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.sqs.Reply;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Real but short bounds: a test waits for the endpoint to hang up, never for time to pass. */
class PatienceTest {

  private static final int LONG = 60_000;
  private static final int SHORT = 50;

  private static SqsEndpoint open(WireConfig.Times times) throws IOException {
    return TestEndpoints.open(TestEndpoints.service(), RequestObserver.NONE, SIZES, times, COUNTS);
  }

  private static WireConfig.Times times(
      int head, int body, int bodyGrace, int bytesPerSecond, int idle, int linger) {
    return new WireConfig.Times(head, body, bodyGrace, bytesPerSecond, idle, linger, 1_000);
  }

  private static void assertTimedOut(RawClient client, SqsEndpoint endpoint) throws IOException {
    RawClient.Answer answer = client.read();
    assertThat(answer.status()).isEqualTo(408);
    assertThat(answer.body()).contains("RequestTimeout");
    assertThat(answer.header("Connection")).isEqualTo("close");
    client.finishOutput();
    assertThat(client.isHungUp()).isTrue();
    assertThat(endpoint.counters().timedOut.sum()).isEqualTo(1);
  }

  @Test
  void aHeadThatDoesNotEndTimesOut() throws Exception {
    try (SqsEndpoint endpoint = open(times(SHORT, LONG, LONG, 1, LONG, LONG));
        RawClient client = new RawClient(endpoint)) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nX-Slow: ");
      assertTimedOut(client, endpoint);
    }
  }

  @Test
  void aHeadOfWholeLinesThatDoesNotEndTimesOutToo() throws Exception {
    try (SqsEndpoint endpoint = open(times(SHORT, LONG, LONG, 1, LONG, LONG));
        RawClient client = new RawClient(endpoint)) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\n");
      assertTimedOut(client, endpoint);
    }
  }

  @Test
  void aSecondRequestsHeadIsNotGivenTheIdleTime() throws Exception {
    try (SqsEndpoint endpoint = open(times(SHORT, LONG, LONG, 1, LONG, LONG));
        RawClient client = new RawClient(endpoint)) {
      assertThat(client.call(send("a")).status()).isEqualTo(200);
      client.send("P");
      assertTimedOut(client, endpoint);
    }
  }

  @Test
  void aBodyThatDoesNotEndTimesOutInTheProtocolOfItsRequest() throws Exception {
    try (SqsEndpoint endpoint = open(times(LONG, SHORT, LONG, 1, LONG, LONG));
        RawClient client = new RawClient(endpoint)) {
      String request = send("a");
      client.send(request.substring(0, request.length() - 1));
      RawClient.Answer answer = client.read();
      assertThat(answer.status()).isEqualTo(408);
      assertThat(answer.header("x-amzn-query-error")).isEqualTo("RequestTimeout;Sender");
    }
  }

  @Test
  void aBodyBelowTheRateTimesOutWhenItsGraceIsOver() throws Exception {
    try (SqsEndpoint endpoint = open(times(LONG, LONG, SHORT, 1_000_000, LONG, LONG));
        RawClient client = new RawClient(endpoint)) {
      String request = send("a");
      client.send(request.substring(0, request.length() - 1));
      assertTimedOut(client, endpoint);
    }
  }

  @Test
  void aBodyAboveTheRateIsGivenItsTime() throws Exception {
    try (SqsEndpoint endpoint = open(times(LONG, 4 * SHORT, SHORT, 1, LONG, LONG));
        RawClient client = new RawClient(endpoint)) {
      long start = System.nanoTime();
      String request = send("a".repeat(1000));
      client.send(request.substring(0, request.length() - 1));
      assertTimedOut(client, endpoint);
      assertThat((System.nanoTime() - start) / 1_000_000).isGreaterThanOrEqualTo(4 * SHORT);
    }
  }

  @Test
  void aHeadIsTimedFromItsFirstByte() throws Exception {
    AtomicLong nanos = new AtomicLong();
    try (SqsEndpoint endpoint =
            SqsEndpoint.open(
                WireConfig.DEFAULT.at("127.0.0.1", 0),
                TestEndpoints.service(),
                RequestObserver.NONE,
                InstantSource.system(),
                nanos::get);
        RawClient client = new RawClient(endpoint);
        RawClient other = new RawClient(endpoint)) {
      assertThat(client.call(send("a")).status()).isEqualTo(200);
      nanos.addAndGet(TimeUnit.SECONDS.toNanos(60));
      String request = send("b");
      client.send(request.substring(0, 5));
      // Were the minute before counted, the client would be late by now: answers pass through the
      // loop.
      for (int i = 0; i < 3; i++) {
        assertThat(other.call(send("c")).status()).isEqualTo(200);
      }
      assertThat(client.call(request.substring(5)).status()).isEqualTo(200);
    }
  }

  @Test
  void eachPipelinedBodyIsGivenItsOwnTime() throws Exception {
    int bodyMax = 4 * SHORT;
    int bodies = 5;
    AtomicLong nanos = new AtomicLong();
    List<CompletableFuture<Reply>> held = new CopyOnWriteArrayList<>();
    ScriptedQueueService service =
        TestEndpoints.service()
            .answering(
                request -> {
                  CompletableFuture<Reply> reply = new CompletableFuture<>();
                  held.add(reply);
                  return reply;
                });
    WireConfig.Times times = times(LONG, bodyMax, LONG, 1, LONG, LONG);
    try (SqsEndpoint endpoint =
            SqsEndpoint.open(
                WireConfig.DEFAULT.at("127.0.0.1", 0).within(SIZES, times, COUNTS),
                service,
                RequestObserver.NONE,
                InstantSource.system(),
                nanos::get);
        RawClient busy = new RawClient(endpoint);
        RawClient slow = new RawClient(endpoint)) {
      // Each piece ends one body and begins the next: there is never a moment without one, and by
      // the endpoint's clock each takes half its time.
      String request = send("a");
      int half = request.length() - 3;
      // What one unfinished body holds; two hold more.
      int bodyBytes = half - request.indexOf("\r\n\r\n") - 4;
      busy.send(request.substring(0, half));
      for (int i = 1; i <= bodies; i++) {
        int asked = i;
        busy.send(request.substring(half) + request.substring(0, half));
        TestEndpoints.until(() -> held.size() == asked);
        if (i == 1) {
          slow.send(request.substring(0, half));
          TestEndpoints.until(() -> endpoint.counters().unfinishedInputBytes() > bodyBytes);
        }
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(bodyMax / 2));
      }
      // The slow client's alarm was set after the busy one's: when it rang, so had the other.
      assertThat(slow.read().status()).isEqualTo(408);
      busy.send(request.substring(half));
      TestEndpoints.until(() -> held.size() == bodies + 1);
      held.forEach(reply -> reply.complete(new Reply.MessageSent(new UUID(0, 1))));
      for (int i = 0; i <= bodies; i++) {
        assertThat(busy.read().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void aConnectionWithoutARequestIsClosedInSilence() throws Exception {
    try (SqsEndpoint endpoint = open(times(LONG, LONG, LONG, 1, SHORT, LONG));
        RawClient client = new RawClient(endpoint)) {
      assertThat(client.isHungUp()).isTrue();
      assertThat(endpoint.counters().timedOut.sum()).isZero();
    }
  }

  @Test
  void aConnectionIsClosedWhenNoFurtherRequestComes() throws Exception {
    try (SqsEndpoint endpoint = open(times(LONG, LONG, LONG, 1, 10 * SHORT, LONG));
        RawClient client = new RawClient(endpoint)) {
      assertThat(client.call(send("a")).status()).isEqualTo(200);
      assertThat(client.isHungUp()).isTrue();
    }
  }

  @Test
  void aWaitingPollOutlastsTheIdleTime() throws Exception {
    ScriptedQueueService service = TestEndpoints.service();
    WireConfig.Times times = times(LONG, LONG, LONG, 1, 4 * SHORT, LONG);
    try (SqsEndpoint endpoint =
            TestEndpoints.open(service, RequestObserver.NONE, SIZES, times, COUNTS);
        RawClient poller = new RawClient(endpoint)) {
      poller.send(TestEndpoints.receive(20));
      TestEndpoints.until(() -> service.polls().size() == 1);
      // A connection opened after the poll began is closed for idleness: the time has passed.
      try (RawClient idle = new RawClient(endpoint)) {
        assertThat(idle.isHungUp()).isTrue();
      }
      try (RawClient sender = new RawClient(endpoint)) {
        sender.call(send("late"));
      }
      assertThat(poller.read().body()).contains("late");
    }
  }

  @Test
  void aRefusedClientThatGoesOnSendingIsCutOff() throws Exception {
    try (SqsEndpoint endpoint = open(times(LONG, LONG, LONG, 1, LONG, SHORT));
        RawClient client = new RawClient(endpoint)) {
      assertThat(client.call("no HTTP\r\n\r\n").status()).isEqualTo(400);
      assertThat(client.isHungUp()).isTrue();
      TestEndpoints.until(() -> endpoint.counters().open() == 0);
    }
  }
}
