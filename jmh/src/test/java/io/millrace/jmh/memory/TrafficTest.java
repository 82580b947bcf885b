package io.millrace.jmh.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Engine;
import io.millrace.engine.shard.Durability;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The stages at a small size, in this JVM: what they would fail on at a large one they fail on
 * here.
 */
@Timeout(120)
class TrafficTest {

  private static final long COUNT = 2_000;

  @TempDir private Path directory;

  @Test
  void everyMessageFilledComesBackOnce() throws IOException {
    Workbench bench = bench();
    try (Engine engine = bench.open(Durability.PROCESS_CRASH)) {
      Traffic traffic = bench.traffic(engine);
      traffic.create();
      traffic.fill(COUNT, number -> 0);
      BitSet seen = new BitSet();

      long came =
          traffic.receive(
              Long.MAX_VALUE,
              60,
              (number, message) -> {
                assertThat(seen.get((int) number)).isFalse();
                seen.set((int) number);
                return true;
              });

      assertThat(came).isEqualTo(COUNT);
      assertThat(seen.cardinality()).isEqualTo((int) COUNT);
      assertThat(traffic.state().visible()).isZero();
      assertThat(traffic.state().inFlight()).isZero();
    }
  }

  @Test
  void leapMakesDelayedMessagesDueAndExpiresLeases() throws IOException {
    Workbench bench = bench();
    try (Engine engine = bench.open(Durability.PROCESS_CRASH)) {
      Traffic traffic = bench.traffic(engine);
      traffic.create();
      traffic.fill(COUNT, number -> 900);
      assertThat(traffic.receive(COUNT, 30, (number, message) -> false)).isZero();

      bench.time().leap(901_000);
      assertThat(traffic.receive(COUNT, 30, (number, message) -> false)).isEqualTo(COUNT);
      assertThat(traffic.receive(COUNT, 30, (number, message) -> false)).isZero();

      bench.time().leap(31_000);
      assertThat(traffic.receive(COUNT, 30, (number, message) -> message.receiveCount() == 2))
          .isEqualTo(COUNT);
      assertThat(traffic.state().inFlight()).isZero();
    }
  }

  private Workbench bench() {
    return new Workbench(directory, COUNT, new ShiftedTime(System.currentTimeMillis()));
  }
}
