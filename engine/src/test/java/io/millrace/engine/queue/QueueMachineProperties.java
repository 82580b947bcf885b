package io.millrace.engine.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.sqs.Limits;
import io.millrace.engine.sqs.QueueAttribute;
import io.millrace.engine.sqs.ReceiptHandle;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What holds for every sequence of requests and every passing of time, over whatever backlog. */
abstract class QueueMachineProperties {

  /** An empty backlog that no other queue uses. */
  abstract Backlog emptyBacklog();

  private QueueBench bench(Map<QueueAttribute, String> attributes) {
    return new QueueBench(1, attributes, emptyBacklog());
  }

  private QueueBench bench() {
    return bench(Map.of());
  }

  @Property(tries = 300)
  void stateIsTheFoldOfTheLogHoweverOftenTheQueueWasLookedAt(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 150) int steps) {
    QueueBench queue = bench();
    drive(queue, new Random(seed), steps);
    Backlog other = emptyBacklog();
    QueueMachine replayed = queue.replayed(other);
    queue.machine.advance(queue.nowMs);
    assertThat(QueueBench.describe(replayed, other))
        .isEqualTo(QueueBench.describe(queue.machine, queue.backlog));
  }

  @Property(tries = 300)
  void aQueueRestoredFromASnapshotGoesOnAsIfNothingHadHappened(@ForAll long seed) {
    QueueBench queue = bench();
    Random random = new Random(seed);
    drive(queue, random, 80);
    QueueMachine restored =
        QueueMachine.restore(
            1,
            queue.machine.name(),
            queue.machine.attributes(),
            queue.machine.snapshot(),
            Limits.IN_FLIGHT_MAX,
            queue.backlog);
    assertThat(QueueBench.describe(restored, queue.backlog))
        .isEqualTo(QueueBench.describe(queue.machine, queue.backlog));
    restored.checkConservation();
  }

  @Property(tries = 200)
  void everyMessageIsDeliveredInTheEndUnlessItWasDeleted(@ForAll long seed) {
    QueueBench queue = bench();
    Set<Long> deleted = drive(queue, new Random(seed), 120);
    Set<Long> expected = new HashSet<>();
    for (long number = 1; number < queue.machine.nextNumber(); number++) {
      expected.add(number);
    }
    expected.removeAll(deleted);
    queue.pass(2_000_000);
    Set<Long> drained = new HashSet<>();
    for (List<ReceiptHandle> batch = queue.receive(10, 600);
        !batch.isEmpty();
        batch = queue.receive(10, 600)) {
      batch.forEach(receipt -> assertThat(drained.add(receipt.messageNumber())).isTrue());
    }
    assertThat(drained).isEqualTo(expected);
  }

  /**
   * Random requests and passing time; returns what was deleted. Nothing expires by retention here.
   */
  private static Set<Long> drive(QueueBench queue, Random random, int steps) {
    List<ReceiptHandle> receipts = new ArrayList<>();
    Set<Long> deleted = new HashSet<>();
    for (int step = 0; step < steps; step++) {
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> queue.send(random.nextInt(4) == 0 ? random.nextInt(900) : 0);
        case 3, 4 -> receipts.addAll(queue.receive(1 + random.nextInt(10), random.nextInt(60)));
        case 5 -> {
          if (!receipts.isEmpty()) {
            ReceiptHandle receipt = receipts.get(random.nextInt(receipts.size()));
            if (queue.delete(receipt)) {
              deleted.add(receipt.messageNumber());
            }
          }
        }
        case 6 -> {
          if (!receipts.isEmpty()) {
            queue.changeVisibility(
                receipts.get(random.nextInt(receipts.size())), random.nextInt(100));
          }
        }
        default -> {
          if (random.nextBoolean()) {
            queue.pass(random.nextInt(40_000));
          } else {
            queue.nowMs += random.nextInt(40_000); // passes unseen until the next request
          }
        }
      }
    }
    return deleted;
  }

  @Property(tries = 200)
  void retentionIsTheSameInOneStepOrInMany(@ForAll long seed) {
    Random random = new Random(seed);
    Map<QueueAttribute, String> attributes = Map.of(QueueAttribute.MESSAGE_RETENTION_PERIOD, "60");
    QueueBench often = bench(attributes);
    QueueBench once = bench(attributes);
    for (int i = 0; i < 40; i++) {
      int delay = random.nextInt(3) == 0 ? random.nextInt(120) : 0;
      long gap = random.nextInt(5_000);
      often.nowMs += gap;
      once.nowMs += gap;
      often.send(delay);
      once.send(delay);
      if (random.nextInt(3) == 0) {
        int visibility = random.nextInt(90);
        often.receive(3, visibility);
        once.receive(3, visibility);
      }
    }
    for (int i = 0; i < 100; i++) {
      often.pass(1_000);
    }
    once.pass(100_000);
    assertThat(QueueBench.describe(often.machine, often.backlog))
        .isEqualTo(QueueBench.describe(once.machine, once.backlog));
  }

  /** Each step of a random life leaves the same over this backlog as over the plain one. */
  @Property(tries = 100)
  void theBacklogMakesNoDifference(@ForAll long seed) {
    QueueBench here = bench();
    QueueBench plain = new QueueBench();
    drive(here, new Random(seed), 150);
    drive(plain, new Random(seed), 150);
    assertThat(QueueBench.describe(here.machine, here.backlog))
        .isEqualTo(QueueBench.describe(plain.machine, plain.backlog));
  }
}
