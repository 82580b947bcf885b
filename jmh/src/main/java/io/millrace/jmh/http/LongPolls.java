package io.millrace.jmh.http;

import io.millrace.jmh.run.Bar;
import io.millrace.jmh.run.BenchRecord;
import io.millrace.jmh.run.Scratch;
import io.millrace.reports.platform.ControlHiccup;
import io.millrace.reports.record.HistogramLog;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What waiting receivers cost, and how fast a send wakes one.
 *
 * <p>Measured: the server's live heap without and with a crowd of receivers in long polls, a
 * connection each, divided by their number; then, at a fixed rate of sends, the time from each send
 * to the answer of the receiver it wakes, see {@link PollingCrowd}. All receivers wait on one queue
 * unless more are asked for.
 *
 * <p>What would fool it: a server warmed up by nobody (a smaller crowd is woken and sent home
 * first, which also loads the classes that would otherwise be counted as heap); receivers that do
 * not wait yet (the server's own gauge must name them all); the machine (a control process measures
 * how late a sleeping thread wakes, and beyond 1 ms at p99 the wake-up is INCONCLUSIVE).
 *
 * <p>The control: that control process; and the heap per receiver of two crowds should agree.
 */
final class LongPolls {

  /** A waiting receiver costs at most so many bytes of heap. */
  static final double HEAP_BYTES_MAX = 20_000;

  /** A send wakes a receiver within so many milliseconds at p99. */
  static final double WAKE_MS_MAX = 5;

  /** Beyond this at p99 the machine is too noisy for a claim. */
  static final double CONTROL_MS_MAX = 1;

  private static final String QUEUE = "crowd";
  private static final String WARM_QUEUE = "warm";
  private static final int WARM_RECEIVERS = 50;
  private static final int WARM_SENDS = 4_000;
  private static final int WAIT_SECONDS = 20;

  /** Long enough that no message comes back during the run. */
  private static final int VISIBILITY_SECONDS = 43_200;

