package io.millrace.chaos.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The lab tests itself: a bug is let in at a door of the engine, and the simulation must find it,
 * by the invariant the bug breaks. What each seed flagged makes the kill matrix.
 */
class PlantedBugsTest {

  private static final int SEEDS_MAX = 200;

  /** Run for each bug in any case, so that the matrix tells how sure a find is. */
  private static final int SEEDS_COUNTED = 8;

  private static final int BUGS_MIN = 25;

  private static final KillMatrix MATRIX = new KillMatrix();

  static List<PlantedBug> bugs() {
    return Stream.concat(ServiceBugs.all().stream(), JournalBugs.all().stream()).toList();
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void isFoundByTheInvariantItBreaks(PlantedBug bug) throws IOException {
    int foundAt = 0;
    try (Campaign campaign = Campaign.open(bug.world())) {
      for (int seed = 1; seed <= SEEDS_MAX && (foundAt == 0 || seed <= SEEDS_COUNTED); seed++) {
        SimRun run = campaign.run(seed);
        MATRIX.add(bug, seed, run.failures());
        if (foundAt == 0 && run.failures().contains(bug.expected())) {
          foundAt = seed;
        }
      }
    }
    assertThat(foundAt).as("seeds until %s was broken", bug.expected()).isPositive();
  }

  @Test
  void areEnoughAndHaveNamesOfTheirOwn() {
    assertThat(bugs()).hasSizeGreaterThanOrEqualTo(BUGS_MIN);
    assertThat(bugs().stream().map(PlantedBug::name)).doesNotHaveDuplicates();
  }

  /** The report shows a matrix that was committed; each bug here must have its row there. */
  @Test
  void areAllInTheMatrixThatReportsShow() {
    assertThat(io.millrace.reports.record.KillMatrix.ofThisBuild().bugs())
        .extracting(io.millrace.reports.record.KillMatrix.Bug::name)
        .containsExactlyInAnyOrderElementsOf(bugs().stream().map(PlantedBug::name).toList());
  }

  @AfterAll
  static void writeTheMatrix() throws IOException {
    MATRIX.write(Path.of("target", "kill-matrix.json"));
  }
}
