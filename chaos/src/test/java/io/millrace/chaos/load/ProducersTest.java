package io.millrace.chaos.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.client.InFlight;
import io.millrace.chaos.client.MemoryQueue;
import io.millrace.chaos.client.Outcome;
import io.millrace.chaos.client.RecordedSession;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.HistoryReader;
import io.millrace.chaos.history.HistoryWriter;
import io.millrace.chaos.history.Origin;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProducersTest {

  private static final long MS = 1_000_000;

  @TempDir private Path directory = Path.of("unset");

  private final ManualTicker ticker = new ManualTicker();
  private final MemoryQueue queue = new MemoryQueue();
  private final Ledger ledger = new Ledger(Duration.ofSeconds(7));
  private final LiveFigures figures = new LiveFigures();

  @Test
  void scheduleIsNeverMovedByASlowAnswer() throws IOException {
    AtomicInteger sends = new AtomicInteger();
    queue.beforeSend(() -> ticker.advanceNs(sends.incrementAndGet() == 3 ? 50 * MS : 0));

    List<Entry.Send> sent = produce(new Schedule(10 * MS, 1_000, 100));

    assertThat(sent).hasSize(100);
    for (Entry.Send send : sent) {
      assertThat(send.intendedNs()).isEqualTo(10 * MS + send.order() * MS);
    }
    // The stall made up for: the last order is due when it always was, and the clock stands there.
    assertThat(ticker.nowNs()).isEqualTo(10 * MS + 99 * MS);
  }

  @Test
  void ordersAreNotSentBeforeTheirInstant() throws IOException {
    List<Long> sentAtNs = new ArrayList<>();
    queue.beforeSend(() -> sentAtNs.add(ticker.nowNs()));

    produce(new Schedule(5 * MS, 500, 3));

    assertThat(sentAtNs).containsExactly(5 * MS, 7 * MS, 9 * MS);
  }

  @Test
  void refusedOrderIsOfferedAgainAsANewAttemptWithTheSameInstant() throws IOException {
    queue.answerSendWith(new Outcome.Fail<>("ConnectException"));
    queue.answerSendWith(new Outcome.Fail<>("ConnectException"));

    List<Entry.Send> sent = produce(new Schedule(0, 1_000, 1));

    assertThat(sent)
        .extracting(Entry.Send::ending)
        .containsExactly(Ending.FAIL, Ending.FAIL, Ending.OK);
    assertThat(sent).extracting(Entry.Send::attempt).containsExactly(0L, 1L, 2L);
    assertThat(sent).extracting(Entry.Send::order).containsOnly(0L);
    assertThat(sent).extracting(Entry.Send::intendedNs).containsOnly(0L);
  }

  @Test
  void orderOfUnknownOutcomeIsNotSentAgain() throws IOException {
    queue.answerSendWith(new Outcome.Unknown<>("SocketTimeoutException"));

    List<Entry.Send> sent = produce(new Schedule(0, 1_000, 1));

    assertThat(sent).extracting(Entry.Send::ending).containsExactly(Ending.INFO);
    assertThat(sent.get(0).reason()).isEqualTo("SocketTimeoutException");
  }

  @Test
  void orderThatIsRefusedTooLongIsGivenUp() throws IOException {
    for (int i = 0; i < 1_000; i++) {
      queue.answerSendWith(new Outcome.Fail<>("ConnectException"));
    }
    Producers producers = producers(new Schedule(0, 1_000, 1));

    List<Entry.Send> sent = produce(producers);

    assertThat(producers.givenUp()).isEqualTo(1);
    assertThat(sent).hasSizeLessThan(1_000);
    assertThat(ticker.nowNs()).isGreaterThanOrEqualTo(Duration.ofSeconds(2).toNanos());
  }

  private List<Entry.Send> produce(Schedule schedule) throws IOException {
    return produce(producers(schedule));
  }

  private Producers producers(Schedule schedule) {
    return new Producers(
        schedule, new OrderMessages(1, 256), ticker, ledger, figures, Duration.ofSeconds(2));
  }

  private List<Entry.Send> produce(Producers producers) throws IOException {
    Origin origin = Origin.now();
    try (HistoryWriter log = HistoryWriter.create(directory, 0, origin)) {
      producers.produce(new RecordedSession(0, queue, log, origin, new InFlight()));
    }
    List<Entry.Send> sent = new ArrayList<>();
    try (HistoryReader reader = HistoryReader.open(directory.resolve("session-000.history"))) {
      Optional<Entry> next = reader.next();
      while (next.isPresent()) {
        sent.add((Entry.Send) next.get());
        next = reader.next();
      }
    }
    return sent;
  }
}
