package io.millrace.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.history.HistoryWriter;
import io.millrace.chaos.history.Origin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order of delivery, measured against counting by hand. */
class OrderTest {

  /**
   * One hundred messages sent in order to Amazon SQS (us-west-2, June 2025), as thirteen short
   * polls gave them back.
   */
  private static final int[] AMAZON = {
    13, 14, 17, 20, 22, 27, 39, 47, 49, 75, 0, 6, 16, 29, 35, 45, 51, 53, 74, 78, 77, 84, 88, 91,
    85, 94, 97, 99, 3, 9, 11, 21, 24, 25, 37, 54, 57, 60, 61, 62, 64, 72, 89, 90, 95, 1, 2, 5, 7, 8,
    12, 15, 18, 28, 32, 23, 26, 30, 34, 36, 38, 43, 55, 59, 66, 33, 40, 46, 48, 67, 70, 71, 73, 79,
    80, 4, 10, 19, 31, 41, 42, 44, 50, 52, 56, 87, 96, 98, 58, 63, 65, 69, 76, 82, 86, 68, 81, 83,
    92, 93
  };

  @Test
  void recordedOrderOfAmazonSqsIsMeasuredAsCountedByHand() {
    Story story = new Story();
    for (int i = 0; i < AMAZON.length; i++) {
      story.send(i * 10L, i);
    }
    for (int i = 0; i < AMAZON.length; i++) {
      story.receive(
          2_000 + i,
          2_001 + i,
          Story.delivery(AMAZON[i], Story.messageId(AMAZON[i]), "h" + i, 1, Set.of()));
    }

    InvariantVerdict order = story.judged().of(Invariant.ORDER);

    assertThat(order.verdict()).isEqualTo(Verdict.valid());
    assertThat(order.counts())
        .containsEntry("inversions", 1_809L)
        .containsEntry("inversionsPerMillionPairs", 365_455L)
        .containsEntry("displacementMax", 72L)
        .containsEntry("beyondWindow", 0L);
    assertThat(order.counts().get("displacementMeanThousandths")).isBetween(27_500L, 28_500L);
  }

  @Test
  void partOfARunIsMeasuredByItself(@TempDir Path directory) throws IOException {
    Story story = new Story();
    for (int i = 0; i < 10; i++) {
      story.send(i * 10L, i);
    }
    int[] order = {0, 1, 2, 3, 4, 9, 8, 7, 6, 5};
    for (int i = 0; i < order.length; i++) {
      story.receive(
          200 + i,
          201 + i,
          Story.delivery(order[i], Story.messageId(order[i]), "h" + i, 1, Set.of()));
    }
    try (HistoryWriter log = HistoryWriter.create(directory, 0, Origin.now())) {
      story.entries().forEach(log::append);
    }
    long middleNs = 50_000_000;

    assertThat(DeliveryOrder.read(directory, 0, middleNs)).isEqualTo(new DeliveryOrder(5, 0, 0, 0));
    assertThat(DeliveryOrder.read(directory, middleNs, Long.MAX_VALUE))
        .isEqualTo(new DeliveryOrder(5, 1_000_000, 2.4, 4));
    assertThat(DeliveryOrder.read(directory, 0, Long.MAX_VALUE))
        .isEqualTo(new DeliveryOrder(10, 222_222, 1.2, 4));
  }

  @Test
  void windowThatSlidesCountsAsOneThatHoldsEverything() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Long> numbers = new ArrayList<>();
    for (long i = 0; i < 5_000; i++) {
      numbers.add(i);
    }
    for (int from = 0; from + 40 < numbers.size(); from += 40) {
      Collections.shuffle(numbers.subList(from, from + 40), random);
    }
    OrderMeter sliding = new OrderMeter(512);
    OrderMeter whole = new OrderMeter(8_192);

    for (OrderMeter meter : List.of(sliding, whole)) {
      for (int i = 0; i < numbers.size(); i++) {
        meter.sent(i);
        if (i >= 100) {
          meter.arrived(numbers.get(i - 100));
        }
      }
    }

    assertThat(whole.inversions()).as("seed %d", seed).isPositive();
    assertThat(sliding.inversions()).as("seed %d", seed).isEqualTo(whole.inversions());
    assertThat(sliding.displacementMax()).isEqualTo(whole.displacementMax());
    assertThat(sliding.histogram()).isEqualTo(whole.histogram());
    assertThat(sliding.beyondWindow()).isZero();
  }

  @Test
  void messageFromBeforeTheWindowIsCountedAsSuch() {
    OrderMeter meter = new OrderMeter(16);
    for (long i = 0; i < 100; i++) {
      meter.sent(i);
      if (i > 0) {
        meter.arrived(i);
      }
    }

    meter.arrived(0);

    assertThat(meter.beyondWindow()).isEqualTo(1);
    assertThat(meter.inversions()).isPositive();
    assertThat(meter.displacementMax()).isPositive();
  }
}
