package io.millrace.chaos.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FaultSwitchTest {

  private static final Mishap KIND = Mishap.EMPTY_RECEIVE;

  @Test
  void sameSeedHasTheSameOpportunitiesTaken() {
    assertThat(fates(11, "orders")).isEqualTo(fates(11, "orders"));
    assertThat(fates(11, "orders")).isNotEqualTo(fates(12, "orders"));
    assertThat(fates(11, "orders")).isNotEqualTo(fates(11, "others"));
  }

  @Test
  void otherQueuesAndFaultsChangeNothing() {
    FaultSwitch faults = faults(5, FaultRule.of(KIND, 0.5), FaultRule.of(Mishap.THROTTLE, 0.5));
    List<Boolean> drawn = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      drawn.add(faults.draw("orders", KIND).isPresent());
      faults.draw("elsewhere", KIND);
      faults.draw("orders", Mishap.THROTTLE);
    }
    assertThat(drawn).isEqualTo(fates(5, "orders"));
  }

  @Test
  void rateIsTheShareOfOpportunitiesTaken() {
    FaultSwitch faults = faults(1, FaultRule.of(KIND, 0.2));
    long hits = IntStream.range(0, 10_000).filter(i -> faults.draw("q", KIND).isPresent()).count();
    assertThat(hits).isBetween(1_800L, 2_200L);
  }

  @Test
  void firstOpportunitiesPassAndTheBoundHolds() {
    FaultSwitch faults = faults(1, FaultRule.of(KIND, 1).within(3, 2));
    List<Integer> hits =
        IntStream.range(0, 10).filter(i -> faults.draw("q", KIND).isPresent()).boxed().toList();
    assertThat(hits).containsExactly(3, 4);
  }

  @Test
  void actionsOutsideTheRuleAreNoOpportunities() {
    FaultSwitch faults =
        faults(1, FaultRule.of(Mishap.THROTTLE, 1).on(java.util.Set.of(SqsAction.SEND_MESSAGE)));
    assertThat(faults.draw("q", Mishap.THROTTLE, SqsAction.DELETE_MESSAGE)).isEmpty();
    assertThat(faults.draw("q", Mishap.THROTTLE, SqsAction.SEND_MESSAGE)).isPresent();
  }

  @Test
  void faultIsLoggedFromPlanToProof() {
    FaultLog log = new FaultLog(() -> 42);
    List<FaultLog.Line> heard = new ArrayList<>();
    log.follow(heard::add);
    FaultLog.Planned first = log.plan(KIND, "q", "m1", "planned");
    log.fired(KIND, "q", "m2", "at once");
    FaultLog.Planned third = log.plan(KIND, "q", "m3", "planned");
    first.fired("seen");
    first.missed("too late to say so");
    third.missed("came to nothing");

    assertThat(log.counts())
        .containsExactly(
            java.util.Map.entry(new FaultLog.Key(KIND, "q"), new FaultLog.Count(3, 2, 1)));
    assertThat(log.fired(KIND)).isEqualTo(2);
    assertThat(heard)
        .extracting(line -> line.number() + " " + line.fault() + " " + line.stage())
        .containsExactly("1 1 PLANNED", "2 2 FIRED", "3 3 PLANNED", "4 1 FIRED", "5 3 MISSED");
    assertThat(log.since(3, 10)).isEqualTo(heard.subList(3, 5));
  }

  private static List<Boolean> fates(long seed, String queue) {
    FaultSwitch faults = faults(seed, FaultRule.of(KIND, 0.5));
    return IntStream.range(0, 100).mapToObj(i -> faults.draw(queue, KIND).isPresent()).toList();
  }

  private static FaultSwitch faults(long seed, FaultRule... rules) {
    return new FaultSwitch(ChaosPolicy.everywhere(seed, QueueFaults.of(rules)));
  }
}
