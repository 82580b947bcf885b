package io.millrace.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import io.millrace.chaos.history.FaultKind;
import io.millrace.chaos.history.FaultPhase;
import io.millrace.chaos.history.Fingerprint;
import io.millrace.chaos.history.Origin;
import io.millrace.chaos.history.QueueSettings;
import io.millrace.chaos.history.Survival;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** For each invariant a history that breaks it and one that nearly does. */
class InvariantsTest {

  private static final long M = 7;
  private static final int DEAD_LETTERS = 1;
  private static final QueueSettings FIVE_SECONDS =
      QueueSettings.DEFAULTS.withVisibility(Duration.ofMillis(Story.VISIBILITY_MS));

  @Test
  void staleReceiptThatDeletesIsFound() {
    Story story =
        Story.ofAWholeRun()
            .send(100, M)
            .receive(M, 200, 201, "h", 1)
            .receive(M, 6_000, 6_001, "i", 2)
            .delete(M, 6_002, 6_003, "h", Ending.OK);

    assertOnly(story, Invariant.STALE_HANDLE);
    assertThat(story.judged(Rules.AWS_STANDARD).of(Invariant.STALE_HANDLE).verdict())
        .isEqualTo(Verdict.valid());
  }

  @Test
  void staleReceiptWhoseMessageComesAgainDidNothing() {
    assertValid(
        Story.ofAWholeRun()
            .send(100, M)
            .receive(M, 200, 201, "h", 1)
            .receive(M, 6_000, 6_001, "i", 2)
            .delete(M, 6_002, 6_003, "h", Ending.OK)
            .receive(M, 12_000, 12_001, "j", 3)
            .delete(M, 12_002, 12_003, "j", Ending.OK),
        Invariant.STALE_HANDLE);
  }

  @Test
  void messageThatStaysAwayAfterItsLeaseThoughSomebodyPollsIsFound() {
    assertOnly(
        Story.ofAWholeRun()
            .send(100, M)
            .receive(M, 200, 201, "h", 1)
            .empty(7_300, 8_300)
            .receive(M, 20_000, 20_001, "i", 2)
            .delete(M, 20_002, 20_003, "i", Ending.OK),
        Invariant.REDELIVERY);
  }

  @Test
  void messageThatComesWithinTheLivenessIsInTime() {
    assertValid(
        Story.ofAWholeRun()
            .send(100, M)
            .receive(M, 200, 201, "h", 1)
            .empty(5_500, 6_500)
            .receive(M, 7_000, 7_100, "i", 2)
            .delete(M, 7_102, 7_103, "i", Ending.OK),
        Invariant.REDELIVERY);
  }

  @Test
  void messageReceivedBeforeTheEndOfAStretchedLeaseIsFound() {
    assertThat(
            brokenBy(
                Story.ofAWholeRun()
                    .send(100, M)
                    .receive(M, 200, 201, "h", 1)
                    .change(M, 300, 301, "h", 20_000, Ending.OK)
                    .receive(M, 10_000, 10_001, "i", 2)
                    .delete(M, 10_002, 10_003, "i", Ending.OK)
                    .without(EventKind.KILL)
                    .without(EventKind.KILL_PLANNED)))
        .contains(Invariant.CHANGE_VISIBILITY)
        .doesNotContain(Invariant.EXCLUSIVITY);
  }

  @Test
  void changeOfUnknownOutcomeLeavesBothEndsOpen() {
    assertValid(
        Story.ofAWholeRun()
            .send(100, M)
            .receive(M, 200, 201, "h", 1)
            .change(M, 300, 301, "h", 20_000, Ending.INFO)
            .receive(M, 6_000, 6_001, "i", 2)
            .change(M, 6_100, 6_101, "i", 0, Ending.OK)
            .receive(M, 6_102, 6_103, "j", 3)
            .delete(M, 6_104, 6_105, "j", Ending.OK),
        Invariant.CHANGE_VISIBILITY);
  }

  @Test
  void leaseEndedByAChangeThatReturnsAfterTheNextReceiveIsNoEarlyReceive() {
    Story story =
        Story.ofAWholeRun()
            .send(100, M)
            .receive(M, 200, 201, "h", 1)
            .receive(M, 300, 310, "i", 2)
            .change(M, 290, 350, "h", 0, Ending.OK)
            .delete(M, 360, 361, "i", Ending.OK);

    assertValid(story, Invariant.CHANGE_VISIBILITY);
    assertThat(story.judged().duplicates())
        .containsEntry(DuplicateCause.VISIBILITY_CHANGED.label(), 1L);
  }

