package io.millrace.jmh.http;

import io.millrace.jmh.run.Bar;
import io.millrace.jmh.run.BenchRecord;
import io.millrace.jmh.run.Scratch;
import io.millrace.reports.compare.PairedRatio;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How many messages a server takes or gives over HTTP, as a ratio to a baseline's in the same run.
 *
 * <p>Measured: messages per second of one client, the same bytes and the same number of connections
 * for both servers: single sends or batches of ten by {@link RawSocketClient}, or ten received and
 * deleted at a time by {@link DrainingClient}, from a queue filled before the window. Both run all
 * the time, each in a JVM of its own, and one at a time is driven: windows alternate in pairs, A B,
 * B A, A B, ..., so that a machine that grows slower by the minute favours neither. A pair yields
 * one ratio; the answer is the median of the pairs with its interval.
 *
 * <p>What would fool it: a cold server, so both are driven in turns until three windows of each
 * agree within 10 %; a server that answers errors quickly, so one answer other than 200 fails the
 * run; a queue that grows from window to window, so each window has a queue of its own, deleted
 * after it; the idle server's own background work, which is small but real and named here; the
 * client, which shares the machine's cores with the server: it takes the same share from both,
 * hence pulls a ratio towards 1 and is kept as lean as it can be.
 *
 * <p>The control: run the baseline against itself ({@code --server empty --against empty}); the
 * ratio must be 1 within its interval.
 */
final class HttpRatio {

  private static final long SETTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final int WARM_WINDOWS_MAX = 15;
  private static final int WARM_WINDOWS_AGREEING = 3;
  private static final double WARM_SPREAD = 0.10;
  private static final int FILLING_CONNECTIONS = 4;

  private final Plan plan;
  private final Operation operation;
  private final PrintStream out;
  private int queues;

  /** What is asked of the servers. */
  enum Operation {
    /** SendMessage. */
    SEND("send", 1),
    /** SendMessageBatch of ten. */
    SEND_BATCH("send-batch", SqsRequests.BATCH),
    /** ReceiveMessage of ten and DeleteMessageBatch of what came. */
    DRAIN("receive-delete-batch", 1);

    final String word;

    /** What one counted answer stands for. */
    private final int messages;

    Operation(String word, int messages) {
      this.word = word;
      this.messages = messages;
    }

    /** The operation a word names, if it names one. */
    static Optional<Operation> of(String word) {
      return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
    }
  }

  HttpRatio(Plan plan, PrintStream out) {
    this.plan = plan;
    this.operation = Operation.of(plan.operation).orElseThrow();
    this.out = out;
  }

  /**
   * What to run.
   *
   * @param server the server in question
   * @param against the baseline
   * @param operation what is asked, see {@link Operation}
   * @param durability Millrace's level
   * @param connections of the client
   * @param pairs of windows
   * @param seconds length of a window of sends
   * @param drained messages of a window of receives
   * @param bodyBytes of a message
   * @param loops event loops of a baseline
   * @param ratioMin the bar; 0 for none
   * @param order of the windows
   */
  record Plan(
      String server,
      String against,
      String operation,
      String durability,
      int connections,
      int pairs,
      int seconds,
      int drained,
      int bodyBytes,
      int loops,
      double ratioMin,
      String order) {}

  /**
   * One window.
   *
   * @param pair from 1; 0 while warming up
   * @param side "server" or "against"
   * @param perSecond messages a second
   * @param ok answers 200; of receives, messages deleted
   * @param other answers that were not 200
   * @param p50Us median latency in microseconds, closed loop; likewise the others
   */
  record WindowFigures(
      int pair,
      String side,
      double perSecond,
      long ok,
      long other,
      double p50Us,
      double p99Us,
      double p999Us,
      double maxUs) {

    static WindowFigures of(int pair, Side side, int messages, RawSocketClient.Window window) {
      Histogram nanos = window.latencyNanos();
      return new WindowFigures(
          pair,
          side.name,
          window.okPerSecond() * messages,
          window.ok(),
          window.other(),
          nanos.getValueAtPercentile(50) / 1e3,
          nanos.getValueAtPercentile(99) / 1e3,
          nanos.getValueAtPercentile(99.9) / 1e3,
          nanos.getMaxValue() / 1e3);
    }
  }

  /** All that was measured. */
  record Measured(
      double serverPerSecondMedian,
      double againstPerSecondMedian,
      PairedRatio ratio,
      List<WindowFigures> warmUp,
      List<WindowFigures> windows) {}

  /** One of the two servers and the windows it was driven in. */
  private record Side(String name, Arm arm, List<WindowFigures> windows) {

    double perSecondMedian() {
      return PairedRatio.median(windows.stream().mapToDouble(WindowFigures::perSecond).toArray());
    }
  }

