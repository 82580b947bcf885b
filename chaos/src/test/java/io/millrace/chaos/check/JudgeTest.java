package io.millrace.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.history.Damage;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import io.millrace.chaos.history.FaultKind;
import io.millrace.chaos.history.FaultPhase;
import io.millrace.chaos.history.Fingerprint;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JudgeTest {

  private static final long M = 7;

  @Test
  void wholeRunWithoutAViolationIsValid() {
    Judgement judgement = Story.ofAWholeRun().judged();

    assertThat(judgement.overall()).isEqualTo(Verdict.valid());
    assertThat(judgement.verdicts())
        .extracting(InvariantVerdict::invariant)
        .containsExactly(Invariant.values());
    assertThat(judgement.census().acknowledged()).isEqualTo(2);
    assertThat(judgement.census().unknownSends()).isEqualTo(1);
    assertThat(judgement.census().distinct()).isEqualTo(2);
    assertThat(judgement.census().deleted()).isEqualTo(2);
  }

  @Test
  void acknowledgedMessageThatNeverComesIsLost() {
    Judgement judgement = Story.ofAWholeRun().send(100, M).judged();

    assertOnly(judgement, Invariant.LOSS);
    assertThat(judgement.lost()).isEqualTo(1);
  }

  @Test
  void messageWhoseDeleteFailedMustComeAgain() {
    Story story =
        Story.ofAWholeRun()
            .send(100, M)
            .receive(M, 200, 201, "h", 1)
            .delete(M, 202, 203, "h", Ending.FAIL);

    assertOnly(story.judged(), Invariant.LOSS);
  }

  @Test
  void messageReceivedTooShortlyBeforeTheEndOfTheDrainIsNotCalledLost() {
    Judgement judgement =
        Story.ofAWholeRun().send(100, M).receive(M, 88_000, 88_001, "h", 1).judged();

    assertThat(judgement.of(Invariant.LOSS).verdict()).isInstanceOf(Verdict.Unknown.class);
    assertThat(judgement.overall()).isInstanceOf(Verdict.Unknown.class);
  }

  @Test
  void afterADeleteOfUnknownOutcomeBothEndingsAreLegal() {
    Story gone =
        Story.ofAWholeRun()
            .send(100, M)
            .receive(M, 200, 201, "h", 1)
            .delete(M, 202, 203, "h", Ending.INFO);
    Story back = gone.receive(M, 6_000, 6_001, "i", 2).delete(M, 6_002, 6_003, "i", Ending.OK);

    assertThat(gone.judged().overall()).isEqualTo(Verdict.valid());
    assertThat(back.judged().overall()).isEqualTo(Verdict.valid());
    assertThat(back.judged().duplicates()).containsEntry(DuplicateCause.UNKNOWN_DELETE.label(), 1L);
  }

  @Test
  void withoutAFinishedDrainNobodyKnowsWhatIsLost() {
    Judgement judgement = Story.ofAWholeRun().send(100, M).without(EventKind.DRAINED).judged();

    assertThat(judgement.of(Invariant.LOSS).verdict()).isInstanceOf(Verdict.Unknown.class);
  }

  @Test
  void messageNobodySentIsInvented() {
    Judgement judgement = Story.ofAWholeRun().receive(M, 200, 201, "h", 1).judged();

    assertOnly(judgement, Invariant.PHANTOM);
  }

  @Test
  void messageUnderAnotherIdThanItsSenderWasGivenIsInvented() {
    Story early =
        Story.ofAWholeRun()
            .receive(100, 101, Story.delivery(M, new Fingerprint(9, 9), "h", 1, Set.of()))
            .send(99, 103, M, Ending.OK)
            .delete(M, 104, 105, "h", Ending.OK);
    Story late =
        Story.ofAWholeRun()
            .send(99, M)
            .receive(101, 102, Story.delivery(M, new Fingerprint(9, 9), "h", 1, Set.of()))
            .delete(M, 104, 105, "h", Ending.OK);

    assertOnly(early.judged(), Invariant.PHANTOM);
    assertOnly(late.judged(), Invariant.PHANTOM);
  }

  @Test
  void messageReceivedBeforeItsSenderHasTheAnswerIsWell() {
    Judgement judgement =
        Story.ofAWholeRun()
            .receive(M, 90, 101, "h", 1)
            .delete(M, 102, 103, "h", Ending.OK)
            .send(99, 110, M, Ending.OK)
            .judged();

    assertThat(judgement.overall()).isEqualTo(Verdict.valid());
  }

  @Test
  void damagedMessageIsCorrupted() {
    for (Damage damage : EnumSet.allOf(Damage.class)) {
      Judgement judgement =
          Story.ofAWholeRun()
              .send(100, M)
              .receive(M, 200, 201, "h", 1, Set.of(damage))
              .delete(M, 202, 203, "h", Ending.OK)
              .judged();

      assertOnly(judgement, Invariant.INTEGRITY);
    }
  }

  @Test
  void messageWithABodyOfAnotherKindIsCorruptedAndNobodyElseIsBlamed() {
    Judgement judgement =
        Story.ofAWholeRun()
            .receive(Entry.NO_ATTEMPT, 200, 201, "h", 1, Set.of(Damage.ALIEN_BODY))
            .judged();

    assertOnly(judgement, Invariant.INTEGRITY);
  }

  @Test
  void acknowledgementWithAWrongDigestIsCorrupted() {
    Judgement judgement =
        Story.ofAWholeRun()
            .add(
                new Entry.Send(
                    0,
                    1,
                    2,
                    Ending.OK,
                    "",
                    M,
                    M,
                    1,
                    0,
                    Story.messageId(M),
                    /* digestsAgree= */ false))
            .receive(M, 200, 201, "h", 1)
            .delete(M, 202, 203, "h", Ending.OK)
            .judged();

    assertOnly(judgement, Invariant.INTEGRITY);
  }

  @Test
  void messageOfARefusedSendIsNeverReceived() {
    Story after = Story.ofAWholeRun().send(100, 101, M, Ending.FAIL).receive(M, 200, 201, "h", 1);
    Story before = Story.ofAWholeRun().receive(M, 100, 101, "h", 1).send(99, 103, M, Ending.FAIL);

    assertThat(after.judged().of(Invariant.FAILED_SEND).verdict())
        .isInstanceOf(Verdict.Invalid.class);
    assertThat(before.judged().of(Invariant.FAILED_SEND).verdict())
        .isInstanceOf(Verdict.Invalid.class);
  }

  @Test
  void oneAttemptThatMadeTwoMessagesIsFound() {
    Judgement judgement =
        Story.ofAWholeRun()
            .send(100, 101, M, Ending.INFO)
            .receive(200, 201, Story.delivery(M, new Fingerprint(1, 1), "h", 1, Set.of()))
            .delete(M, 202, 203, "h", Ending.INFO)
            .receive(6_200, 6_201, Story.delivery(M, new Fingerprint(2, 2), "i", 2, Set.of()))
            .delete(M, 6_202, 6_203, "i", Ending.OK)
            .judged();

    assertOnly(judgement, Invariant.INFO_SEND);
  }

  @Test
  void unknownSendThatIsReceivedIsCountedAsRecovered() {
    Judgement judgement =
        Story.ofAWholeRun()
            .send(100, 101, M, Ending.INFO)
            .receive(M, 200, 201, "h", 1)
            .delete(M, 202, 203, "h", Ending.OK)
            .judged();

    assertThat(judgement.overall()).isEqualTo(Verdict.valid());
    assertThat(judgement.of(Invariant.INFO_SEND).counts())
        .containsEntry("unknownSends", 2L)
        .containsEntry("recovered", 1L);
  }

  @Test
  void messageThatComesBackAfterAConfirmedDeleteIsAZombie() {
    Story story =
        Story.ofAWholeRun()
            .send(100, M)
            .receive(M, 200, 201, "h", 1)
            .delete(M, 202, 203, "h", Ending.OK)
            .receive(M, 6_000, 6_001, "i", 2);

    assertOnly(story.judged(), Invariant.ZOMBIE);
    assertThat(story.judged().duplicates()).containsEntry(DuplicateCause.AFTER_DELETE.label(), 1L);
    assertThat(story.judged(Rules.AWS_STANDARD).of(Invariant.ZOMBIE).verdict())
        .isEqualTo(Verdict.valid());
  }

  @Test
  void messageThatWasMadeToComeBackAfterItsDeleteIsADuplicateOnPurpose() {
    Judgement judgement =
        Story.ofAWholeRun()
            .send(100, M)
            .receive(M, 200, 201, "h", 1)
            .delete(M, 202, 203, "h", Ending.OK)
            .fault(6_000, 0, FaultKind.DUPLICATE_AFTER_DELETE, FaultPhase.FIRED, Story.messageId(M))
            .receive(M, 6_000, 6_001, "i", 2)
            .judged();

    assertThat(judgement.overall()).isEqualTo(Verdict.valid());
    assertThat(judgement.duplicates())
        .containsEntry(DuplicateCause.INJECTED.label(), 1L)
        .containsEntry(DuplicateCause.AFTER_DELETE.label(), 0L);
  }

  @Test
  void zombieIsKnownLongAfterItsTimelineWasForgotten() {
    Story story =
        Story.ofAWholeRun()
            .send(100, M)
            .receive(M, 200, 201, "h", 1)
            .delete(M, 202, 203, "h", Ending.OK)
            .receive(M, 80_000, 80_001, "i", 2);

    assertOnly(story.judged(), Invariant.DELETE_DURABILITY);
    assertThat(story.judged().of(Invariant.DELETE_DURABILITY).counts())
        .containsEntry("resurrected", 1L);
  }

  @Test
  void deleteByAnOlderReceiptConfirmsNothing() {
    Judgement judgement =
        Story.ofAWholeRun()
            .send(100, M)
            .receive(M, 200, 201, "h", 1)
            .receive(M, 6_000, 6_001, "i", 2)
            .delete(M, 6_002, 6_003, "h", Ending.OK)
            .receive(M, 12_000, 12_001, "j", 3)
            .delete(M, 12_002, 12_003, "j", Ending.OK)
            .judged();

    assertThat(judgement.overall()).isEqualTo(Verdict.valid());
    assertThat(judgement.duplicates()).containsEntry(DuplicateCause.AFTER_DELETE.label(), 0L);
  }

  @Test
  void deleteAfterTheLeaseEndedConfirmsNothing() {
    Judgement judgement =
        Story.ofAWholeRun()
            .send(100, M)
            .receive(M, 200, 201, "h", 1)
            .delete(M, 5_500, 5_501, "h", Ending.OK)
            .receive(M, 5_600, 5_601, "i", 2)
            .delete(M, 5_602, 5_603, "i", Ending.OK)
            .judged();

    assertThat(judgement.overall()).isEqualTo(Verdict.valid());
  }

  @Test
  void messageReceivedAgainWithinItsLeaseBreaksExclusivity() {
    Story story =
        Story.ofAWholeRun()
            .send(100, M)
            .receive(M, 200, 201, "h", 1)
            .receive(M, 4_000, 4_001, "i", 2)
            .delete(M, 4_002, 4_003, "i", Ending.OK);

    Judgement judgement = story.judged();

    assertThat(judgement.of(Invariant.EXCLUSIVITY).verdict()).isInstanceOf(Verdict.Invalid.class);
    assertThat(judgement.of(Invariant.EXPLAINED_DUPLICATES).verdict())
        .isInstanceOf(Verdict.Invalid.class);
    assertThat(judgement.duplicates()).containsEntry(DuplicateCause.UNEXPLAINED.label(), 1L);
  }

  @Test
  void leaseOfALongPollCountsFromTheSendNotFromThePoll() {
    Judgement judgement =
        Story.ofAWholeRun()
            .send(19_000, M)
            .receive(M, 12_000, 19_002, "h", 1)
            .receive(M, 20_000, 20_001, "i", 2)
            .delete(M, 20_002, 20_003, "i", Ending.OK)
            .judged();

    assertThat(judgement.of(Invariant.EXCLUSIVITY).verdict()).isInstanceOf(Verdict.Invalid.class);
  }

  @Test
  void messageReceivedAgainAfterItsLeaseIsExplainedByIt() {
    Judgement judgement =
        Story.ofAWholeRun()
            .send(100, M)
            .receive(M, 200, 201, "h", 1)
            .receive(M, 5_300, 5_500, "i", 2)
            .delete(M, 5_502, 5_503, "i", Ending.OK)
            .judged();

    assertThat(judgement.overall()).isEqualTo(Verdict.valid());
    assertThat(judgement.duplicates()).containsEntry(DuplicateCause.VISIBILITY_EXPIRED.label(), 1L);
    assertThat(judgement.of(Invariant.EXCLUSIVITY).undecided()).isEqualTo(1);
  }

  @Test
  void messageReceivedAgainAcrossAKillIsExplainedByIt() {
    Judgement judgement =
        Story.ofAWholeRun()
            .send(9_900, M)
            .receive(M, 9_990, 9_991, "h", 1)
            .delete(M, 10_001, 10_003, "h", Ending.FAIL)
            .receive(M, 15_500, 15_501, "i", 2)
            .delete(M, 15_502, 15_503, "i", Ending.OK)
            .judged();

    assertThat(judgement.overall()).isEqualTo(Verdict.valid());
    assertThat(judgement.duplicates()).containsEntry(DuplicateCause.CRASH.label(), 1L);
  }

  @Test
  void receiveCountThatDoesNotGrowIsFound() {
    Judgement judgement =
        Story.ofAWholeRun()
            .send(100, M)
            .receive(M, 200, 201, "h", 1)
            .receive(M, 6_000, 6_001, "i", 1)
            .delete(M, 6_002, 6_003, "i", Ending.OK)
            .judged();

    assertOnly(judgement, Invariant.RECEIVE_COUNT);
  }

  @Test
  void receiveCountMayRunAheadOfWhatClientsSaw() {
    Judgement judgement =
        Story.ofAWholeRun()
            .send(100, M)
            .receive(M, 6_000, 6_001, "i", 2)
            .delete(M, 6_002, 6_003, "i", Ending.OK)
            .judged();

    assertThat(judgement.overall()).isEqualTo(Verdict.valid());
  }

  @Test
  void handleGivenOutTwiceIsFound() {
    Story oneMessage =
        Story.ofAWholeRun()
            .send(100, M)
            .receive(M, 200, 201, "h", 1)
            .receive(M, 6_000, 6_001, "h", 2)
            .delete(M, 6_002, 6_003, "h", Ending.INFO);
    Story twoMessages =
        Story.ofAWholeRun()
            .send(100, M)
            .send(110, M + 1)
            .receive(M, 200, 201, "h", 1)
            .receive(M + 1, 210, 211, "h", 1)
            .delete(M, 220, 221, "h", Ending.INFO)
            .delete(M + 1, 220, 222, "h", Ending.INFO);

    assertOnly(oneMessage.judged(), Invariant.HANDLES);
    assertOnly(twoMessages.judged(), Invariant.HANDLES);
  }

  @Test
  void killThatCaughtNothingInFlightLeavesTheVerdictOpen() {
    Judgement judgement =
        new Story()
            .event(0, EventKind.KILL_PLANNED)
            .send(0, M)
            .receive(M, 20, 21, "h", 1)
            .delete(M, 22, 23, "h", Ending.OK)
            .kill(10_000, 10_005)
            .send(10_001, 10_002, M + 1, Ending.INFO)
            .event(90_000, EventKind.DRAINED)
            .judged();

    assertThat(judgement.of(Invariant.WORK_DONE).verdict())
        .isEqualTo(new Verdict.Unknown("1 of 1 kills caught no send and no delete in flight"));
    assertThat(judgement.overall()).isInstanceOf(Verdict.Unknown.class);
  }

  @Test
  void aKillLateInALongRunIsFeltBeforeAndAfterItIsToldOf() {
    Story story = Story.ofAWholeRun();
    for (int i = 0; i < 20_000; i++) {
      story.send(11_000 + i, 11_001 + i, 2_000 + i, Ending.INFO);
    }
    story.send(39_990, 40_001, 50_000, Ending.INFO);
    story.kill(40_000, 40_005);
    story.kill(40_100, 40_101);
    story.send(40_090, 40_200, 50_001, Ending.INFO);

    Judgement judgement = story.judged();

    assertThat(judgement.of(Invariant.WORK_DONE).counts())
        .containsEntry("killsFired", 3L)
        .containsEntry("killsFelt", 3L);
  }

  @Test
  void plannedKillThatNeverFiredLeavesTheVerdictOpen() {
    Judgement judgement = Story.ofAWholeRun().without(EventKind.KILL).judged();

    assertThat(judgement.of(Invariant.WORK_DONE).verdict())
        .isEqualTo(new Verdict.Unknown("1 kills were planned, 0 fired"));
  }

  @Test
  void emptyHistoryProvesNothing() {
    Judgement judgement = new Story().judged();

    assertThat(judgement.overall()).isInstanceOf(Verdict.Unknown.class);
    assertThat(judgement.findings()).isEmpty();
  }

  @Test
  void findingsAreBoundedAndCountedInFull() {
    Story story = Story.ofAWholeRun();
    for (int i = 0; i < 100; i++) {
      story.send(2_000 + i, M + i);
    }

    Judgement judgement = story.judged();

    assertThat(judgement.lost()).isEqualTo(100);
    assertThat(judgement.findings()).hasSize(Findings.KEPT_MAX);
  }

  private static void assertOnly(Judgement judgement, Invariant broken) {
    assertThat(judgement.overall()).isInstanceOf(Verdict.Invalid.class);
    assertThat(judgement.verdicts())
        .filteredOn(each -> each.verdict() instanceof Verdict.Invalid)
        .extracting(InvariantVerdict::invariant)
        .containsExactly(broken);
  }
}