  @Test
  void leaseStretchedBeyondTwelveHoursIsFound() {
    assertOnly(
        Story.ofAWholeRun()
            .send(100, M)
            .receive(M, 200, 201, "h", 1)
            .change(M, 3_000, 3_001, "h", 43_200_000, Ending.OK)
            .delete(M, 3_100, 3_101, "h", Ending.OK),
        Invariant.CHANGE_VISIBILITY);
  }

  @Test
  void handleThatNobodyWasGivenMustBeRefused() {
    assertOnly(
        Story.ofAWholeRun().delete(Entry.NO_ATTEMPT, 300, 301, "garbage", Ending.OK),
        Invariant.HANDLES);
    assertValid(
        Story.ofAWholeRun().delete(Entry.NO_ATTEMPT, 300, 301, "garbage", Ending.FAIL),
        Invariant.HANDLES);
  }

  @Test
  void sentTimestampThatChangesIsFound() {
    assertOnly(withTimes(1_100, 1_200, 1_101, 1_200), Invariant.STABLE_META);
    assertOnly(withTimes(1_100, 1_200, 1_100, 1_201), Invariant.STABLE_META);
    assertValid(withTimes(1_100, 1_200, 1_100, 1_200), Invariant.STABLE_META);
  }

  @Test
  void sentTimestampOfAnotherTimeIsFound() {
    Origin atTheEpoch = new Origin(0, 0);
    Story wrong = withTimes(50_000, 60_000, 50_000, 60_000);
    Story right = withTimes(101, 201, 101, 201);

    assertThat(
            Judge.judge(wrong.entries(), atTheEpoch, Rules.STRICT)
                .of(Invariant.STABLE_META)
                .verdict())
        .isInstanceOf(Verdict.Invalid.class);
    assertThat(
            Judge.judge(right.entries(), atTheEpoch, Rules.STRICT)
                .of(Invariant.STABLE_META)
                .verdict())
        .isEqualTo(Verdict.valid());
  }

  @Test
  void delayedMessageReceivedEarlyIsFound() {
    assertOnly(delayed(4_700), Invariant.DELAY);
    assertValid(delayed(4_900), Invariant.DELAY);
  }

  @Test
  void delayedMessageThatStaysAwayIsFound() {
    assertOnly(
        Story.ofAWholeRun()
            .delayed(100, M, 5_000)
            .empty(8_000, 9_000)
            .receive(M, 20_000, 20_001, "h", 1)
            .delete(M, 20_002, 20_003, "h", Ending.OK),
        Invariant.DELAY);
  }

  @Test
  void messageReceivedAfterItsRetentionIsFound() {
    Story young = retained(60_500);
    Story old = retained(70_000);

    assertThat(brokenBy(old)).containsExactly(Invariant.RETENTION);
    assertThat(brokenBy(young)).isEmpty();
  }

  @Test
  void messageThatOutlivedItsRetentionIsNotLost() {
    Story story =
        Story.ofAWholeRun()
            .queue(Entry.FIRST_QUEUE, FIVE_SECONDS.withRetention(Duration.ofSeconds(60)))
            .send(100, M)
            .empty(80_000, 81_000);

    assertValid(story, Invariant.RETENTION);
  }

  @Test
  void moreMessagesInFlightThanTheCapAreFound() {
    assertOnly(inFlight(3, 2), Invariant.IN_FLIGHT_CAP);
    assertValid(inFlight(2, 2), Invariant.IN_FLIGHT_CAP);
  }

  @Test
  void refusalBelowTheCapIsFound() {
    QueueSettings two = FIVE_SECONDS.withInFlightMax(2);
    assertOnly(
        Story.ofAWholeRun()
            .queue(Entry.FIRST_QUEUE, two)
            .send(100, M)
            .receive(M, 200, 201, "h", 1)
            .refusedPoll(300, 301, "OverLimit")
            .delete(M, 400, 401, "h", Ending.OK),
        Invariant.IN_FLIGHT_CAP);
    assertValid(
        Story.ofAWholeRun()
            .queue(Entry.FIRST_QUEUE, two)
            .send(100, M)
            .send(101, M + 1)
            .receive(M, 200, 201, "h", 1)
            .receive(M + 1, 202, 203, "i", 1)
            .refusedPoll(300, 301, "OverLimit")
            .delete(M, 400, 401, "h", Ending.OK)
            .delete(M + 1, 402, 403, "i", Ending.OK),
        Invariant.IN_FLIGHT_CAP);
  }

