package io.millrace.jmh.memory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * One stage of a soak, in the JVM whose heap is the question: {@code Soak STAGE DATA COUNT
 * AHEAD_MS}, the last being how far the clock starts ahead of the wall clock, so that a later stage
 * is not earlier than the leaps of the one before.
 *
 * <p>It prints {@code soak NAME VALUE} for each figure and {@code soak done} at the end, and waits
 * to be killed.
 */
final class Soak {

  /** What the parent waits for. */
  static final String DONE = "soak done";

  private Soak() {}

  /** Runs one stage. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Stage stage = Stage.valueOf(arguments[0]);
    long aheadMs = Long.parseLong(arguments[3]);
    Workbench bench =
        new Workbench(
            Path.of(arguments[1]),
            Long.parseLong(arguments[2]),
            new ShiftedTime(System.currentTimeMillis() + aheadMs));
    run(stage, bench);
    bench.figure("leaptMs", bench.time().leaptMs() + aheadMs);
    System.out.println(DONE);
    new CountDownLatch(1).await();
  }

  private static void run(Stage stage, Workbench bench) throws IOException {
    switch (stage) {
      case FILL -> Backlogs.fill(bench);
      case SERVE -> Backlogs.serve(bench);
      case FILL_AND_RETURN -> Backlogs.fillAndReturn(bench);
      case SERVE_RETURNED -> Backlogs.serveReturned(bench);
      case FILL_DELAYED_SAME -> Delays.fillSame(bench);
      case SERVE_DELAYED_SAME -> Delays.serveSame(bench);
      case FILL_DELAYED_RANDOM -> Delays.fillRandom(bench);
      case SERVE_DELAYED_RANDOM -> Delays.serveRandom(bench);
      case QUEUES -> ManyQueues.run(bench);
      case CYCLES -> Cycles.run(bench);
      case RECOVER -> Backlogs.recover(bench);
    }
  }

  /** What one process does; what it leaves open is killed with it. */
  enum Stage {
    FILL,
    SERVE,
    FILL_AND_RETURN,
    SERVE_RETURNED,
    FILL_DELAYED_SAME,
    SERVE_DELAYED_SAME,
    FILL_DELAYED_RANDOM,
    SERVE_DELAYED_RANDOM,
    QUEUES,
    CYCLES,
    RECOVER
  }
}