  private static final long GATHER_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);

  private final Plan plan;
  private final PrintStream out;

  LongPolls(Plan plan, PrintStream out) {
    this.plan = plan;
    this.out = out;
  }

  /**
   * What to run.
   *
   * @param durability the server's level
   * @param receivers that wait
   * @param queues they are spread over; sends go to the first
   * @param sends to measure
   * @param sendsPerSecond their rate
   * @param bodyBytes of a message
   */
  record Plan(
      String durability, int receivers, int queues, int sends, int sendsPerSecond, int bodyBytes) {}

  /**
   * All that was measured.
   *
   * @param heapBytesEach live heap a receiver
   * @param residentBytesEach resident memory a receiver; includes what the kernel and the allocator
   *     round up
   * @param wakeMsP50 from send to answer; likewise the others
   * @param controlMsP99 how late the control process woke
   */
  record Measured(
      double heapBytesEach,
      double residentBytesEach,
      long liveHeapBytesBefore,
      long liveHeapBytesWith,
      long sends,
      double wakeMsP50,
      double wakeMsP99,
      double wakeMsP999,
      double wakeMsMax,
      double controlMsP50,
      double controlMsP99,
      double controlMsMax) {}

  BenchRecord run(String command, Path directory) throws IOException {
    BenchRecord.Begun begun = BenchRecord.begin("long-polls", command);
    try (Scratch scratch = Scratch.in(directory);
        Arm server =
            Arm.start(
                Arm.Kind.MILLRACE,
                plan.durability,
                1,
                scratch.path().resolve("server"),
                directory.resolve("long-polls-server.log"))) {
      ServerInside inside = new ServerInside(server);
      warmUp(server);
      for (int i = 0; i < plan.queues; i++) {
        server.makeQueue(QUEUE + i, VISIBILITY_SECONDS);
      }
      Measured measured = measure(server, inside, directory.resolve("long-polls-control.hlog"));
      out.printf(
          Locale.ROOT,
          "%d receivers: %.0f bytes of heap each (%.0f resident);"
              + " wake-up p50 %.2f ms, p99 %.2f ms, max %.2f ms of %d;"
              + " control p99 %.2f ms, max %.2f ms%n",
          plan.receivers,
          measured.heapBytesEach,
          measured.residentBytesEach,
          measured.wakeMsP50,
          measured.wakeMsP99,
          measured.wakeMsMax,
          measured.sends,
          measured.controlMsP99,
          measured.controlMsMax);
      List<Bar> bars =
          List.of(
              Bar.atMost("heap bytes a receiver", HEAP_BYTES_MAX, measured.heapBytesEach),
              Bar.atMost("wake-up p99 in ms", WAKE_MS_MAX, measured.wakeMsP99)
                  .unless(measured.controlMsP99 > CONTROL_MS_MAX));
      bars.forEach(bar -> out.println(bar.line()));
      return begun.finish(directory, scratch.path(), Arm.FLAGS, plan, measured, bars);
    }
  }

  private void warmUp(Arm server) throws IOException {
    server.makeQueue(WARM_QUEUE, VISIBILITY_SECONDS);
    try (PollingCrowd crowd = PollingCrowd.open(server.address(), WARM_QUEUE, plan.bodyBytes)) {
      crowd.gather(server.address(), WARM_QUEUE, WARM_RECEIVERS, WAIT_SECONDS);
      crowd.run(WARM_SENDS, TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  private Measured measure(Arm server, ServerInside inside, Path controlLog) throws IOException {
    try (PollingCrowd crowd = PollingCrowd.open(server.address(), QUEUE + 0, plan.bodyBytes)) {
      crowd.runUntil(() -> waiting(inside) == 0);
      long heapBefore = inside.liveHeapBytes();
      long residentBefore = inside.residentBytes();
      for (int i = 0; i < plan.queues; i++) {
        int share = plan.receivers / plan.queues + (i < plan.receivers % plan.queues ? 1 : 0);
        crowd.gather(server.address(), QUEUE + i, share, WAIT_SECONDS);
      }
      long giveUpAt = System.nanoTime() + GATHER_NANOS_MAX;
      crowd.runUntil(() -> waiting(inside) == plan.receivers || System.nanoTime() - giveUpAt > 0);
      long waiting = waiting(inside);
      if (waiting < plan.receivers * 9L / 10) {
        throw new IOException(waiting + " of " + plan.receivers + " receivers wait");
      }
      long heapWith = inside.liveHeapBytes();
      long residentWith = inside.residentBytes();
      ControlHiccup control = ControlHiccup.start(controlLog);
      Histogram wake;
      try {
        wake = crowd.run(plan.sends, TimeUnit.SECONDS.toNanos(1) / plan.sendsPerSecond);
      } finally {
        control.close();
      }
      Histogram hiccup = merged(HistogramLog.merge(controlLog, interval -> true));
      return new Measured(
          (double) (heapWith - heapBefore) / plan.receivers,
          (double) (residentWith - residentBefore) / plan.receivers,
          heapBefore,
          heapWith,
          wake.getTotalCount(),
          wake.getValueAtPercentile(50) / 1e6,
          wake.getValueAtPercentile(99) / 1e6,
          wake.getValueAtPercentile(99.9) / 1e6,
          wake.getMaxValue() / 1e6,
          hiccup.getValueAtPercentile(50) / 1e6,
          hiccup.getValueAtPercentile(99) / 1e6,
          hiccup.getMaxValue() / 1e6);
    }
  }

  private static Histogram merged(SortedMap<String, Histogram> byTag) throws IOException {
    if (byTag.size() != 1) {
      throw new IOException("the control's log has the tags " + byTag.keySet());
    }
    return byTag.values().iterator().next();
  }

  private static long waiting(ServerInside inside) {
    try {
      return inside.waitingPolls();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