  @Test
  void longPollCutShortIsFound() {
    assertOnly(Story.ofAWholeRun().empty(2_000, 2_700), Invariant.LONG_POLL);
    assertValid(Story.ofAWholeRun().empty(2_000, 2_800), Invariant.LONG_POLL);
  }

  @Test
  void longPollThatMissesAMessageIsFound() {
    assertOnly(
        Story.ofAWholeRun()
            .send(2_000, M)
            .empty(3_500, 4_500)
            .receive(M, 5_000, 5_001, "h", 1)
            .delete(M, 5_002, 5_003, "h", Ending.OK),
        Invariant.LONG_POLL);
  }

  @Test
  void longPollMayMissWhatItsNeighbourWasGiven() {
    assertValid(
        Story.ofAWholeRun()
            .send(2_000, M)
            .empty(3_500, 4_500)
            .receive(M, 4_400, 4_600, "h", 1)
            .delete(M, 5_002, 5_003, "h", Ending.OK),
        Invariant.LONG_POLL);
  }

  @Test
  void batchThatIsNotAnsweredEntryByEntryIsFound() {
    assertOnly(Story.ofAWholeRun().batch(Ending.OK, 3, 3, 1, 1, 0), Invariant.BATCH);
    assertOnly(Story.ofAWholeRun().batch(Ending.OK, 3, 3, 2, 1, 1), Invariant.BATCH);
    assertOnly(Story.ofAWholeRun().batch(Ending.OK, 11, 11, 11, 0, 0), Invariant.BATCH);
    assertOnly(Story.ofAWholeRun().batch(Ending.OK, 2, 1, 2, 0, 0), Invariant.BATCH);
    assertValid(Story.ofAWholeRun().batch(Ending.OK, 3, 3, 2, 1, 0), Invariant.BATCH);
    assertValid(Story.ofAWholeRun().batch(Ending.FAIL, 11, 11, 0, 0, 0), Invariant.BATCH);
    assertValid(Story.ofAWholeRun().batch(Ending.INFO, 3, 3, 0, 0, 0), Invariant.BATCH);
  }

  @Test
  void countsThatNoMessagesAllowAreFound() {
    assertOnly(counted(2, 1, 1), Invariant.COUNTS);
    assertOnly(counted(1, 2, 1), Invariant.COUNTS);
    assertOnly(counted(1, 1, 0), Invariant.COUNTS);
    assertValid(counted(1, 1, 1), Invariant.COUNTS);
  }

  @Test
  void aMessageSentWhileItIsCountedMayPassForOneThatIsNotDueYet() {
    assertValid(countedAfterItsSend(2_001, 0, 1), Invariant.COUNTS);
    assertValid(countedAfterItsSend(2_001, 1, 0), Invariant.COUNTS);
    assertOnly(countedAfterItsSend(2_003, 0, 1), Invariant.COUNTS);
    assertValid(countedAfterItsSend(2_003, 1, 0), Invariant.COUNTS);
  }

  @Test
  void countsUnderLoadLieBetweenWhatIsCertainAndWhatIsPossible() {
    for (int visible = 0; visible <= 1; visible++) {
      assertValid(
          Story.ofAWholeRun()
              .queue(Entry.FIRST_QUEUE, FIVE_SECONDS)
              .add(sendOf(M, 2_000, 2_100))
              .counts(2_050, 2_060, visible, 0, 0)
              .receive(M, 5_000, 5_001, "h", 1)
              .delete(M, 5_002, 5_003, "h", Ending.OK),
          Invariant.COUNTS);
    }
  }

  @Test
  void messageReceivedMoreOftenThanItsPolicyAllowsIsFound() {
    assertOnly(
        redriven()
            .receive(M, 200, 201, "h", 1)
            .receive(M, 6_000, 6_001, "i", 2)
            .delete(M, 6_002, 6_003, "i", Ending.OK),
        Invariant.DEAD_LETTERS);
  }

  @Test
  void messageMovedTooEarlyIsFound() {
    assertOnly(
        redriven()
            .receiveFrom(DEAD_LETTERS, M, 200, 201, "h", 1)
            .add(deleteFrom(DEAD_LETTERS, M, 202, 203, "h")),
        Invariant.DEAD_LETTERS);
  }

