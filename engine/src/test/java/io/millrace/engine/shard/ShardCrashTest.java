package io.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The shard against an oracle, over a journal in memory, with crashes wherever they hurt. */
@Timeout(180)
class ShardCrashTest {

  private static final int SEEDS = 12;
  private static final int STEPS = 1_500;

  @TempDir Path directory;

  @Test
  void whatWasAcknowledgedOutlivesEveryCrash() throws IOException {
    long first = Long.getLong("millrace.seed", 1);
    long last = Long.getLong("millrace.seed", SEEDS);
    long segmentsDropped = 0;
    long carriedForward = 0;
    int crashesInRecovery = 0;
    int deadLetters = 0;
    int deletesByLostReceipt = 0;
    int purges = 0;
    int queueDeletions = 0;
    int unknownDeletes = 0;
    for (long seed = first; seed <= last; seed++) {
      ShardSimulation simulation = simulate(seed);
      assertThat(simulation.crashes).as("crashes, seed " + seed).isPositive();
      assertThat(simulation.checkpoints).as("checkpoints, seed " + seed).isPositive();
      assertThat(simulation.checkpointRecoveries).as("recoveries from one").isPositive();
      assertThat(simulation.receivedAgain).as("redeliveries").isPositive();
      segmentsDropped += simulation.segmentsDropped;
      carriedForward += simulation.carriedForward;
      crashesInRecovery += simulation.crashesInRecovery;
      deadLetters += simulation.deadLetters;
      deletesByLostReceipt += simulation.deletesByLostReceipt;
      purges += simulation.purges;
      queueDeletions += simulation.queueDeletions;
      unknownDeletes += simulation.unknownDeletes;
    }
    assertThat(segmentsDropped).as("segments dropped").isPositive();
    assertThat(carriedForward).as("messages carried forward").isPositive();
    assertThat(crashesInRecovery).as("crashes in recovery").isPositive();
    assertThat(deadLetters).as("dead letters").isPositive();
    assertThat(deletesByLostReceipt).as("deletes by a receipt of an earlier run").isPositive();
    assertThat(purges).as("purges").isPositive();
    assertThat(queueDeletions).as("queues deleted").isPositive();
    assertThat(unknownDeletes).as("deletes of unknown outcome").isPositive();
    System.out.println(
        "dropped "
            + segmentsDropped
            + " carried "
            + carriedForward
            + " inRecovery "
            + crashesInRecovery
            + " dead "
            + deadLetters
            + " lostReceipt "
            + deletesByLostReceipt
            + " purges "
            + purges
            + " queueDeletions "
            + queueDeletions
            + " unknownDeletes "
            + unknownDeletes);
  }

  @Test
  void theSameRequestsAndDrawsWriteTheSameBytes() throws IOException {
    for (long seed = 101; seed <= 103; seed++) {
      ShardSimulation once = simulate(seed);
      ShardSimulation again = simulate(seed);
      assertThat(again.journalSum()).as("seed " + seed).isEqualTo(once.journalSum());
    }
  }

  private ShardSimulation simulate(long seed) throws IOException {
    Path root = Files.createTempDirectory(directory, "seed-" + seed + "-");
    try {
      ShardSimulation simulation = new ShardSimulation(seed, root);
      simulation.run(STEPS);
      return simulation;
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("seed " + seed + ": " + e, e);
    }
  }
}
