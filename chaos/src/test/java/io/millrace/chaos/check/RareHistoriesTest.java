package io.millrace.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import io.millrace.chaos.history.FaultKind;
import io.millrace.chaos.history.FaultPhase;
import io.millrace.chaos.history.Fingerprint;
import io.millrace.chaos.history.QueueSettings;
import io.millrace.chaos.history.Survival;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Legal histories that simulations came upon and that the judge must not accuse. */
class RareHistoriesTest {

  private static final long M = 1;
  private static final int DEAD = 1;

  /** A queue with a dead-letter queue after two receives. */
  private static Story withDeadLetters() {
    return new Story()
        .target(Survival.POWER_LOSS)
        .queue(DEAD, QueueSettings.DEFAULTS)
        .queue(Entry.FIRST_QUEUE, QueueSettings.DEFAULTS.withDeadLetters(DEAD, 2));
  }

  @Test
  void aMessageMayBePurgedInItsDeadLetterQueueWithoutEverBeingSeenThere() {
    Story story =
        withDeadLetters()
            .send(100, M)
            .receive(M, 200, 201, "h", 1)
            .receive(M, 6_000, 6_001, "i", 2)
            .add(new Entry.Purge(1, 20_000_000_000L, 20_001_000_000L, Ending.OK, "", DEAD))
            .poll(DEAD, 30_000, 30_001, 0, List.of())
            .event(90_000, EventKind.DRAINED);
    assertThat(story.judged().findings()).isEmpty();
  }

  @Test
  void aMessageReceivedTooSeldomToHaveMovedIsNotExcusedByThatPurge() {
    Story story =
        withDeadLetters()
            .send(100, M)
            .receive(M, 200, 201, "h", 1)
            .add(new Entry.Purge(1, 20_000_000_000L, 20_001_000_000L, Ending.OK, "", DEAD))
            .poll(DEAD, 30_000, 30_001, 0, List.of())
            .event(90_000, EventKind.DRAINED);
    assertThat(story.judged().lost()).isEqualTo(1);
  }

  @Test
  void aReceiveAfterAPowerCutMayCarryALowerCountThanOneBeforeIt() {
    Story story =
        new Story()
            .target(Survival.POWER_LOSS)
            .send(100, M)
            .receive(M, 200, 201, "h", 1)
            .receive(M, 6_000, 6_001, "i", 2)
            .powerCut(6_100, 6_101)
            .receive(M, 6_200, 6_201, "j", 1)
            .delete(M, 6_300, 6_301, "j", Ending.OK)
            .event(90_000, EventKind.DRAINED);
    assertThat(story.judged().findings()).isEmpty();
  }

  @Test
  void aDeleteByAReceiptFromBeforeAPowerCutIsNotSureOfItsEffect() {
    // The power cut took the receive; a poll nobody heard of received the message anew.
    Story story =
        new Story()
            .target(Survival.POWER_LOSS)
            .send(100, M)
            .receive(M, 200, 201, "h", 1)
            .powerCut(300, 301)
            .add(
                new Entry.Receive(
                    1, 400_000_000L, 500_000_000L, Ending.INFO, "lost", 0, 5_000, 10, List.of()))
            .delete(M, 600, 601, "h", Ending.OK)
            .receive(M, 5_600, 5_601, "i", 2)
            .delete(M, 5_700, 5_701, "i", Ending.OK)
            .event(90_000, EventKind.DRAINED);
    assertThat(story.judged().findings()).isEmpty();
  }

  @Test
  void countsMayHoldTheCopiesThatRequestsDoneTwiceHaveMade() {
    Story story =
        new Story()
            .queue(Entry.FIRST_QUEUE, QueueSettings.DEFAULTS)
            .send(100, M)
            .fault(150, 0, FaultKind.DUPLICATED_REQUEST, FaultPhase.FIRED, new Fingerprint(9, 9))
            .counts(200, 201, 2, 0, 0)
            .counts(300, 301, 3, 0, 0);
    Judgement judgement = story.judged();
    assertThat(judgement.violations(Invariant.COUNTS)).isEqualTo(1);
    assertThat(judgement.findings().get(0).sentence()).contains("3 messages");
  }

  @Test
  void aDamagedRecordExcusesTheLossOfItsMessageAndOfNoOther() {
    Story story =
        new Story()
            .target(Survival.POWER_LOSS)
            .send(100, M)
            .send(110, M + 1)
            .fault(200, 0, FaultKind.BIT_FLIP, FaultPhase.FIRED, Story.messageId(M))
            .event(90_000, EventKind.DRAINED);
    Judgement judgement = story.judged();
    assertThat(judgement.lost()).isEqualTo(1);
    assertThat(judgement.findings().get(0).attempt()).isEqualTo(M + 1);
  }

  @Test
  void aMessageWhoseMoveWasDamagedMayBeBackInItsQueue() {
    Story story =
        withDeadLetters()
            .send(100, M)
            .receive(M, 200, 201, "h", 1)
            .receive(M, 6_000, 6_001, "i", 2)
            .receiveFrom(DEAD, M, 12_000, 12_001, "j", 3)
            .fault(12_100, 0, FaultKind.BIT_FLIP, FaultPhase.FIRED, Story.messageId(M))
            .kill(12_200, 12_201)
            .receiveFrom(DEAD, M, 12_300, 12_301, "k", 3)
            .delete(M, 12_400, 12_401, "k", Ending.FAIL)
            .event(90_000, EventKind.DRAINED);
    assertThat(story.judged().findings()).isEmpty();
    assertThat(story.judged(Rules.STRICT.requiring(Set.of())).lost()).isZero();
  }
}