  @Test
  void messageMovedAfterItsLastReceiveIsWhereItBelongs() {
    assertValid(
        redriven()
            .receive(M, 200, 201, "h", 1)
            .receiveFrom(DEAD_LETTERS, M, 6_000, 6_001, "i", 2)
            .add(deleteFrom(DEAD_LETTERS, M, 6_002, 6_003, "i")),
        Invariant.DEAD_LETTERS);
  }

  @Test
  void messageOfAnotherQueueIsAPhantom() {
    assertThat(
            brokenBy(
                Story.ofAWholeRun()
                    .send(100, M)
                    .receiveFrom(5, M, 200, 201, "h", 1)
                    .add(deleteFrom(5, M, 202, 203, "h"))))
        .containsExactly(Invariant.PHANTOM);
  }

  @Test
  void messageReceivedAfterAPurgeIsFound() {
    assertOnly(purged(300, 301, 400, 401), Invariant.PURGE);
    assertThat(brokenBy(purged(300, 450, 400, 401))).isEmpty();
    assertThat(purged(300, 301, 400, 401).judged(Rules.AWS_STANDARD).findings()).isEmpty();
  }

  @Test
  void purgedMessageIsNotLostAndALaterOneIs() {
    Story before = Story.ofAWholeRun().send(100, M).purge(200, 201, Ending.OK);
    Story after = Story.ofAWholeRun().send(300, M).purge(200, 201, Ending.OK);

    assertValid(before, Invariant.PURGE);
    assertThat(brokenBy(after)).containsExactly(Invariant.LOSS);
  }

  @Test
  void whatACrashCostIsPutDownToProducerAndPlace() {
    Story story = Story.ofAWholeRun();
    for (long attempt = 10; attempt < 20; attempt++) {
      story.send(3_000 + attempt, attempt);
    }
    for (long attempt : new long[] {11, 12, 13, 15, 16, 17}) {
      String handle = "handle of " + attempt;
      story
          .receive(attempt, 20_000 + attempt * 10, 20_001 + attempt * 10, handle, 1)
          .delete(attempt, 20_002 + attempt * 10, 20_003 + attempt * 10, handle, Ending.OK);
    }

    Judgement judgement = story.judged();

    assertThat(judgement.lost()).isEqualTo(4);
    assertThat(judgement.of(Invariant.CRASH_ATTRIBUTION).counts())
        .containsEntry("missing", 4L)
        .containsEntry("crash01.ackedBefore", 12L)
        .containsEntry("crash01.missing.prefix", 1L)
        .containsEntry("crash01.missing.middle", 1L)
        .containsEntry("crash01.missing.postfix", 2L);
  }

  @Test
  void crashThatTheTargetDoesNotSurviveTakesWhatItTakes() {
    Story story = Story.ofAWholeRun().send(100, M).powerCut(12_000, 12_001);

    assertThat(brokenBy(story.target(Survival.PROCESS_CRASH))).isEmpty();
    assertThat(brokenBy(story.target(Survival.POWER_LOSS))).containsExactly(Invariant.LOSS);
  }

  @Test
  void countThatBeginsAgainAfterAPowerCutTurnsNoOrderAround() {
    assertThat(
            brokenBy(
                Story.ofAWholeRun()
                    .target(Survival.POWER_LOSS)
                    .send(3_000, M)
                    .receive(M, 3_100, 3_101, "h", 1)
                    .receive(M, 11_000, 11_001, "i", 2)
                    .powerCut(11_100, 11_101)
                    .receive(M, 12_200, 12_201, "j", 1)
                    .delete(M, 12_202, 12_203, "j", Ending.OK)))
        .isEmpty();
  }

  @Test
  void receiveForgottenInAPowerCutExcusesAnEarlyOne() {
    Story story =
        Story.ofAWholeRun()
            .target(Survival.POWER_LOSS)
            .send(10_900, M)
            .receive(M, 11_000, 11_001, "h", 1)
            .powerCut(11_100, 11_101)
            .receive(M, 11_200, 11_201, "i", 1)
            .delete(M, 11_202, 11_203, "i", Ending.OK);

    assertThat(brokenBy(story)).isEmpty();
    assertThat(brokenBy(story.without(EventKind.POWER_CUT)))
        .contains(Invariant.EXCLUSIVITY, Invariant.RECEIVE_COUNT);
  }

