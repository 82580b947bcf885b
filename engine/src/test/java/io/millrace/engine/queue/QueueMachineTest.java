package io.millrace.engine.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.sqs.Limits;
import io.millrace.engine.sqs.QueueAttribute;
import io.millrace.engine.sqs.ReceiptHandle;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueueMachineTest {

  private final QueueBench queue = new QueueBench();

  private static List<Long> numbers(List<ReceiptHandle> receipts) {
    return receipts.stream().map(ReceiptHandle::messageNumber).toList();
  }

  @Test
  void messagesComeInTheOrderTheyWereSent() {
    queue.send();
    queue.send();
    queue.send();
    assertThat(numbers(queue.receive(2))).containsExactly(1L, 2L);
    assertThat(numbers(queue.receive(2))).containsExactly(3L);
    assertThat(queue.receive(2)).isEmpty();
  }

  @Test
  void aReceivedMessageIsHiddenUntilItsLeaseEnds() {
    queue.send();
    queue.receive(1);
    queue.pass(29_999);
    assertThat(queue.receive(1)).isEmpty();
    queue.pass(1);
    assertThat(queue.receive(1)).hasSize(1);
  }

  @Test
  void aReceiveMayNameItsOwnVisibilityTimeout() {
    queue.send();
    assertThat(queue.receive(1, 0)).hasSize(1);
    assertThat(queue.receive(1, 5)).hasSize(1);
    queue.pass(4_999);
    assertThat(queue.receive(1)).isEmpty();
    queue.pass(1);
    assertThat(queue.receive(1).get(0).receiveNumber()).isEqualTo(3);
  }

  @Test
  void aMessageIsOnlyReceivedOnceItsSendIsDurable() {
    queue.send();
    queue.send();
    assertThat(queue.receive(10, 30, 100)).isEmpty();
    assertThat(numbers(queue.receive(10, 30, 200))).containsExactly(1L);
  }

  @Test
  void aDelayedMessageAppearsWhenItIsDue() {
    queue.send(5);
    queue.send();
    assertThat(queue.machine.delayed()).isEqualTo(1);
    assertThat(numbers(queue.receive(10))).containsExactly(2L);
    queue.pass(4_999);
    assertThat(queue.receive(10)).isEmpty();
    queue.pass(1);
    assertThat(numbers(queue.receive(10))).containsExactly(1L);
  }

  @Test
  void delayedMessagesComeInTheOrderTheyAreDue() {
    queue.send(9);
    queue.send(3);
    queue.send(6);
    queue.pass(20_000);
    assertThat(numbers(queue.receive(10))).containsExactly(2L, 3L, 1L);
  }

  @Test
  void theLatestReceiptDeletesEvenAfterItsLeaseEnded() {
    queue.send();
    ReceiptHandle receipt = queue.receive(1).get(0);
    queue.pass(60_000);
    assertThat(queue.delete(receipt)).isTrue();
    assertThat(queue.receive(1)).isEmpty();
    assertThat(queue.delete(receipt)).isFalse();
  }

  @Test
  void receiptFromEarlierReceiveCannotDelete() {
    queue.send();
    ReceiptHandle first = queue.receive(1, 0).get(0);
    ReceiptHandle second = queue.receive(1).get(0);
    assertThat(queue.delete(first)).isFalse();
    assertThat(queue.machine.inFlight()).isEqualTo(1);
    assertThat(queue.delete(second)).isTrue();
  }

  @Test
  void aReceiptWhoseReceiveWasLostStillDeletes() {
    queue.send();
    // The record of this receive never reached the disk; its receipt is genuine all the same.
    ReceiptHandle lost = new ReceiptHandle(1, 1, 1, 1);
    assertThat(queue.delete(lost)).isTrue();
  }

  @Test
  void aLostReceiptIsStaleOnceALaterStartHandedTheMessageOutAgain() {
    queue.send();
    ReceiptHandle lost = new ReceiptHandle(1, 1, 1, 1);
    queue.start = 2;
    queue.receive(1);
    assertThat(queue.delete(lost)).isFalse();
  }

  @Test
  void theNumberOfADamagedMessageIsNoOtherMessages() {
    queue.send();
    // The record of the second send decayed; that of its receive can still be read.
    queue.commit(new Event.Received(1, 1, queue.nowMs + 30_000, new long[] {2}, new int[] {1}));
    ReceiptHandle receiptOfTheDamaged = new ReceiptHandle(1, 2, 1, 1);
    queue.start = 2;
    queue.pass(1);
    assertThat(queue.send()).isEqualTo(3);
    assertThat(queue.delete(receiptOfTheDamaged)).isFalse();
    assertThat(numbers(queue.receive(10))).containsExactly(1L, 3L);
    assertThat(queue.machine.conservation().lost()).isEqualTo(1);
  }

  @Test
  void freshAndReturnedMessagesAlternate() {
    for (int i = 0; i < 3; i++) {
      queue.send();
    }
    queue.receive(3, 1);
    queue.pass(1_000);
    for (int i = 0; i < 3; i++) {
      queue.send();
    }
    List<Long> order = numbers(queue.receive(6));
    assertThat(order).hasSize(6);
    for (int i = 0; i + 1 < 6; i++) {
      assertThat(order.get(i) <= 3).isNotEqualTo(order.get(i + 1) <= 3);
    }
  }

  @Test
  void aMessageReceivedThreeTimesGoesToTheBack() {
    queue.send();
    for (int i = 0; i < 3; i++) {
      queue.receive(1, 0);
    }
    queue.send();
    queue.send();
    // It joined the end of the line before the two were sent, so it is first; once more and it is
    // last.
    assertThat(numbers(queue.receive(1, 0))).containsExactly(1L);
    assertThat(numbers(queue.receive(10))).containsExactly(2L, 3L, 1L);
  }

  @Test
  void changedVisibilityCountsFromTheCall() {
    queue.send();
    ReceiptHandle receipt = queue.receive(1, 30).get(0);
    queue.pass(10_000);
    assertThat(queue.changeVisibility(receipt, 5)).isInstanceOf(VisibilityDecision.Change.class);
    queue.pass(4_999);
    assertThat(queue.receive(1)).isEmpty();
    queue.pass(1);
    assertThat(queue.receive(1)).hasSize(1);
  }

  @Test
  void visibilityZeroMakesAMessageVisibleAtOnce() {
    queue.send();
    ReceiptHandle receipt = queue.receive(1).get(0);
    queue.changeVisibility(receipt, 0);
    assertThat(queue.machine.visible()).isEqualTo(1);
    assertThat(queue.receive(1)).hasSize(1);
  }

  @Test
  void aVisibleMessageIsNotHiddenAgainByItsOldReceipt() {
    queue.send();
    ReceiptHandle receipt = queue.receive(1, 1).get(0);
    queue.pass(1_000);
    assertThat(queue.changeVisibility(receipt, 600))
        .isInstanceOf(VisibilityDecision.NoChange.class);
    assertThat(queue.receive(1)).hasSize(1);
  }

  @Test
  void visibilityOfADeletedMessageCannotBeChanged() {
    queue.send();
    ReceiptHandle receipt = queue.receive(1).get(0);
    queue.delete(receipt);
    assertThat(queue.changeVisibility(receipt, 5)).isInstanceOf(VisibilityDecision.Refused.class);
  }

  @Test
  void visibilityEndsTwelveHoursAfterTheReceive() {
    queue.send();
    ReceiptHandle receipt = queue.receive(1, 43_200).get(0);
    queue.pass(1_000);
    assertThat(queue.changeVisibility(receipt, 43_199))
        .isInstanceOf(VisibilityDecision.Change.class);
    assertThat(queue.changeVisibility(receipt, 43_200))
        .isInstanceOfSatisfying(
            VisibilityDecision.Refused.class,
            refused ->
                assertThat(refused.error().message())
                    .contains("Total VisibilityTimeout for the message is beyond the limit"));
  }

  @Test
  void retentionEndsMessagesWhereverTheyStand() {
    QueueBench shortLived =
        new QueueBench(1, Map.of(QueueAttribute.MESSAGE_RETENTION_PERIOD, "60"));
    shortLived.send();
    shortLived.send(900);
    shortLived.send();
    shortLived.receive(1, 43_200);
    shortLived.pass(59_999);
    assertThat(shortLived.machine.conservation().expired()).isZero();
    shortLived.pass(1);
    assertThat(shortLived.machine.conservation().expired()).isEqualTo(3);
    assertThat(shortLived.machine.visible()).isZero();
    assertThat(shortLived.machine.inFlight()).isZero();
    assertThat(shortLived.machine.delayed()).isZero();
    shortLived.machine.checkConservation();
  }

  @Test
  void loweringRetentionReachesMessagesAlreadySent() {
    queue.send();
    queue.pass(120_000);
    queue.commit(
        new Event.AttributesSet(
            1, QueueBench.attributes(Map.of(QueueAttribute.MESSAGE_RETENTION_PERIOD, "60"))));
    assertThat(queue.machine.conservation().expired()).isEqualTo(1);
  }

  @Test
  void purgeTakesVisibleInFlightAndDelayedMessages() {
    queue.send();
    queue.send();
    queue.send(900);
    queue.receive(1);
    queue.commit(new Event.Purged(1));
    assertThat(queue.machine.conservation().purged()).isEqualTo(3);
    assertThat(queue.receive(10)).isEmpty();
    assertThat(queue.machine.refusePurge()).isPresent();
    queue.pass(60_000);
    assertThat(queue.machine.refusePurge()).isEmpty();
    assertThat(numbers(List.of(new ReceiptHandle(1, queue.send(), 1, 1)))).containsExactly(4L);
    assertThat(queue.receive(10)).hasSize(1);
  }

  @Test
  void atTheInFlightCapNothingIsDelivered() {
    for (int i = 0; i <= Limits.IN_FLIGHT_MAX; i++) {
      queue.send();
    }
    ReceiptHandle last = new ReceiptHandle(1, 1, 1, 1);
    for (int i = 0; i < Limits.IN_FLIGHT_MAX / 10; i++) {
      last = queue.receive(10).get(9);
    }
    assertThat(queue.machine.inFlight()).isEqualTo(Limits.IN_FLIGHT_MAX);
    assertThat(queue.machine.overInFlightLimit()).isTrue();
    assertThat(queue.receive(10)).isEmpty();
    queue.delete(last);
    assertThat(queue.receive(10)).hasSize(1);
  }

  @Test
  void aMessageReceivedTooOftenIsChosenForTheDeadLetterQueue() {
    QueueBench source =
        new QueueBench(
            1,
            Map.of(
                QueueAttribute.REDRIVE_POLICY,
                "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:dead\",\"maxReceiveCount\":2}"));
    source.send();
    source.receive(1, 0);
    source.receive(1, 0);
    Selection selection = new Selection();
    source.machine.decideReceive(selection, 10, Long.MAX_VALUE, true);
    assertThat(selection.size()).isZero();
    assertThat(selection.moves()).isEqualTo(1);
    selection.clear();
    source.machine.decideReceive(selection, 10, Long.MAX_VALUE, false);
    assertThat(selection.size()).isEqualTo(1);
  }

  @Test
  void aMoveKeepsTheSendAndTheCountAndIsInOneQueueOnly() {
    QueueBench dead = new QueueBench(2, Map.of());
    queue.send();
    queue.receive(1, 0);
    queue.pass(5_300);
    dead.pass(5_300);
    Event.Moved move = queue.machine.decideMove(1, 7, dead.machine);
    queue.machine.applyMovedOut(move, queue.nowMs);
    dead.machine.applyMovedIn(move, dead.nowMs, 4_000, 120);
    assertThat(queue.machine.visible()).isZero();
    assertThat(dead.machine.visible()).isEqualTo(1);
    assertThat(dead.machine.oldestSentAtMs()).isEqualTo(QueueBench.START_MS);
    assertThat(dead.machine.oldestArrivedAtMs())
        .as("to the second")
        .isEqualTo(QueueBench.START_MS + 5_000);
    assertThat(dead.backlog.origin(1)).isEqualTo(1);
    ReceiptHandle receipt = dead.receive(1).get(0);
    assertThat(receipt.receiveNumber()).isEqualTo(2);
    queue.machine.checkConservation();
    dead.machine.checkConservation();
  }

  @Test
  void aDamagedSendLeavesAGapThatIsCounted() {
    queue.send();
    queue.machine.apply(new Event.Sent(1, 4, 7, 8, 0), queue.nowMs, 900, 100);
    assertThat(queue.machine.conservation().lost()).isEqualTo(2);
    queue.machine.checkConservation();
    assertThat(numbers(queue.receive(10))).containsExactly(1L, 4L);
  }

  @Test
  void aCarriedMessageIsReadFromItsNewPlace() {
    queue.send();
    long before = queue.backlog.position(1);
    queue.commit(new Event.Carried(1, 1, before));
    assertThat(queue.backlog.position(1)).isGreaterThan(before);
    long after = queue.backlog.position(1);
    queue.commit(new Event.Carried(1, 1, before));
    assertThat(queue.backlog.position(1)).isEqualTo(after);
  }
}
