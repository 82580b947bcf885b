package io.millrace.engine.wire;

import static io.millrace.engine.wire.TestEndpoints.COUNTS;
import static io.millrace.engine.wire.TestEndpoints.SIZES;
import static io.millrace.engine.wire.TestEndpoints.TIMES;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpBoundsTest {

  private static final String HOST = "Host: sqs.test:9324\r\n";
  private static final String LIST = "GET /?Action=ListQueues HTTP/1.1\r\n" + HOST;

  /**
   * Sends a request to a fresh endpoint; an answer that ends the connection must be followed by its
   * end.
   */
  private static RawClient.Answer call(WireConfig.Sizes sizes, String request) throws IOException {
    try (SqsEndpoint endpoint =
            TestEndpoints.open(
                TestEndpoints.service(), RequestObserver.NONE, sizes, TIMES, COUNTS);
        RawClient client = new RawClient(endpoint)) {
      RawClient.Answer answer = client.call(request);
      if (answer.header("Connection").equals("close")) {
        client.finishOutput();
        assertThat(client.isHungUp()).isTrue();
      } else {
        assertThat(client.call(LIST + "\r\n").status()).isEqualTo(200);
      }
      return answer;
    }
  }

  private static WireConfig.Sizes sizes(int line, int head, int headers, int body) {
    return new WireConfig.Sizes(
        line, head, headers, body, SIZES.inputMax(), SIZES.repliesMax(), SIZES.outputHighWater());
  }

  @Test
  void aRequestLineMayBeAsLongAsTheBoundAndNoLonger() throws Exception {
    WireConfig.Sizes sizes = sizes(100, 1000, 10, 1000);
    String line = "GET /?Action=ListQueues&x=" + "x".repeat(100 - 35) + " HTTP/1.1";
    assertThat(line).hasSize(100);
    assertThat(call(sizes, line + "\r\n" + HOST + "\r\n").status()).isEqualTo(200);
    RawClient.Answer tooLong = call(sizes, line.replace("&x=", "&x=x") + "\r\n" + HOST + "\r\n");
    assertThat(tooLong.status()).isEqualTo(414);
    assertThat(tooLong.header("Connection")).isEqualTo("close");
    assertThat(tooLong.body()).contains("<Code>RequestUriTooLong</Code>");
  }

  @Test
  void headersMayBeAsLongTogetherAsTheBoundAndNoLonger() throws Exception {
    int host = "Host: sqs.test:9324".length();
    WireConfig.Sizes sizes = sizes(100, 200, 10, 1000);
    String padding = "X: " + "x".repeat(200 - host - 3);
    assertThat(call(sizes, LIST + padding + "\r\n\r\n").status()).isEqualTo(200);
    RawClient.Answer tooLong = call(sizes, LIST + padding + "x\r\n\r\n");
    assertThat(tooLong.status()).isEqualTo(431);
    assertThat(tooLong.header("Connection")).isEqualTo("close");
  }

  @Test
  void headersMayBeAsManyAsTheBoundAndNoMore() throws Exception {
    WireConfig.Sizes sizes = sizes(100, 1000, 5, 1000);
    assertThat(call(sizes, LIST + "X: 1\r\n".repeat(4) + "\r\n").status()).isEqualTo(200);
    assertThat(call(sizes, LIST + "X: 1\r\n".repeat(5) + "\r\n").status()).isEqualTo(431);
  }

  @Test
  void headersAreCountedForEachRequestAlone() throws Exception {
    try (SqsEndpoint endpoint =
            TestEndpoints.open(
                TestEndpoints.service(),
                RequestObserver.NONE,
                sizes(100, 1000, 2, 1000),
                TIMES,
                COUNTS);
        RawClient client = new RawClient(endpoint)) {
      for (int i = 0; i < 5; i++) {
        assertThat(client.call(LIST + "X: 1\r\n\r\n").status()).isEqualTo(200);
      }
    }
  }

  @Test
  void aBodyMayBeAsLongAsTheBoundAndNoLonger() throws Exception {
    WireConfig.Sizes sizes = sizes(100, 1000, 10, 300);
    String json = "{\"QueueNamePrefix\":\"x\"" + " ".repeat(300 - 23) + "}";
    assertThat(json).hasSize(300);
    assertThat(call(sizes, RawClient.json("ListQueues", json)).status()).isEqualTo(200);
    RawClient.Answer tooLong = call(sizes, RawClient.json("ListQueues", json + " "));
    assertThat(tooLong.status()).isEqualTo(413);
    assertThat(tooLong.header("x-amzn-query-error")).isEqualTo("RequestEntityTooLarge;Sender");
    assertThat(tooLong.body())
        .startsWith("{\"__type\":\"com.amazon.coral.service#RequestEntityTooLargeException\"");
  }

  @Test
  void aRefusalReachesAClientThatIsStillSending() throws Exception {
    WireConfig.Times patient =
        new WireConfig.Times(60_000, 60_000, 60_000, 1, 60_000, 60_000, 1_000);
    try (SqsEndpoint endpoint =
            TestEndpoints.open(
                TestEndpoints.service(), RequestObserver.NONE, SIZES, patient, COUNTS);
        RawClient client = new RawClient(endpoint)) {
      // More than any socket buffer holds: a server that hung up at once would reset the sender.
      client.send(RawClient.json("ListQueues", " ".repeat(4 * SIZES.bodyMax())));
      assertThat(client.read().status()).isEqualTo(413);
      client.finishOutput();
      assertThat(client.isHungUp()).isTrue();
    }
  }

  @Test
  void aBodyInChunksIsBoundedToo() throws Exception {
    WireConfig.Sizes sizes = sizes(100, 1000, 10, 20);
    String head =
        "POST /?Action=ListQueues HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n";
    assertThat(call(sizes, head + "a\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n").status())
        .isEqualTo(200);
    assertThat(call(sizes, head + "a\r\n0123456789\r\nb\r\n01234567890\r\n0\r\n\r\n").status())
        .isEqualTo(413);
  }

  @Test
  void unfinishedBodiesOfAllConnectionsTogetherAreBounded() throws Exception {
    WireConfig.Sizes sizes = new WireConfig.Sizes(100, 1000, 10, 1000, 10, 1_000_000, 1_000_000);
    String head =
        "POST /?Action=ListQueues HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n";
    try (SqsEndpoint endpoint =
            TestEndpoints.open(
                TestEndpoints.service(), RequestObserver.NONE, sizes, TIMES, COUNTS);
        RawClient first = new RawClient(endpoint);
        RawClient second = new RawClient(endpoint)) {
      first.send(head + "6\r\n012345\r\n");
      TestEndpoints.until(() -> endpoint.counters().unfinishedInputBytes() == 6);
      second.send(head + "4\r\n0123\r\n");
      TestEndpoints.until(() -> endpoint.counters().unfinishedInputBytes() == 10);
      RawClient.Answer refused = second.call("1\r\n0\r\n");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("Connection")).isEqualTo("close");
      assertThat(first.call("4\r\n0123\r\n0\r\n\r\n").status()).isEqualTo(200);
      assertThat(endpoint.counters().unfinishedInputBytes()).isZero();
    }
  }

  @Test
  void lineEndsBetweenRequestsAreNoRequest() throws Exception {
    WireConfig.Times impatient = new WireConfig.Times(50, 60_000, 60_000, 1, 300, 60_000, 1_000);
    try (SqsEndpoint endpoint =
            TestEndpoints.open(
                TestEndpoints.service(), RequestObserver.NONE, SIZES, impatient, COUNTS);
        RawClient client = new RawClient(endpoint)) {
      assertThat(client.call(LIST + "\r\n\r\n").status()).isEqualTo(200);
      assertThat(client.isHungUp()).isTrue();
      assertThat(endpoint.counters().timedOut.sum()).isZero();
    }
  }

  @Test
  void anAnnouncedBodyOverTheBoundIsRefusedBeforeItIsSent() throws Exception {
    RawClient.Answer refused =
        call(
            SIZES,
            "POST / HTTP/1.1\r\n"
                + HOST
                + "X-Amz-Target: AmazonSQS.SendMessage\r\nExpect: 100-continue\r\n"
                + "Content-Length: "
                + (SIZES.bodyMax() + 1)
                + "\r\n\r\n");
    assertThat(refused.status()).isEqualTo(413);
  }

  @Test
  void aClientThatAsksFirstIsToldToGoOn() throws Exception {
    try (SqsEndpoint endpoint = TestEndpoints.open(TestEndpoints.service());
        RawClient client = new RawClient(endpoint)) {
      String request =
          RawClient.json("ListQueues", "{}").replace("Host:", "Expect: 100-continue\r\nHost:");
      int bodyAt = request.indexOf("\r\n\r\n") + 4;
      assertThat(client.call(request.substring(0, bodyAt)).raw())
          .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      assertThat(client.call(request.substring(bodyAt)).status()).isEqualTo(200);
    }
  }

  @Test
  void anotherExpectationIsNotMet() throws Exception {
    assertThat(call(SIZES, LIST + "Expect: tea\r\n\r\n").status()).isEqualTo(417);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /?Action=ListQueues HTTP/1.1\n" + HOST + "\r\n",
        LIST + "X: 1\n\r\n",
        LIST + "X: 1\r\n folded\r\n\r\n",
        LIST + "X: 1\r\n\tfolded\r\n\r\n",
        LIST + " X: 1\r\n\r\n",
        LIST + "X : 1\r\n\r\n",
        LIST + "no colon\r\n\r\n",
        LIST + "X: \u0001\r\n\r\n",
        LIST + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
        LIST + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        LIST + "Content-Length: 2, 2\r\n\r\n{}",
        LIST + "Content-Length: -1\r\n\r\n",
        LIST + "Content-Length: +2\r\n\r\n{}",
        LIST + "Content-Length: x\r\n\r\n",
        LIST + "Content-Length: 99999999999999999999\r\n\r\n",
        LIST + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        LIST + "Transfer-Encoding: chunked\r\n\r\nx\r\n\r\n",
        LIST + "Transfer-Encoding: gzip, chunked, x\r\n\r\n0\r\n\r\n",
        LIST + "Host: other\r\n\r\n",
        "GET /?Action=ListQueues HTTP/1.1\r\n\r\n",
        "GET /?Action=ListQueues HTTP/1.1\r\nHost: a\"b\r\n\r\n",
        "GET /?Action=ListQueues HTTP/1.1\r\nHost:\r\n\r\n",
        "GET http://other/?Action=ListQueues HTTP/1.1\r\n" + HOST + "\r\n",
        "GET ?Action=ListQueues HTTP/1.1\r\n" + HOST + "\r\n",
        "GET / HTTP/9.9.9\r\n" + HOST + "\r\n",
        "\u0001\u0002\u0003\r\n\r\n",
        "GET\r\n\r\n"
      })
  void whatIsNoProperHttpIsRefusedAndEndsTheConnection(String request) throws Exception {
    RawClient.Answer refused = call(SIZES, request);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.header("Connection")).isEqualTo("close");
    assertThat(refused.body()).contains("<Code>BadRequest</Code>");
  }

  @Test
  void aFoldedHeaderThatComesInTwoPartsIsRefusedToo() throws Exception {
    try (SqsEndpoint endpoint = TestEndpoints.open(TestEndpoints.service());
        RawClient client = new RawClient(endpoint)) {
      client.send(LIST + "X: 1\r\n");
      // The first part is taken before the second is sent: an answer in between proves it.
      try (RawClient other = new RawClient(endpoint)) {
        assertThat(other.call(LIST + "\r\n").status()).isEqualTo(200);
      }
      assertThat(client.call(" folded\r\n\r\n").status()).isEqualTo(400);
    }
  }

  @Test
  void aBodyMayHoldWhatLooksLikeAFoldedHeader() throws Exception {
    assertThat(call(SIZES, RawClient.json("ListQueues", "{\r\n \"MaxResults\"\r\n\t: 1}")).status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"})
  void otherMethodsAreNotAllowed(String method) throws Exception {
    RawClient.Answer refused = call(SIZES, LIST.replace("GET", method) + "\r\n");
    assertThat(refused.status()).isEqualTo(405);
    assertThat(refused.header("Allow")).isEqualTo("GET, POST");
  }

  @Test
  void anAbsoluteTargetOfTheSameHostIsServed() throws Exception {
    assertThat(
            call(SIZES, "GET http://sqs.test:9324/?Action=ListQueues HTTP/1.1\r\n" + HOST + "\r\n")
                .status())
        .isEqualTo(200);
  }

  @Test
  void http10IsServedAndClosedUnlessKeptAlive() throws Exception {
    String request = "GET /?Action=ListQueues HTTP/1.0\r\n";
    assertThat(call(SIZES, request + "\r\n").header("Connection")).isEqualTo("close");
    assertThat(call(SIZES, request + HOST + "Connection: keep-alive\r\n\r\n").header("Connection"))
        .isEqualTo("keep-alive");
  }

  @Test
  void aClientThatWantsToCloseIsClosed() throws Exception {
    RawClient.Answer answer = call(SIZES, LIST + "Connection: close\r\n\r\n");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Connection")).isEqualTo("close");
  }

  @Test
  void oneConnectionAboveTheBoundIsTurnedAway() throws Exception {
    try (SqsEndpoint endpoint =
        TestEndpoints.open(
            TestEndpoints.service(),
            RequestObserver.NONE,
            SIZES,
            TIMES,
            new WireConfig.Counts(2, 64, COUNTS.receivesMax()))) {
      try (RawClient first = new RawClient(endpoint);
          RawClient second = new RawClient(endpoint)) {
        assertThat(first.call(LIST + "\r\n").status()).isEqualTo(200);
        assertThat(second.call(LIST + "\r\n").status()).isEqualTo(200);
        try (RawClient third = new RawClient(endpoint)) {
          RawClient.Answer away = third.read();
          assertThat(away.status()).isEqualTo(503);
          assertThat(away.body()).contains("<Type>Receiver</Type><Code>ServiceUnavailable</Code>");
          third.finishOutput();
          assertThat(third.isHungUp()).isTrue();
        }
        assertThat(endpoint.counters().turnedAway.sum()).isEqualTo(1);
        assertThat(first.call(LIST + "\r\n").status()).isEqualTo(200);
      }
      TestEndpoints.until(() -> endpoint.counters().open() == 0);
      try (RawClient next = new RawClient(endpoint)) {
        assertThat(next.call(LIST + "\r\n").status()).isEqualTo(200);
      }
    }
  }
}
