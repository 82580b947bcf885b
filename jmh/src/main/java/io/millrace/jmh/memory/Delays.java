package io.millrace.jmh.memory;

import static io.millrace.jmh.memory.Workbench.require;

import io.millrace.engine.Engine;
import io.millrace.engine.shard.Durability;
import io.millrace.engine.sqs.Reply;
import java.io.IOException;
import java.util.BitSet;
import java.util.function.LongToIntFunction;

/** Stages whose messages are all delayed: by the longest delay, or each by its own. */
final class Delays {

  private static final int DELAY_SECONDS_MAX = 900;
  private static final int VISIBILITY_SECONDS = 43_200;
  private static final long LEAP_MS = 5_000;

  private Delays() {}

  static void fillSame(Workbench bench) throws IOException {
    fill(bench, number -> DELAY_SECONDS_MAX);
  }

  static void fillRandom(Workbench bench) throws IOException {
    fill(bench, Delays::randomSeconds);
  }

  static void serveSame(Workbench bench) throws IOException {
    serve(bench, number -> DELAY_SECONDS_MAX);
  }

  static void serveRandom(Workbench bench) throws IOException {
    serve(bench, Delays::randomSeconds);
  }

  private static void fill(Workbench bench, LongToIntFunction delaySeconds) throws IOException {
    Engine engine = bench.open(Durability.PROCESS_CRASH);
    Traffic traffic = bench.traffic(engine);
    traffic.create();
    long startNanos = System.nanoTime();
    traffic.fill(bench.count(), delaySeconds);
    bench.figure("fillSeconds", (System.nanoTime() - startNanos) / 1e9);
    Reply.QueueState state = traffic.state();
    require(state.delayed() + state.visible() == bench.count(), "after the fill: " + state);
    bench.figure("delayedAfterFill", state.delayed());
    bench.liveHeap("filledLiveMiB");
  }

  /** Opens, then lets time pass in leaps and receives what falls due: all of it, none early. */
  private static void serve(Workbench bench, LongToIntFunction delaySeconds) throws IOException {
    long startNanos = System.nanoTime();
    try (Engine engine = bench.open(Durability.PROCESS_CRASH)) {
      Traffic traffic = bench.traffic(engine);
      Reply.QueueState state = traffic.state();
      bench.figure("openToFirstReplyMs", (System.nanoTime() - startNanos) / 1e6);
      require(state.delayed() + state.visible() == bench.count(), "after the restart: " + state);
      bench.liveHeap("restartedLiveMiB");
      BitSet seen = new BitSet((int) bench.count());
      long left = bench.count();
      long servedNanos = System.nanoTime();
      for (long leaptMs = 0; leaptMs <= DELAY_SECONDS_MAX * 1000L; leaptMs += LEAP_MS) {
        left -=
            traffic.receive(
                Long.MAX_VALUE,
                VISIBILITY_SECONDS,
                (number, message) -> {
                  require(!seen.get((int) number), "message " + number + " came twice");
                  seen.set((int) number);
                  long dueMs = message.sentAtMs() + delaySeconds.applyAsInt(number) * 1000L;
                  require(dueMs <= bench.time().nowMs(), "message " + number + " came early");
                  return true;
                });
        bench.time().leap(LEAP_MS);
      }
      bench.figure("servedPerSecond", bench.count() * 1e9 / (System.nanoTime() - servedNanos));
      require(left == 0, left + " messages never fell due: " + traffic.state());
      bench.liveHeap("servedLiveMiB");
    }
  }

  /** 1 to 900 seconds, scattered, the same for the same number. */
  private static int randomSeconds(long number) {
    long mixed = (number + 1) * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
    return 1 + (int) Long.remainderUnsigned(mixed ^ (mixed >>> 32), DELAY_SECONDS_MAX);
  }
}
