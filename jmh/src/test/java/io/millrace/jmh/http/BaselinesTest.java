package io.millrace.jmh.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BaselinesTest {

  private static final int BODY_BYTES = 1024;

  @TempDir private Path directory;

  @Test
  void emptyServerAnswersAsSqsWould() throws IOException, InterruptedException {
    try (BaselineServer server = EmptyNettyServer.open(1)) {
      HttpConnection.Answer answer = HttpConnection.call(server.address(), send(server));

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).contains("MD5OfMessageBody").contains("MessageId");
    }
  }

  @Test
  void closedLoopOfManyConnectionsGetsAnAnswerForEachRequest()
      throws IOException, InterruptedException {
    try (BaselineServer server = EmptyNettyServer.open(2);
        RawSocketClient client = RawSocketClient.connect(server.address(), 16, send(server))) {
      RawSocketClient.Window window = driveUntilAnswered(client);

      assertThat(window.other()).isZero();
      assertThat(window.ok()).isPositive();
      assertThat(window.latencyNanos().getTotalCount()).isEqualTo(window.ok());
    }
  }

  @Test
  void everyAnsweredBodyIsInTheGroupCommitServersFileWithItsChecksum()
      throws IOException, InterruptedException {
    BaselineOptions options = BaselineOptions.parse("--loops", "2", "--data", "" + directory);
    byte[] request;
    long answered;
    try (GroupCommitServer server = GroupCommitServer.open(options)) {
      request = send(server.server());
      try (RawSocketClient client =
          RawSocketClient.connect(server.server().address(), 8, request)) {
        answered = driveUntilAnswered(client).ok();
      }
    }
    String whole = new String(request, StandardCharsets.UTF_8);
    String body = whole.substring(whole.indexOf("\r\n\r\n") + 4);

    ByteBuffer file =
        ByteBuffer.wrap(Files.readAllBytes(directory.resolve("segment-0")))
            .order(ByteOrder.LITTLE_ENDIAN);
    long frames = 0;
    int at = 0;
    while (file.getInt(at) != 0) {
      int frameBytes = file.getInt(at + 8);
      CRC32C crc = new CRC32C();
      crc.update(file.slice(at + 8, frameBytes - 8));
      assertThat((int) crc.getValue()).isEqualTo(file.getInt(at + 4));
      byte[] kept = new byte[frameBytes - 44];
      file.get(at + 44, kept);
      assertThat(new String(kept, StandardCharsets.UTF_8)).isEqualTo(body);
      at += frameBytes + 3 & ~3;
      frames++;
    }
    // Answers of windows too early to count and those drained after a window are there as well.
    assertThat(frames).isGreaterThanOrEqualTo(answered);
  }

  @Test
  void millraceShowsItsMetricsAndWithoutThemHasNoneToShow()
      throws IOException, InterruptedException {
    assertThat(metricsOf(Arm.Kind.MILLRACE)).contains("millrace_messages_sent_total");
    assertThat(metricsOf(Arm.Kind.METRICS_OFF)).doesNotContain("millrace_");
  }

  private String metricsOf(Arm.Kind kind) throws IOException, InterruptedException {
    try (Arm arm =
        Arm.start(
            kind,
            "process-crash",
            1,
            directory.resolve(kind.word),
            directory.resolve(kind.word + ".log"))) {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(arm.admin().resolve("/metrics")).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  @Test
  void segmentIsOfZerosAndTheNextOneIsAnotherFile() throws IOException {
    try (PreparedSegments segments = PreparedSegments.open(directory, 64 << 10)) {
      segments.next().close();
      segments.next().close();
    }
    assertThat(Files.readAllBytes(directory.resolve("segment-0"))).isEqualTo(new byte[64 << 10]);
    assertThat(directory.resolve("segment-1")).hasSize(64 << 10);
  }

  /** The first window may pass while classes load. */
  private static RawSocketClient.Window driveUntilAnswered(RawSocketClient client)
      throws IOException {
    RawSocketClient.Window window;
    do {
      window = client.drive(0, TimeUnit.MILLISECONDS.toNanos(200));
    } while (window.ok() == 0);
    return window;
  }

  private static byte[] send(BaselineServer server) {
    return SqsRequests.to(server.address()).send(SqsRequests.QUEUE, BODY_BYTES, 1);
  }
}
