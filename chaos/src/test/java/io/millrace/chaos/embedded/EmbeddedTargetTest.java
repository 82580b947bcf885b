package io.millrace.chaos.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.check.Invariant;
import io.millrace.chaos.check.InvariantVerdict;
import io.millrace.chaos.check.Judge;
import io.millrace.chaos.check.Judgement;
import io.millrace.chaos.check.Rules;
import io.millrace.chaos.client.BatchItem;
import io.millrace.chaos.client.Caps;
import io.millrace.chaos.client.InFlight;
import io.millrace.chaos.client.QueueRegister;
import io.millrace.chaos.client.RecordedSession;
import io.millrace.chaos.client.RecordedSession.Parcel;
import io.millrace.chaos.client.RecordedSession.Poll;
import io.millrace.chaos.client.Recorder;
import io.millrace.chaos.client.VisibilityChange;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import io.millrace.chaos.history.MemoryHistory;
import io.millrace.chaos.history.Origin;
import io.millrace.chaos.history.QueueSettings;
import io.millrace.chaos.history.Survival;
import io.millrace.chaos.load.OrderMessages;
import io.millrace.engine.Engine;
import io.millrace.engine.EngineConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every operation of the real engine in this process, recorded and judged. */
class EmbeddedTargetTest {

  private static final Duration NO_WAIT = Duration.ZERO;
  private static final Duration VISIBILITY = Duration.ofSeconds(20);

  private final Origin origin = Origin.now();
  private final MemoryHistory history = new MemoryHistory();
  private final Recorder recorder = new Recorder(1, history);
  private final OrderMessages messages = new OrderMessages(5, 256);

  @TempDir private Path directory = Path.of("unset");

  @Test
  void everyOperationOfTheEngineIsRecordedAndFoundLegal() throws IOException {
    try (Engine engine = Engine.open(EngineConfig.at(directory));
        EmbeddedTarget target =
            new EmbeddedTarget(
                engine, Caps.everything("embedded", Survival.POWER_LOSS), Duration.ofSeconds(30))) {
      QueueRegister register = new QueueRegister(target, 0, history, origin);
      RecordedSession dead =
          open(target, register.create("dead", QueueSettings.DEFAULTS.withVisibility(VISIBILITY)));
      RecordedSession orders =
          open(
              target,
              register.create(
                  "orders",
                  QueueSettings.DEFAULTS.withVisibility(VISIBILITY).withDeadLetters(0, 2)));

      orders.purge();
      orders.send(messages.message(0, 0), 0, 0, 0);
      orders.sendBatch(
          BatchItem.numbered(LongStream.rangeClosed(1, 4).mapToObj(this::parcel).toList()));
      orders.send(messages.message(5, 5).withDelay(Duration.ofSeconds(1)), 5, 5, 0);
      orders.counts();
      Poll first = poll(orders, NO_WAIT);
      assertThat(first.messages()).hasSize(5);
      orders.counts();
      orders.delete(first.messages().get(0).receiptHandle(), claim(first, 0));
      orders.delete("no such handle", Recorder.Claim.forged("no such handle"));
      orders.changeVisibilityBatch(
          BatchItem.numbered(
              LongStream.rangeClosed(1, 4)
                  .mapToObj(i -> change(first.messages().get((int) i).receiptHandle()))
                  .toList()),
          LongStream.rangeClosed(1, 4).mapToObj(i -> claim(first, (int) i)).toList());
      orders.counts();
      Poll second = poll(orders, NO_WAIT);
      assertThat(second.messages()).hasSize(4);
      orders.delete(first.messages().get(1).receiptHandle(), claim(first, 1));
      orders.changeVisibility(change(second.messages().get(3).receiptHandle()), claim(second, 3));
      orders.deleteBatch(
          BatchItem.numbered(
              second.messages().subList(0, 3).stream()
                  .map(message -> message.receiptHandle())
                  .toList()),
          List.of(claim(second, 0), claim(second, 1), claim(second, 2)));
      Poll delayed = poll(orders, Duration.ofSeconds(5));
      assertThat(delayed.messages()).hasSize(1);
      orders.delete(delayed);
      Poll moved = poll(dead, Duration.ofSeconds(5));
      assertThat(moved.messages()).hasSize(1);
      dead.delete(moved);
      poll(orders, Duration.ofSeconds(1));
      orders.counts();
      dead.counts();
      long nowNs = origin.elapsedNs();
      history.append(new Entry.Event(0, nowNs, nowNs, EventKind.DRAINED, ""));
    }

    Judgement judgement = Judge.judge(history.entries(), origin, Rules.STRICT);

    assertThat(judgement.findings()).isEmpty();
    assertThat(judgement.verdicts())
        .filteredOn(InvariantVerdict::exercised)
        .extracting(InvariantVerdict::invariant)
        .contains(
            Invariant.BATCH,
            Invariant.CHANGE_VISIBILITY,
            Invariant.COUNTS,
            Invariant.DEAD_LETTERS,
            Invariant.DELAY,
            Invariant.HANDLES,
            Invariant.LONG_POLL,
            Invariant.STABLE_META,
            Invariant.STALE_HANDLE);
    assertThat(judgement.of(Invariant.COUNTS).undecided())
        .as("%s", judgement.of(Invariant.COUNTS))
        .isLessThan(judgement.of(Invariant.COUNTS).judged());
    assertThat(history.entries())
        .filteredOn(entry -> entry.ending() != Ending.OK)
        .extracting(Entry::reason)
        .containsExactly("ReceiptHandleIsInvalid");
  }

  private RecordedSession open(EmbeddedTarget target, QueueRegister.Numbered queue) {
    assertThat(queue.outcome().ending()).isEqualTo(Ending.OK);
    return new RecordedSession(
        recorder,
        target.session(queue.name()),
        queue.number(),
        queue.settings(),
        origin,
        new InFlight());
  }

  private Parcel parcel(long number) {
    return new Parcel(messages.message(number, number), number, number, 0);
  }

  private Poll poll(RecordedSession session, Duration wait) {
    return session.receive(10, wait, VISIBILITY, messages::read);
  }

  private static VisibilityChange change(String receiptHandle) {
    return new VisibilityChange(receiptHandle, Duration.ZERO);
  }

  private static Recorder.Claim claim(Poll poll, int index) {
    return Recorder.Claim.of(poll.entry().deliveries().get(index));
  }
}
