package io.millrace.chaos.serve;

import io.millrace.chaos.policy.FaultLog;
import io.millrace.chaos.policy.FaultSwitch;
import io.millrace.chaos.policy.Mishap;
import io.millrace.chaos.policy.OrderRule;
import io.millrace.engine.queue.DeliveryPolicy;
import io.millrace.engine.sqs.QueueName;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Hands out waiting messages in the order the policy in force says.
 *
 * <ul>
 *   <li>{@code aws-like}: every message lies in one of K lanes, put there at random when it was
 *       sent, and each lane is first-in, first-out. A short poll reads one lane, drawn at random,
 *       to its limit or the lane's end; a long poll that finds its lane empty reads the next. So
 *       batches are ascending and sometimes short, and neighbours part ways.
 *   <li>{@code window}: each message is drawn from the first W that wait.
 * </ul>
 *
 * <p>A reordering has fired when a receive takes a message before another that waits for longer.
 *
 * <p>Threads: the shard's alone asks.
 */
final class OrderedDelivery implements Function<QueueName, DeliveryPolicy> {

  private final FaultSwitch faults;
  private final FaultLog log;

  OrderedDelivery(FaultSwitch faults, FaultLog log) {
    this.faults = faults;
    this.log = log;
  }

  @Override
  public DeliveryPolicy apply(QueueName queue) {
    Optional<OrderRule> rule = faults.policy().of(queue.value()).order();
    if (rule.isEmpty()) {
      return DeliveryPolicy.QUEUE_ORDER;
    }
    int width = rule.get().width();
    long seed = faults.policy().seed() ^ ((long) queue.value().hashCode() << 32);
    DeliveryPolicy policy =
        switch (rule.get().policy()) {
          case AWS_LIKE ->
              (waiting, count, patient, draw) -> lane(waiting, count, patient, draw, width, seed);
          case WINDOW -> (waiting, count, patient, draw) -> window(waiting, count, draw, width);
        };
    return (waiting, count, patient, draw) -> {
      long first = waiting[0];
      int admitted = policy.arrange(waiting, count, patient, draw);
      if (admitted > 0 && waiting[0] != first) {
        log.fired(
            Mishap.REORDER,
            queue.value(),
            "ReceiveMessage",
            "number %d before number %d".formatted(waiting[0], first));
      }
      return admitted;
    };
  }

  private static int lane(
      long[] waiting, int count, boolean patient, long draw, int lanes, long seed) {
    int drawn = Math.floorMod(draw, lanes);
    int admitted = 0;
    for (int turn = 0; turn < (patient ? lanes : 1) && admitted == 0; turn++) {
      int lane = (drawn + turn) % lanes;
      for (int i = 0; i < count; i++) {
        if (laneOf(waiting[i], lanes, seed) == lane) {
          waiting[admitted++] = waiting[i];
        }
      }
    }
    return admitted;
  }

  private static int laneOf(long number, int lanes, long seed) {
    return new SplittableRandom(seed + number * 0x9E3779B97F4A7C15L).nextInt(lanes);
  }

  /** Draws without putting back; what was drawn leaves room for the next that waits. */
  private static int window(long[] waiting, int count, long draw, int width) {
    SplittableRandom random = new SplittableRandom(draw);
    for (int i = 0; i < count; i++) {
      int drawn = i + random.nextInt(Math.min(width, count - i));
      long number = waiting[drawn];
      System.arraycopy(waiting, i, waiting, i + 1, drawn - i);
      waiting[i] = number;
    }
    return count;
  }
}
