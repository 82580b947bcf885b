package io.millrace.chaos.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyDocumentTest {

  @Test
  void everySettingIsRead() throws PolicyException {
    ChaosPolicy policy =
        PolicyDocument.parse(
            "p.yaml",
            """
            seed: 7
            queues:
              orders:
                duplicate-now: 5%
                lost-response: {rate: 0.02, actions: [SendMessage], answer: unavailable, max: 3}
                net-latency:
                  rate: 1
                  ms: [5, 40]
                  after: 10
                net-bandwidth: {rate: 1, bytes-per-second: 1000}
                order: {policy: window, width: 20}
              "*":
                order: aws-like
            clock:
              - {after-ms: 10000, by-ms: -3600000}
            """);

    QueueFaults orders =
        QueueFaults.of(
                FaultRule.of(Mishap.DUPLICATE_NOW, 0.05),
                FaultRule.of(Mishap.LOST_RESPONSE, 0.02)
                    .on(Set.of(SqsAction.SEND_MESSAGE))
                    .answering(Answer.UNAVAILABLE)
                    .within(0, 3),
                FaultRule.of(Mishap.NET_LATENCY, 1)
                    .lasting(new Span(5, 40))
                    .within(10, Long.MAX_VALUE),
                FaultRule.of(Mishap.NET_BANDWIDTH, 1).at(1_000))
            .ordered(new OrderRule(OrderRule.Policy.WINDOW, 20));
    assertThat(policy.seed()).isEqualTo(7);
    assertThat(policy.of("orders")).isEqualTo(orders);
    assertThat(policy.of("another").order()).contains(new OrderRule(OrderRule.Policy.AWS_LIKE, 6));
    assertThat(policy.clock()).containsExactly(new ClockStep(10_000, -3_600_000));
  }

  @Test
  void policyWrittenAsJsonIsReadBackAsTheSame() throws PolicyException {
    ChaosPolicy policy =
        PolicyDocument.parse(
            "p",
            """
            seed: -3
            queues:
              a: {throttle: {rate: 0.5, actions: [DeleteMessage], answer: unavailable, after: 2}}
              "*": {net-lost-response: {rate: 1, answer: silence, ms: 20}, order: window}
            clock: [{by-ms: 5}]
            """);

    assertThat(PolicyDocument.parse("json", ChaosJson.of(policy))).isEqualTo(policy);
  }

  @Test
  void complaintsNameLineAndColumn() {
    assertThat(
            complaints(
                """
                sed: 7
                queues:
                  orders:
                    duplicate-nwo: 5%
                    throttle: {rate: 1.5}
                    empty-receive: {rate: 1, ms: 3}
                    lost-response: {actions: [Sendmessage]}
                    net-lost-response: {rate: 1, answer: throttled}
                    stale-handle: {max: 3}
                  "bad name": {}
                  same: {order: sorted}
                  same: {}
                clock: {by-ms: 0}
                """))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("p.yaml:1:1: a policy has no 'sed'"),
            line -> assertThat(line).startsWith("p.yaml:4:5: a queue has no 'duplicate-nwo'"),
            line -> assertThat(line).startsWith("p.yaml:5:22: '1.5' is no rate"),
            line -> assertThat(line).startsWith("p.yaml:6:30: empty-receive has no 'ms'"),
            line -> assertThat(line).startsWith("p.yaml:7:31: 'Sendmessage' is no action"),
            line -> assertThat(line).startsWith("p.yaml:8:42: 'throttled' is no answer"),
            line -> assertThat(line).startsWith("p.yaml:9:5: stale-handle lacks its rate"),
            line -> assertThat(line).startsWith("p.yaml:10:3: 'bad name' is neither"),
            line -> assertThat(line).startsWith("p.yaml:11:17: 'sorted' is no order"),
            line -> assertThat(line).startsWith("p.yaml:12:3: 'same' stands here twice"),
            line -> assertThat(line).startsWith("p.yaml:13:8: a list is expected"));
  }

  @Test
  void textThatIsNoYamlIsRefusedWithItsPlace() {
    assertThat(complaints("queues:\n  a: {b: ]"))
        .singleElement()
        .satisfies(line -> assertThat(line).startsWith("p.yaml:2:"));
    assertThat(complaints("")).containsExactly("p.yaml: the document is empty");
    assertThat(complaints("[1, 2]")).singleElement().asString().contains("a map of names");
  }

  @Test
  void queueWithASectionOfItsOwnTakesNothingFromTheOthers() {
    ChaosPolicy policy =
        new ChaosPolicy(
            1,
            java.util.Map.of(
                "*", QueueFaults.of(FaultRule.of(Mishap.THROTTLE, 1)), "calm", QueueFaults.NONE),
            List.of());

    assertThat(policy.of("calm").rules()).isEmpty();
    assertThat(policy.of("any").rules()).containsKey(Mishap.THROTTLE);
  }

  private static List<String> complaints(String text) {
    PolicyException refused =
        catchThrowableOfType(PolicyException.class, () -> PolicyDocument.parse("p.yaml", text));
    return refused.complaints();
  }
}
