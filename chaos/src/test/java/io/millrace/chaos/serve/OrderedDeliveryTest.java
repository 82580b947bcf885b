package io.millrace.chaos.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.client.BatchItem;
import io.millrace.chaos.client.Caps;
import io.millrace.chaos.client.IncomingMessage;
import io.millrace.chaos.client.Outcome;
import io.millrace.chaos.client.OutgoingMessage;
import io.millrace.chaos.client.Session;
import io.millrace.chaos.embedded.EmbeddedTarget;
import io.millrace.chaos.history.QueueSettings;
import io.millrace.chaos.history.Survival;
import io.millrace.chaos.policy.ChaosPolicy;
import io.millrace.chaos.policy.FaultLog;
import io.millrace.chaos.policy.FaultSwitch;
import io.millrace.chaos.policy.Mishap;
import io.millrace.chaos.policy.OrderRule;
import io.millrace.chaos.policy.QueueFaults;
import io.millrace.engine.Engine;
import io.millrace.engine.EngineConfig;
import io.millrace.engine.shard.Durability;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrderedDeliveryTest {

  private static final int MESSAGES = 100;
  private static final int LIMIT = 10;
  private static final int LANES = 6;
  private static final int QUEUES = 80;

  /**
   * What Amazon SQS gave: 100 messages sent in order to a standard queue, received by short polls
   * of at most ten (us-west-2, June 2025, one run).
   */
  private static final List<List<Integer>> RECORDED =
      List.of(
          List.of(13, 14, 17, 20, 22, 27, 39, 47, 49, 75),
          List.of(0, 6, 16, 29, 35, 45, 51, 53, 74, 78),
          List.of(77, 84, 88, 91),
          List.of(85, 94, 97, 99),
          List.of(3, 9, 11, 21, 24, 25, 37, 54, 57, 60),
          List.of(61, 62, 64, 72, 89, 90, 95),
          List.of(1, 2, 5, 7, 8, 12, 15, 18, 28, 32),
          List.of(23, 26, 30, 34, 36, 38, 43, 55, 59, 66),
          List.of(33, 40, 46, 48, 67, 70, 71, 73, 79, 80),
          List.of(4, 10, 19, 31, 41, 42, 44, 50, 52, 56),
          List.of(87, 96, 98),
          List.of(58, 63, 65, 69, 76, 82, 86),
          List.of(68, 81, 83, 92, 93));

  private final FaultLog log = new FaultLog();
  private final long seed = System.nanoTime();

  @TempDir private Path data = Path.of("unset");

  @Test
  void recordedOrderIsThatOfSixLanesReadOneAPoll() {
    assertThat(RECORDED).allSatisfy(batch -> assertThat(batch).isSorted());
    assertThat(chains(RECORDED)).isEqualTo(LANES);
    assertThat(inversions(RECORDED)).isEqualTo(1_809);
    assertThat(meanDisplacement(RECORDED)).isBetween(28.0, 29.0);
    assertThat(maxDisplacement(RECORDED)).isEqualTo(72);
  }

  @Test
  void awsLikeOrderIsOneThatTheRecordedCouldBeOf() throws IOException {
    List<List<List<Integer>>> runs = receivedUnder(OrderRule.Policy.AWS_LIKE, LANES);

    assertThat(runs)
        .as("seed %d", seed)
        .allSatisfy(
            run -> {
              assertThat(run).allSatisfy(batch -> assertThat(batch).isSorted());
              assertThat(run.stream().flatMap(List::stream).sorted())
                  .containsExactlyElementsOf(IntStream.range(0, MESSAGES).boxed().toList());
              assertThat(chains(run)).isLessThanOrEqualTo(LANES);
            });
    assertRecordedIsWithin(runs, OrderedDeliveryTest::inversions);
    assertRecordedIsWithin(runs, OrderedDeliveryTest::meanDisplacement);
    assertRecordedIsWithin(runs, OrderedDeliveryTest::maxDisplacement);
    assertRecordedIsWithin(runs, List::size);
    assertRecordedIsWithin(runs, run -> run.stream().filter(b -> b.size() < LIMIT).count());
    assertThat(log.fired(Mishap.REORDER)).isPositive();
  }

  @Test
  void queueWithAnotherNumberOfLanesIsTold() throws IOException {
    for (int lanes : new int[] {1, 2, 24}) {
      List<List<List<Integer>>> runs = receivedUnder(OrderRule.Policy.AWS_LIKE, lanes);

      double recorded = RECORDED.stream().filter(batch -> batch.size() < LIMIT).count();
      double[] shortBatches =
          runs.stream()
              .mapToDouble(run -> run.stream().filter(b -> b.size() < LIMIT).count())
              .sorted()
              .toArray();
      assertThat(recorded < at(shortBatches, 0.01) || recorded > at(shortBatches, 0.99))
          .as("%d lanes, seed %d", lanes, seed)
          .isTrue();
    }
  }

  @Test
  void windowTakesNoMessageFromFurtherBackThanItsWidth() throws IOException {
    int width = 8;
    for (List<List<Integer>> run : receivedUnder(OrderRule.Policy.WINDOW, width)) {
      List<Integer> order = run.stream().flatMap(List::stream).toList();
      assertThat(order).as("seed %d", seed).hasSize(MESSAGES).isNotEqualTo(sorted(order));
      for (int i = 0; i < order.size(); i++) {
        assertThat(order.get(i)).as("seed %d", seed).isLessThan(i + width);
      }
    }
  }

  @Test
  void longPollReadsTheNextLaneRatherThanWait() throws IOException {
    try (Engine engine = engine(OrderRule.Policy.AWS_LIKE, LANES);
        EmbeddedTarget target = target(engine)) {
      target.createQueue("q", QueueSettings.DEFAULTS, "");
      Session session = target.session("q");
      for (int i = 0; i < 30; i++) {
        session.send(OutgoingMessage.of(Integer.toString(i), Map.of()));
        assertThat(receive(session, Duration.ofSeconds(20))).containsExactly(i);
      }
    }
  }

  // ------------------------------------------------------------------------------ what is measured

  /**
   * In how many ascending chains the batches can be laid, a batch that is short ending its chain.
   */
  private static int chains(List<List<Integer>> batches) {
    List<List<Integer>> ends = new ArrayList<>();
    int ended = 0;
    for (List<Integer> batch : batches) {
      List<Integer> best = null;
      for (List<Integer> end : ends) {
        boolean fits = last(end) < batch.get(0);
        if (fits && (best == null || last(end) > last(best))) {
          best = end;
        }
      }
      ends.remove(best);
      if (batch.size() < LIMIT) {
        ended++;
      } else {
        ends.add(batch);
      }
    }
    return ended + ends.size();
  }

  private static int inversions(List<List<Integer>> batches) {
    List<Integer> order = batches.stream().flatMap(List::stream).toList();
    int inversions = 0;
    for (int i = 0; i < order.size(); i++) {
      for (int j = i + 1; j < order.size(); j++) {
        inversions += order.get(i) > order.get(j) ? 1 : 0;
      }
    }
    return inversions;
  }

  private static double meanDisplacement(List<List<Integer>> batches) {
    return displacements(batches).average().orElseThrow();
  }

  private static int maxDisplacement(List<List<Integer>> batches) {
    return displacements(batches).max().orElseThrow();
  }

  private static IntStream displacements(List<List<Integer>> batches) {
    List<Integer> order = batches.stream().flatMap(List::stream).toList();
    return IntStream.range(0, order.size()).map(i -> Math.abs(order.get(i) - i));
  }

  private void assertRecordedIsWithin(
      List<List<List<Integer>>> runs, ToDoubleFunction<List<List<Integer>>> figure) {
    double[] figures = runs.stream().mapToDouble(figure).sorted().toArray();
    assertThat(figure.applyAsDouble(RECORDED))
        .as("seed %d", seed)
        .isBetween(figures[0], figures[figures.length - 1]);
  }

  private static double at(double[] sorted, double share) {
    return sorted[(int) Math.round(share * (sorted.length - 1))];
  }

  private static int last(List<Integer> batch) {
    return batch.get(batch.size() - 1);
  }

  private static List<Integer> sorted(List<Integer> order) {
    return order.stream().sorted().toList();
  }

  // --------------------------------------------------------------------------------- how it is
  // done

  /** The batches of {@value #QUEUES} queues, each as the recorded one was received. */
  private List<List<List<Integer>>> receivedUnder(OrderRule.Policy order, int width)
      throws IOException {
    List<List<List<Integer>>> runs = new ArrayList<>();
    try (Engine engine = engine(order, width);
        EmbeddedTarget target = target(engine)) {
      for (int queue = 0; queue < QUEUES; queue++) {
        String name = "q" + queue;
        target.createQueue(name, QueueSettings.DEFAULTS, "");
        Session session = target.session(name);
        for (int i = 0; i < MESSAGES; i += LIMIT) {
          session.sendBatch(
              BatchItem.numbered(
                  IntStream.range(i, i + LIMIT)
                      .mapToObj(each -> OutgoingMessage.of(Integer.toString(each), Map.of()))
                      .toList()));
        }
        List<List<Integer>> run = new ArrayList<>();
        int received = 0;
        while (received < MESSAGES) {
          List<Integer> batch = receive(session, Duration.ZERO);
          received += batch.size();
          if (!batch.isEmpty()) {
            run.add(batch);
          }
        }
        runs.add(run);
      }
    }
    return runs;
  }

  private static List<Integer> receive(Session session, Duration wait) {
    Outcome<List<IncomingMessage>> outcome = session.receive(LIMIT, wait, Duration.ofMinutes(5));
    assertThat(outcome).isInstanceOf(Outcome.Ok.class);
    return ((Outcome.Ok<List<IncomingMessage>>) outcome)
        .answer().stream().map(message -> Integer.valueOf(message.body())).toList();
  }

  private Engine engine(OrderRule.Policy order, int width) throws IOException {
    ChaosPolicy policy =
        ChaosPolicy.everywhere(seed, QueueFaults.NONE.ordered(new OrderRule(order, width)));
    return Engine.open(
        EngineConfig.at(data.resolve(order + "-" + width))
            .withDurability(Durability.PROCESS_CRASH)
            .withDelivery(new OrderedDelivery(new FaultSwitch(policy), log)));
  }

  private static EmbeddedTarget target(Engine engine) {
    return new EmbeddedTarget(
        engine, Caps.everything("embedded", Survival.PROCESS_CRASH), Duration.ofSeconds(30));
  }
}
