package io.millrace.engine.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.wire.Action;
import io.millrace.engine.wire.AnsweredRequest;
import io.millrace.engine.wire.Throttle;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The access log is bounded, and whoever enters a line never waits for it. */
@Timeout(60)
class AccessLogTest {

  private static final AnsweredRequest REQUEST =
      new Answered(Action.SEND_MESSAGE, "orders", 200, Optional.empty(), "");

  private record Answered(
      Action action, String queue, int status, Optional<ErrorCode> error, String trace)
      implements AnsweredRequest {

    @Override
    public String errorText() {
      return "";
    }

    @Override
    public boolean refusedAsHttp() {
      return false;
    }

    @Override
    public Optional<Throttle> throttle() {
      return Optional.empty();
    }

    @Override
    public boolean heldPoll() {
      return false;
    }

    @Override
    public int requestBytes() {
      return 1;
    }

    @Override
    public long requestIdHigh() {
      return 2;
    }

    @Override
    public long requestIdLow() {
      return 3;
    }
  }

  private final LongAdder dropped = new LongAdder();

  @Test
  void aLogThatIsBehindLeavesLinesOutAndSaysHowMany() throws Exception {
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    StringWriter written =
        new StringWriter() {
          @Override
          public StringWriter append(CharSequence line) {
            stuck.countDown();
            try {
              goOn.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            return super.append(line);
          }
        };
    AccessLog log = AccessLog.start(written, () -> 0, dropped);
    log.answered(REQUEST, 1, 1);
    stuck.await(); // the writer has the first and holds none of the list
    for (int i = 0; i < AccessLog.LINES_MAX + 7; i++) {
      log.answered(REQUEST, 1, 1);
    }
    assertThat(dropped.sum()).isEqualTo(7);
    goOn.countDown();
    log.close();
    assertThat(written.toString().lines()).hasSize(AccessLog.LINES_MAX + 1);
    assertThat(dropped.sum()).isEqualTo(7);
  }

  @Test
  void aFileThatCanNoLongerBeWrittenCostsLinesAndNothingElse() throws Exception {
    Writer full =
        new Writer() {
          @Override
          public void write(char[] text, int offset, int length) throws IOException {
            throw new IOException("No space left on device");
          }

          @Override
          public void flush() {}

          @Override
          public void close() throws IOException {
            throw new IOException("No space left on device");
          }
        };
    AccessLog log = AccessLog.start(full, () -> 0, dropped);
    for (int i = 0; i < 5; i++) {
      log.answered(REQUEST, 1, 1);
    }
    assertThatCode(log::close).as("it was told of already").doesNotThrowAnyException();
    assertThat(dropped.sum()).isEqualTo(5);
  }
}