  @Test
  void duplicateThatWasArrangedIsNobodysFault() {
    Story story =
        Story.ofAWholeRun()
            .send(100, M)
            .receive(M, 200, 201, "h", 1)
            .fault(250, 0, FaultKind.DUPLICATE_NOW, FaultPhase.FIRED, Story.messageId(M))
            .receive(M, 300, 301, "i", 2)
            .delete(M, 400, 401, "i", Ending.OK);

    assertThat(brokenBy(story)).isEmpty();
    assertThat(story.judged().duplicates()).containsEntry(DuplicateCause.INJECTED.label(), 1L);
  }

  @Test
  void whatWasArrangedInAQueueExcusesItsDeadLetterQueue() {
    Story story =
        redriven()
            .receive(M, 200, 201, "h", 1)
            .fault(250, 0, FaultKind.DUPLICATED_REQUEST, FaultPhase.FIRED, Fingerprint.NONE)
            .receiveFrom(DEAD_LETTERS, M, 6_000, 6_001, "i", 2)
            .receiveFrom(DEAD_LETTERS, M, 6_100, 6_101, "j", 3)
            .add(deleteFrom(DEAD_LETTERS, M, 6_200, 6_201, "j"));

    assertThat(brokenBy(story)).isEmpty();
  }

  @Test
  void purgeOfTheDeadLetterQueueMayTakeWhatNobodySawMove() {
    Story story =
        redriven()
            .add(
                new Entry.Receive(
                    1,
                    150_000_000,
                    151_000_000,
                    Ending.OK,
                    "",
                    0,
                    5_000,
                    10,
                    List.of(),
                    DEAD_LETTERS))
            .receive(M, 200, 201, "h", 1);

    assertThat(brokenBy(story)).contains(Invariant.LOSS);
    story.add(
        new Entry.Purge(1, 8_000_000_000L, 8_001_000_000L, Ending.INFO, "as told", DEAD_LETTERS));
    assertThat(brokenBy(story)).isEmpty();
  }

  @Test
  void duplicateArrangedForAnotherMessageExcusesNothing() {
    Story story =
        Story.ofAWholeRun()
            .send(100, M)
            .receive(M, 200, 201, "h", 1)
            .fault(250, 0, FaultKind.DUPLICATE_NOW, FaultPhase.FIRED, Story.messageId(1_000))
            .receive(M, 300, 301, "i", 2)
            .delete(M, 400, 401, "i", Ending.OK);

    assertThat(brokenBy(story)).contains(Invariant.EXCLUSIVITY);
  }

  @Test
  void plannedFaultThatNeverFiredLeavesTheVerdictOpen() {
    Story story =
        Story.ofAWholeRun()
            .fault(1, 3, FaultKind.LATENCY, FaultPhase.PLANNED, Fingerprint.NONE)
            .fault(2, 4, FaultKind.RESET, FaultPhase.PLANNED, Fingerprint.NONE)
            .fault(9, 4, FaultKind.RESET, FaultPhase.SKIPPED, Fingerprint.NONE);

    assertThat(story.judged().overall())
        .isEqualTo(
            new Verdict.Unknown(
                "1 of 2 planned faults never fired, the first is number 3, latency"));
    story.fault(50, 3, FaultKind.LATENCY, FaultPhase.FIRED, Fingerprint.NONE);
    assertThat(story.judged().overall()).isEqualTo(Verdict.valid());
  }

  @Test
  void requiredInvariantThatWasNotExercisedLeavesTheVerdictOpen() {
    Rules wantsPurges = Rules.STRICT.requiring(Set.of(Invariant.PURGE));

    assertThat(Story.ofAWholeRun().judged().overall()).isEqualTo(Verdict.valid());
    assertThat(Story.ofAWholeRun().judged(wantsPurges).overall())
        .isEqualTo(new Verdict.Unknown("no purge met a message"));
  }

  private static Story withTimes(long sent, long first, long sentAgain, long firstAgain) {
    return Story.ofAWholeRun()
        .send(100, M)
        .receive(200, 201, dated("h", 1, sent, first))
        .receive(6_000, 6_001, dated("i", 2, sentAgain, firstAgain))
        .delete(M, 6_002, 6_003, "i", Ending.OK);
  }

  private static Delivery dated(String handle, int count, long sentAtMs, long firstAtMs) {
    return new Delivery(
        M, Story.messageId(M), Fingerprint.of(handle), count, sentAtMs, firstAtMs, Set.of());
  }

  private static Story delayed(long receivedMs) {
    return Story.ofAWholeRun()
        .delayed(100, M, 5_000)
        .receive(M, 300, receivedMs, "h", 1)
        .delete(M, receivedMs + 1, receivedMs + 2, "h", Ending.OK);
  }

