package io.millrace.reports.record;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KillMatrixTest {

  private final KillMatrix matrix = KillMatrix.ofThisBuild();

  @Test
  void everyPlantedBugWasFoundByTheInvariantItBreaks() {
    assertThat(matrix.bugs()).hasSizeGreaterThanOrEqualTo(25);
    assertThat(matrix.found()).isEqualTo(matrix.bugs().size());
    assertThat(matrix.bugs())
        .allSatisfy(
            bug -> {
              assertThat(bug.expectedAtSeed()).isBetween(1, bug.seeds());
              assertThat(bug.flagged()).containsKey(bug.expected());
              assertThat(matrix.invariants()).containsAll(bug.flagged().keySet());
            });
  }
}