  /**
   * Runs the plan and writes its record.
   *
   * @param command repeats it
   * @param directory for the record, the servers' logs and, meanwhile, their data; exists
   */
  BenchRecord run(String command, Path directory) throws IOException {
    BenchRecord.Begun begun =
        BenchRecord.begin(
            String.join(
                "-",
                operation == Operation.SEND ? "http" : "http-" + operation.word,
                plan.server,
                plan.against,
                plan.durability,
                Integer.toString(plan.connections)),
            command);
    try (Scratch scratch = Scratch.in(directory);
        Arm server = start(plan.server, "server", scratch, directory);
        Arm against = start(plan.against, "against", scratch, directory)) {
      Measured measured = measure(server, against);
      PairedRatio ratio = measured.ratio();
      out.printf(
          Locale.ROOT,
          "%s, %s / %s, %s, %d connections: %.3f  (95 %% interval %.3f to %.3f;"
              + " medians %.0f and %.0f messages a second)%n",
          operation.word,
          plan.server,
          plan.against,
          plan.durability,
          plan.connections,
          ratio.median(),
          ratio.low(),
          ratio.high(),
          measured.serverPerSecondMedian(),
          measured.againstPerSecondMedian());
      List<Bar> bars = new ArrayList<>();
      if (plan.ratioMin > 0) {
        Bar bar =
            Bar.atLeast(
                "messages a second (" + operation.word + ") as a ratio to " + plan.against,
                plan.ratioMin,
                ratio.median());
        out.println(bar.line());
        bars.add(bar);
      }
      return begun.finish(directory, scratch.path(), Arm.FLAGS, plan, measured, bars);
    }
  }

  private Arm start(String kind, String name, Scratch scratch, Path logs) throws IOException {
    return Arm.start(
        Arm.Kind.of(kind).orElseThrow(),
        plan.durability,
        plan.loops,
        scratch.path().resolve(name),
        logs.resolve(name + "-" + kind + ".log"));
  }

  private Measured measure(Arm server, Arm against) throws IOException {
    List<WindowFigures> warmUp = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    Side a = new Side("server", server, new ArrayList<>());
    Side b = new Side("against", against, new ArrayList<>());
    while (warmUp.size() < 2 * WARM_WINDOWS_MAX && !(settled(a) && settled(b))) {
      warmUp.add(drive(0, a));
      warmUp.add(drive(0, b));
    }
    out.printf(
        Locale.ROOT,
        "warm after %d windows each: %.0f and %.0f a second%n",
        a.windows.size(),
        a.perSecondMedian(),
        b.perSecondMedian());
    a.windows.clear();
    b.windows.clear();
    List<WindowFigures> windows = new ArrayList<>();
    for (int pair = 1; pair <= plan.pairs; pair++) {
      boolean aFirst = pair % 2 == 1;
      windows.add(drive(pair, aFirst ? a : b));
      windows.add(drive(pair, aFirst ? b : a));
      double ofA = a.windows.get(pair - 1).perSecond();
      double ofB = b.windows.get(pair - 1).perSecond();
      ratios.add(ofA / ofB);
      out.printf(Locale.ROOT, "pair %2d: %8.0f / %8.0f = %.3f%n", pair, ofA, ofB, ofA / ofB);
    }
    return new Measured(
        a.perSecondMedian(), b.perSecondMedian(), PairedRatio.of(ratios), warmUp, windows);
  }

  private WindowFigures drive(int pair, Side side) throws IOException {
    String queue = SqsRequests.QUEUE + "-" + queues++;
    RawSocketClient.Window window;
    try {
      side.arm.makeQueue(queue);
      window = window(side.arm, queue);
      side.arm.deleteQueue(queue);
    } catch (IOException e) {
      throw new IOException(side.name + ", pair " + pair + ": " + e.getMessage(), e);
    }
    WindowFigures figures = WindowFigures.of(pair, side, operation.messages, window);
    side.windows.add(figures);
    if (figures.other() > 0) {
      throw new IOException(
          figures.other() + " answers other than 200 from " + side.name + ": not a measurement");
    }
    return figures;
  }

  private RawSocketClient.Window window(Arm arm, String queue) throws IOException {
    long windowNanos = TimeUnit.SECONDS.toNanos(plan.seconds);
    switch (operation) {
      case SEND -> {
        try (RawSocketClient sender = arm.sender(queue, plan.connections, plan.bodyBytes)) {
          return sender.drive(SETTLE_NANOS, windowNanos);
        }
      }
      case SEND_BATCH -> {
        try (RawSocketClient sender = arm.batchSender(queue, plan.connections, plan.bodyBytes)) {
          return sender.drive(SETTLE_NANOS, windowNanos);
        }
      }
      default -> {
        try (RawSocketClient filler = arm.batchSender(queue, FILLING_CONNECTIONS, plan.bodyBytes);
            DrainingClient drainer =
                DrainingClient.connect(arm.address(), queue, plan.connections)) {
          filler.ask(plan.drained / SqsRequests.BATCH);
          return drainer.drain(plan.drained);
        }
      }
    }
  }

  private static boolean settled(Side side) {
    List<WindowFigures> windows = side.windows;
    if (windows.size() < WARM_WINDOWS_AGREEING) {
      return false;
    }
    double low = Double.MAX_VALUE;
    double high = 0;
    for (WindowFigures window :
        windows.subList(windows.size() - WARM_WINDOWS_AGREEING, windows.size())) {
      low = Math.min(low, window.perSecond());
      high = Math.max(high, window.perSecond());
    }
    return high - low <= WARM_SPREAD * high;
  }
}
