package io.millrace.jmh.memory;

import static io.millrace.jmh.memory.Workbench.require;

import io.millrace.engine.Engine;
import io.millrace.engine.shard.Durability;
import io.millrace.engine.sqs.Reply;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.util.BitSet;

/** Stages whose messages wait, or came back after a receive. */
final class Backlogs {

  /** Below SQS's 120,000 in flight. */
  private static final long IN_FLIGHT = 100_000;

  private static final int SHORT_VISIBILITY_SECONDS = 1;
  private static final int LONG_VISIBILITY_SECONDS = 43_200;
  private static final int COUNT_MAX = 100;

  private Backlogs() {}

  /** Fills a new queue and leaves it open. */
  static void fill(Workbench bench) throws IOException {
    Engine engine = bench.open(Durability.PROCESS_CRASH);
    Traffic traffic = bench.traffic(engine);
    traffic.create();
    long startNanos = System.nanoTime();
    traffic.fill(bench.count(), number -> 0);
    bench.figure("fillSeconds", (System.nanoTime() - startNanos) / 1e9);
    Reply.QueueState state = traffic.state();
    require(state.visible() == bench.count(), "visible after the fill: " + state);
    bench.liveHeap("filledLiveMiB");
  }

  /** Opens what was filled, counts it, serves some of it, and closes. */
  static void serve(Workbench bench) throws IOException {
    long startNanos = System.nanoTime();
    try (Engine engine = bench.open(Durability.PROCESS_CRASH)) {
      Traffic traffic = bench.traffic(engine);
      BitSet seen = new BitSet((int) bench.count());
      long first = traffic.receive(10, LONG_VISIBILITY_SECONDS, (n, message) -> mark(seen, n));
      bench.figure("openToFirstReceiveMs", (System.nanoTime() - startNanos) / 1e6);
      require(first > 0, "nothing was received");
      Reply.QueueState state = traffic.state();
      require(state.visible() == bench.count() - first, "visible after the restart: " + state);
      bench.liveHeap("restartedLiveMiB");
      long servedNanos = System.nanoTime();
      long served =
          traffic.receive(
              Math.min(bench.count() - first, IN_FLIGHT),
              LONG_VISIBILITY_SECONDS,
              (n, message) -> mark(seen, n));
      bench.figure("servedPerSecond", served * 1e9 / (System.nanoTime() - servedNanos));
      state = traffic.state();
      require(
          state.visible() + state.inFlight() == bench.count() - first - served,
          "left after serving: " + state);
      bench.liveHeap("servedLiveMiB");
    }
  }

  /** Fills, then receives every message at least once and lets each lease expire. */
  static void fillAndReturn(Workbench bench) throws IOException {
    Engine engine = bench.open(Durability.PROCESS_CRASH);
    Traffic traffic = bench.traffic(engine);
    traffic.create();
    traffic.fill(bench.count(), number -> 0);
    MappedByteBuffer counts = bench.counts();
    long[] fresh = {bench.count()};
    long received = 0;
    long startNanos = System.nanoTime();
    while (fresh[0] > 0) {
      long came =
          traffic.receive(
              IN_FLIGHT,
              SHORT_VISIBILITY_SECONDS,
              (number, message) -> {
                int before = counts.get((int) number);
                require(
                    message.receiveCount() == before + 1,
                    "message " + number + " says " + message.receiveCount() + " after " + before);
                require(before < COUNT_MAX, "message " + number + " came too often");
                counts.put((int) number, (byte) (before + 1));
                if (before == 0) {
                  fresh[0]--;
                }
                return false;
              });
      require(came > 0, fresh[0] + " messages were never received");
      received += came;
      bench.time().leap((SHORT_VISIBILITY_SECONDS + 1) * 1000L);
    }
    bench.figure("receives", received);
    bench.figure("receivesPerSecond", received * 1e9 / (System.nanoTime() - startNanos));
    Reply.QueueState state = traffic.state();
    require(
        state.visible() + state.inFlight() == bench.count(), "after all were returned: " + state);
    bench.liveHeap("returnedLiveMiB");
  }

  /** Opens what was returned and checks receive counts as it serves. */
  static void serveReturned(Workbench bench) throws IOException {
    long startNanos = System.nanoTime();
    try (Engine engine = bench.open(Durability.PROCESS_CRASH)) {
      Traffic traffic = bench.traffic(engine);
      bench.time().leap((SHORT_VISIBILITY_SECONDS + 1) * 1000L);
      Reply.QueueState state = traffic.state();
      bench.figure("openToFirstReplyMs", (System.nanoTime() - startNanos) / 1e6);
      require(state.visible() + state.inFlight() == bench.count(), "after the restart: " + state);
      bench.liveHeap("restartedLiveMiB");
      MappedByteBuffer counts = bench.counts();
      BitSet seen = new BitSet((int) bench.count());
      long served =
          traffic.receive(
              Math.min(bench.count(), IN_FLIGHT),
              LONG_VISIBILITY_SECONDS,
              (number, message) -> {
                int before = counts.get((int) number);
                require(
                    message.receiveCount() == before + 1,
                    "message " + number + " says " + message.receiveCount() + " after " + before);
                return mark(seen, number);
              });
      require(served == Math.min(bench.count(), IN_FLIGHT), "served " + served);
      bench.figure("countsChecked", served);
      bench.liveHeap("servedLiveMiB");
    }
  }

  /** From the call of open to the first answered receive; the process is killed afterwards. */
  static void recover(Workbench bench) throws IOException {
    long startCpuNanos = Workbench.cpuNanos();
    long startNanos = System.nanoTime();
    Engine engine = bench.open(Durability.PROCESS_CRASH);
    double openMs = (System.nanoTime() - startNanos) / 1e6;
    long came = bench.traffic(engine).receive(10, LONG_VISIBILITY_SECONDS, (n, message) -> false);
    double receiveMs = (System.nanoTime() - startNanos) / 1e6;
    require(came > 0, "nothing was received");
    bench.figure("openMs", openMs);
    bench.figure("openToFirstReceiveMs", receiveMs);
    // On a busy machine this says how much of it was work and how much was waiting for a core.
    bench.figure("openToFirstReceiveCpuMs", (Workbench.cpuNanos() - startCpuNanos) / 1e6);
    bench.figure("replayedRecords", engine.counters().recoveryRecords.get());
    bench.liveHeap("recoveredLiveMiB");
  }

  /** Notes a message that must be new; true, since it is to be deleted. */
  private static boolean mark(BitSet seen, long number) {
    require(!seen.get((int) number), "message " + number + " came twice");
    seen.set((int) number);
    return true;
  }
}
