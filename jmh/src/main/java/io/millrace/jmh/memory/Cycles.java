package io.millrace.jmh.memory;

import static io.millrace.jmh.memory.Workbench.require;

import io.millrace.engine.Engine;
import io.millrace.engine.shard.Durability;
import java.io.IOException;

/** Messages sent, received and deleted over and over, in batches; the heap must not remember. */
final class Cycles {

  private static final long REPORTS = 10;
  private static final long ROUND = 1_000;
  private static final int VISIBILITY_SECONDS = 43_200;

  private Cycles() {}

  static void run(Workbench bench) throws IOException {
    try (Engine engine = bench.open(Durability.PROCESS_CRASH)) {
      Traffic traffic = bench.traffic(engine);
      traffic.create();
      long startNanos = System.nanoTime();
      for (long report = 1; report <= REPORTS; report++) {
        for (long done = 0; done < bench.count() / REPORTS; done += ROUND) {
          traffic.fill(ROUND, number -> 0);
          long came = traffic.receive(ROUND, VISIBILITY_SECONDS, (number, message) -> true);
          require(came == ROUND, came + " of " + ROUND + " came back");
        }
        bench.liveHeap("liveMiBAfterTenth" + report);
      }
      bench.figure("cyclesPerSecond", bench.count() * 1e9 / (System.nanoTime() - startNanos));
      require(traffic.state().visible() == 0, "left: " + traffic.state());
    }
  }
}