  private static Story retained(long receivedMs) {
    return Story.ofAWholeRun()
        .queue(Entry.FIRST_QUEUE, FIVE_SECONDS.withRetention(Duration.ofSeconds(60)))
        .send(100, M)
        .receive(M, receivedMs, receivedMs + 1, "h", 1)
        .delete(M, receivedMs + 2, receivedMs + 3, "h", Ending.OK);
  }

  private static Story inFlight(int messages, int cap) {
    Story story = Story.ofAWholeRun().queue(Entry.FIRST_QUEUE, FIVE_SECONDS.withInFlightMax(cap));
    for (int i = 0; i < messages; i++) {
      story.send(2_000 + i, M + i).receive(M + i, 2_100 + i, 2_101 + i, "h" + i, 1);
    }
    for (int i = 0; i < messages; i++) {
      story.delete(M + i, 3_000, 3_001, "h" + i, Ending.OK);
    }
    return story;
  }

  /** A message without a delay, sent by 2,001 ms, and the counts of some instant. */
  private static Story countedAfterItsSend(long atMs, long visible, long delayed) {
    return Story.ofAWholeRun()
        .queue(Entry.FIRST_QUEUE, FIVE_SECONDS)
        .send(2_000, M)
        .counts(atMs, atMs + 1, visible, 0, delayed)
        .receive(M, 4_000, 4_001, "h", 1)
        .delete(M, 6_000, 6_001, "h", Ending.OK);
  }

  /** At 5 s one message is visible, one in flight, one delayed. */
  private static Story counted(long visible, long inFlight, long delayed) {
    return Story.ofAWholeRun()
        .queue(Entry.FIRST_QUEUE, FIVE_SECONDS)
        .send(2_000, M)
        .send(2_010, M + 1)
        .delayed(2_020, M + 2, 10_000)
        .receive(M + 1, 4_000, 4_001, "h", 1)
        .counts(5_000, 5_001, visible, inFlight, delayed)
        .delete(M + 1, 6_000, 6_001, "h", Ending.OK)
        .receive(M, 20_000, 20_001, "i", 1)
        .delete(M, 20_002, 20_003, "i", Ending.OK)
        .receive(M + 2, 20_004, 20_005, "j", 1)
        .delete(M + 2, 20_006, 20_007, "j", Ending.OK);
  }

  private static Entry.Send sendOf(long attempt, long fromMs, long toMs) {
    return new Entry.Send(
        0,
        fromMs * 1_000_000,
        toMs * 1_000_000,
        Ending.OK,
        "",
        attempt,
        attempt,
        fromMs * 1_000_000,
        0,
        Story.messageId(attempt),
        true);
  }

  private static Story redriven() {
    return Story.ofAWholeRun()
        .queue(DEAD_LETTERS, FIVE_SECONDS)
        .queue(Entry.FIRST_QUEUE, FIVE_SECONDS.withDeadLetters(DEAD_LETTERS, 1))
        .send(100, M);
  }

  private static Entry.Delete deleteFrom(
      int queue, long attempt, long fromMs, long toMs, String handle) {
    return new Entry.Delete(
        1,
        fromMs * 1_000_000,
        toMs * 1_000_000,
        Ending.OK,
        "",
        attempt,
        Fingerprint.of(handle),
        Entry.ALONE,
        queue);
  }

  private static Story purged(long purgeFrom, long purgeTo, long pollFrom, long pollTo) {
    return Story.ofAWholeRun()
        .send(100, M)
        .purge(purgeFrom, purgeTo, Ending.OK)
        .receive(M, pollFrom, pollTo, "h", 1)
        .delete(M, pollTo + 60, pollTo + 61, "h", Ending.OK);
  }

  private static List<Invariant> brokenBy(Story story) {
    return story.judged().verdicts().stream()
        .filter(each -> each.verdict() instanceof Verdict.Invalid)
        .map(InvariantVerdict::invariant)
        .toList();
  }

  private static void assertOnly(Story story, Invariant broken) {
    assertThat(brokenBy(story)).as("%s", story.judged().findings()).containsExactly(broken);
  }

  private static void assertValid(Story story, Invariant exercised) {
    Judgement judgement = story.judged();
    assertThat(judgement.findings()).isEmpty();
    assertThat(judgement.overall()).isEqualTo(Verdict.valid());
    assertThat(judgement.of(exercised).exercised()).isTrue();
  }
}
