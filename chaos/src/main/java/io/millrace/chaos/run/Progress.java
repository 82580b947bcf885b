package io.millrace.chaos.run;

import java.io.PrintStream;
import java.util.OptionalDouble;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * One line a second: phase, rates, backlog and the p99 of the last second. On a terminal the line
 * is written over, elsewhere each is a line of its own. Also ends the live catch-up, once the
 * backlog is as small as it was before.
 */
final class Progress implements AutoCloseable {

  private static final double NS_PER_SECOND = 1e9;

  private final LiveRun run;
  private final PrintStream out;
  private final boolean terminal;
  private final long startedNs = System.nanoTime();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "progress");
            thread.setDaemon(true);
            return thread;
          });
  private long tickedNs = startedNs;
  private LiveRun.Load lastLoad;
  private long lastDue;
  private long lastAcked;
  private long lastDelivered;
  private long steadyBacklogMax;

  private Progress(LiveRun run, PrintStream out, boolean terminal) {
    this.run = run;
    this.lastLoad = run.load();
    this.out = out;
    this.terminal = terminal;
  }

  /** Starts showing. */
  static Progress start(LiveRun run, PrintStream out, boolean terminal) {
    Progress progress = new Progress(run, out, terminal);
    var unused = progress.clock.scheduleWithFixedDelay(progress::tick, 1, 1, TimeUnit.SECONDS);
    return progress;
  }

  /** Stops showing and leaves the cursor on a fresh line. */
  @Override
  public void close() {
    clock.shutdownNow();
    if (terminal) {
      out.print("\r\033[K");
      out.flush();
    }
  }

  private void tick() {
    LiveRun.Load load = run.load();
    long nowNs = System.nanoTime();
    double seconds = Math.max(1, nowNs - tickedNs) / NS_PER_SECOND;
    tickedNs = nowNs;
    if (!load.equals(lastLoad)) {
      lastLoad = load;
      lastDue = 0;
      lastAcked = 0;
      lastDelivered = 0;
    }
    run.setLastSecond(
        new LiveRun.LastSecond(
            (load.due() - lastDue) / seconds,
            (load.figures().sends().ok() - lastAcked) / seconds,
            load.figures().takePublishNs()));
    long backlog = load.backlog();
    if (run.phase() == LivePhase.STEADY) {
      steadyBacklogMax = Math.max(steadyBacklogMax, backlog);
    } else if (run.phase() == LivePhase.CATCH_UP && backlog <= steadyBacklogMax) {
      run.enter(LivePhase.AFTERMATH);
    }
    show(line(load, backlog));
  }

  private String line(LiveRun.Load load, long backlog) {
    long due = load.due();
    long acked = load.figures().sends().ok();
    long delivered = load.figures().deliveries();
    OptionalDouble p99 = run.lastSecond().publishMs(99);
    String line =
        "%3d s  %-14s  due %d/s  acknowledged %d/s  received %d/s  backlog %d  publish p99 %s"
            .formatted(
                (System.nanoTime() - startedNs) / 1_000_000_000,
                run.phase().words(),
                Math.max(0, due - lastDue),
                Math.max(0, acked - lastAcked),
                Math.max(0, delivered - lastDelivered),
                backlog,
                p99.isPresent() ? "%.2f ms".formatted(p99.getAsDouble()) : "-");
    lastDue = due;
    lastAcked = acked;
    lastDelivered = delivered;
    return line;
  }

  private void show(String line) {
    if (terminal) {
      out.print("\r\033[K" + line);
      out.flush();
    } else {
      out.println(line);
    }
  }
}
