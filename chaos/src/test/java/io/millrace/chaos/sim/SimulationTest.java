package io.millrace.chaos.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.check.RareStates;
import io.millrace.chaos.check.Verdict;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.FaultKind;
import io.millrace.chaos.history.FaultPhase;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The engine as it is, by the hundred seeds. */
class SimulationTest {

  private static final int SEEDS = 300;
  private static final int OPERATIONS_MIN = 300;
  private static final int FAULTS_MIN = 3;

  @Test
  void threeHundredSeedsRaiseNoAlarmAndReachEveryRareState() throws IOException {
    long first = Long.getLong("millrace.seed", 1_001);
    RareStates rareStates = new RareStates();
    Set<FaultKind> fired = EnumSet.noneOf(FaultKind.class);
    try (Campaign campaign = Campaign.open(() -> SimWorld.SOUND)) {
      for (long seed = first; seed < first + SEEDS; seed++) {
        SimRun run = campaign.run(seed);
        assertThat(run.failures()).as("seed %d %s", seed, run.trouble()).isEmpty();
        assertThat(run.judgement().overall()).as("seed %d", seed).isEqualTo(Verdict.valid());
        assertThat(run.operations()).as("seed %d", seed).isGreaterThanOrEqualTo(OPERATIONS_MIN);
        assertThat(run.faultsFired()).as("seed %d", seed).isGreaterThanOrEqualTo(FAULTS_MIN);
        rareStates.addAll(run.rareStates());
        for (Entry entry : run.history().entries()) {
          if (entry instanceof Entry.Fault fault && fault.phase() == FaultPhase.FIRED) {
            fired.add(fault.kind());
          }
        }
      }
    }
    assertThat(rareStates.missing()).isEmpty();
    assertThat(fired)
        .contains(
            FaultKind.KILL,
            FaultKind.POWER_CUT,
            FaultKind.TORN_TAIL,
            FaultKind.BIT_FLIP,
            FaultKind.FORCE_FAILED,
            FaultKind.DISK_FULL,
            FaultKind.DISK_SLOW,
            FaultKind.CLOCK_STEP,
            FaultKind.LOST_RESPONSE,
            FaultKind.DUPLICATED_REQUEST);
  }

  @Test
  void everySeedThatOnceFailedHoldsNow() throws IOException {
    try (Campaign campaign = Campaign.open(() -> SimWorld.SOUND)) {
      for (SeedLine line : SeedLine.all()) {
        SimRun run =
            line.steps().isEmpty()
                ? campaign.run(line.seed())
                : campaign.run(line.seed(), line.steps());
        assertThat(run.failures()).as("%s: %s", line, run.trouble()).isEmpty();
      }
    }
  }

  @Test
  void theSameSeedGivesTheSameHistoryAndTheSameJournal() throws IOException {
    try (Campaign one = Campaign.open(() -> SimWorld.SOUND);
        Campaign other = Campaign.open(() -> SimWorld.SOUND)) {
      for (long seed = 1; seed <= 10; seed++) {
        SimRun first = one.run(seed);
        one.run(seed + 1_000); // what ran before must not matter
        SimRun again = other.run(seed);
        assertThat(again.journalSum()).as("seed %d", seed).isEqualTo(first.journalSum());
        assertThat(again.history().toBytes())
            .as("seed %d", seed)
            .isEqualTo(first.history().toBytes());
      }
    }
  }

  @Test
  void differentSeedsDoDifferentThings() throws IOException {
    try (Campaign campaign = Campaign.open(() -> SimWorld.SOUND)) {
      assertThat(campaign.run(1).journalSum()).isNotEqualTo(campaign.run(2).journalSum());
    }
  }
}
