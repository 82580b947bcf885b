package io.millrace.jmh.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class DrainingClientTest {

  private static final int MESSAGES = 500;

  @TempDir private Path directory = Path.of("unset");

  @ParameterizedTest
  @EnumSource(
      value = Arm.Kind.class,
      names = {"MILLRACE", "METRICS_OFF", "ELASTICMQ"})
  void whatWasFilledInIsReceivedAndDeletedAndNothingElse(Arm.Kind kind) throws IOException {
    try (Arm arm =
            Arm.start(
                kind,
                "process-crash",
                1,
                directory.resolve("data"),
                directory.resolve("server.log"));
        RawSocketClient filler = arm.batchSender(SqsRequests.QUEUE, 3, 1024);
        DrainingClient drainer = DrainingClient.connect(arm.address(), SqsRequests.QUEUE, 4)) {
      filler.ask(MESSAGES / SqsRequests.BATCH);

      RawSocketClient.Window window = drainer.drain(MESSAGES);

      assertThat(window.ok()).isEqualTo(MESSAGES);
      assertThat(window.other()).isZero();
      assertThat(left(arm)).isEmpty();
    }
  }

  @Test
  void handlesAndBodiesAreReadInTheirOrder() {
    String answer =
        "{\"Messages\":[{\"Body\":\"a\",\"ReceiptHandle\":\"1#x\"},"
            + "{\"ReceiptHandle\":\"2\",\"Body\":\"\\\"ReceiptHandle\\\":3\"}]}";

    assertThat(Received.handles(answer)).containsExactly("1#x", "2");
    assertThat(Received.handles("{}")).isEmpty();
  }

  private static List<String> left(Arm arm) throws IOException {
    byte[] receive = SqsRequests.to(arm.address()).receive(SqsRequests.QUEUE, 10, 0);
    return Received.handles(HttpConnection.call(arm.address(), receive).body());
  }
}
