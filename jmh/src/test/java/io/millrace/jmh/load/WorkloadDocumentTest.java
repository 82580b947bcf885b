package io.millrace.jmh.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.chaos.document.DocumentException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class WorkloadDocumentTest {

  static final List<String> names = WorkloadDocument.NAMES;

  @ParameterizedTest
  @FieldSource("names")
  void workloadsThatComeWithTheHarnessSayTheirIntent(String name)
      throws IOException, DocumentException {
    Workload workload = WorkloadDocument.read(name);

    assertThat(workload.name()).isEqualTo(name);
    assertThat(workload.intent()).isNotBlank();
    assertThat(workload.steps()).isNotEmpty();
  }

  @Test
  void stepsAreEveryCombinationAndEveryQueueHasAConsumer() throws DocumentException {
    Workload workload =
        WorkloadDocument.parse(
            "test", "{intent: x, rates: [10, 20], queues: [1, 5], consumers: [2]}");

    assertThat(workload.steps())
        .containsExactly(
            new Workload.Step(10, 1, 2),
            new Workload.Step(10, 5, 5),
            new Workload.Step(20, 1, 2),
            new Workload.Step(20, 5, 5));
  }

  @Test
  void everyMistakeIsToldAtOnceWithItsLine() {
    assertThatThrownBy(
            () ->
                WorkloadDocument.parse(
                    "mine", "intent: x\nrate: 5\nseconds: 0\narrivals: sometimes\n"))
        .isInstanceOf(DocumentException.class)
        .hasMessageContaining("mine:2:1: a workload has no 'rate'")
        .hasMessageContaining("mine:3:10: '0' is no whole number from 1 to 86400")
        .hasMessageContaining("mine:4:11: arrivals are constant, poisson or {burst: N}");
  }

  @Test
  void rateOfZeroWantsABacklog() {
    assertThatThrownBy(() -> WorkloadDocument.parse("mine", "{intent: x, rates: [0]}"))
        .isInstanceOf(DocumentException.class)
        .hasMessageContaining("wants a backlog");
  }
}
