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
 * How many messages a server takes or gives over HTTP, as a ratio to one or more baselines' in the
 * same run.
 *
 * <p>Measured: messages per second of one client, the same bytes and the same number of connections
 * for each server: single sends or batches of ten by {@link RawSocketClient}, or ten received and
 * deleted at a time by {@link DrainingClient}, from a queue filled before the window. All run all
 * the time, each in a JVM of its own, and one at a time is driven: windows alternate in rounds, A
 * B, B A, A B, ..., or A B C, C B A, ..., so that a machine that grows slower by the minute favours
 * none. A round yields one ratio of every two servers; the answer is the median of the rounds with
 * its interval. With several baselines the ratio of one to another says what is to be had on this
 * machine at all: how far a server that does the least is itself from the other.
 *
 * <p>What would fool it: a cold server, so all are driven in turns until three windows of each
 * agree within 10 %; a server that answers errors quickly, so one answer other than 200 fails the
 * run; a queue that grows from window to window, so each window has a queue of its own, deleted
 * after it; the idle servers' own background work, which is small but real and named here; the
 * client, which shares the machine's cores with the server: it takes the same share from each,
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
   * @param against the baselines, at least one, each once
   * @param operation what is asked, see {@link Operation}
   * @param durability Millrace's level
   * @param connections of the client
   * @param pairs rounds, in each of which every server is driven for one window
   * @param seconds length of a window of sends
   * @param drained messages of a window of receives
   * @param bodyBytes of a message
   * @param loops event loops of a baseline
   * @param ratioMin bars of the medians, in the order of the baselines; 0 for none, as for those
   *     left out
   * @param intervalMin bars of the intervals' low ends, likewise
   * @param order of the windows
   */
  record Plan(
      String server,
      List<String> against,
      String operation,
      String durability,
      int connections,
      int pairs,
      int seconds,
      int drained,
      int bodyBytes,
      int loops,
      List<Double> ratioMin,
      List<Double> intervalMin,
      String order) {

    Plan {
      against = List.copyOf(against);
      ratioMin = List.copyOf(ratioMin);
      intervalMin = List.copyOf(intervalMin);
    }
  }

  /**
   * One window.
   *
   * @param round from 1; 0 while warming up
   * @param side the name of the server
   * @param perSecond messages a second
   * @param ok answers 200; of receives, messages deleted
   * @param other answers that were not 200
   * @param p50Us median latency in microseconds, closed loop; likewise the others
   */
  record WindowFigures(
      int round,
      String side,
      double perSecond,
      long ok,
      long other,
      double p50Us,
      double p99Us,
      double p999Us,
      double maxUs) {

    static WindowFigures of(
        int round, Lineup.Side side, int messages, RawSocketClient.Window window) {
      Histogram nanos = window.latencyNanos();
      return new WindowFigures(
          round,
          side.name(),
          window.okPerSecond() * messages,
          window.ok(),
          window.other(),
          nanos.getValueAtPercentile(50) / 1e3,
          nanos.getValueAtPercentile(99) / 1e3,
          nanos.getValueAtPercentile(99.9) / 1e3,
          nanos.getMaxValue() / 1e3);
    }
  }

  /**
   * One of the servers.
   *
   * @param name its windows' side
   * @param perSecondMedian messages a second, the median of its windows
   */
  record SideFigures(String name, double perSecondMedian) {}

  /**
   * The rate of one server as a ratio to another's.
   *
   * @param of the name of the one
   * @param to the name of the other
   * @param ratio round by round
   */
  record RatioFigures(String of, String to, PairedRatio ratio) {}

  /** All that was measured. */
  record Measured(
      List<SideFigures> sides,
      List<RatioFigures> ratios,
      List<WindowFigures> warmUp,
      List<WindowFigures> windows) {}

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
                String.join("-", plan.against),
                plan.durability,
                Integer.toString(plan.connections)),
            command);
    try (Scratch scratch = Scratch.in(directory);
        Lineup lineup =
            Lineup.start(
                plan.server,
                plan.against,
                (server, side) -> start(server, side.replace(' ', '-'), scratch, directory))) {
      Measured measured = measure(lineup);
      List<Bar> bars = bars(measured);
      tell(measured, bars);
      return begun.finish(directory, scratch.path(), Arm.FLAGS, plan, measured, bars);
    }
  }

  private Arm start(String server, String name, Scratch scratch, Path logs) throws IOException {
    return Arm.start(
        Arm.Kind.of(server).orElseThrow(),
        plan.durability,
        plan.loops,
        scratch.path().resolve(name),
        logs.resolve(name + ".log"));
  }

  /** The bars that the plan has, with what the figures came to. */
  List<Bar> bars(Measured measured) {
    List<Bar> bars = new ArrayList<>();
    for (int i = 0; i < plan.against.size(); i++) {
      String name =
          "messages a second (" + operation.word + ") as a ratio to " + plan.against.get(i);
      PairedRatio ratio = measured.ratios.get(i).ratio;
      bar(name, plan.ratioMin, i, ratio.median(), bars);
      bar(name + ", low end of the interval", plan.intervalMin, i, ratio.low(), bars);
    }
    return bars;
  }

  private static void bar(
      String name, List<Double> asked, int index, double measured, List<Bar> bars) {
    if (index < asked.size() && asked.get(index) > 0) {
      bars.add(Bar.atLeast(name, asked.get(index), measured));
    }
  }

  private void tell(Measured measured, List<Bar> bars) {
    out.printf(
        Locale.ROOT, "%s, %s, %d connections%n", operation.word, plan.durability, plan.connections);
    for (SideFigures side : measured.sides) {
      out.printf(Locale.ROOT, "%8.0f messages a second: %s%n", side.perSecondMedian, side.name);
    }
    for (RatioFigures each : measured.ratios) {
      out.printf(
          Locale.ROOT,
          "%8.3f  %s / %s (95 %% interval %.3f to %.3f)%n",
          each.ratio.median(),
          each.of,
          each.to,
          each.ratio.low(),
          each.ratio.high());
    }
    bars.forEach(bar -> out.println(bar.line()));
  }

  private Measured measure(Lineup lineup) throws IOException {
    List<Lineup.Side> sides = lineup.sides();
    List<WindowFigures> warmUp = new ArrayList<>();
    for (int i = 0; i < WARM_WINDOWS_MAX && !sides.stream().allMatch(HttpRatio::settled); i++) {
      for (Lineup.Side side : sides) {
        warmUp.add(drive(0, side));
      }
    }
    out.printf("warm after %d windows each%n", warmUp.size() / sides.size());
    sides.forEach(side -> side.windows().clear());
    List<WindowFigures> windows = new ArrayList<>();
    for (int round = 1; round <= plan.pairs; round++) {
      for (Lineup.Side side : lineup.inRound(round)) {
        windows.add(drive(round, side));
      }
      out.printf("round %2d:", round);
      for (Lineup.Side side : sides) {
        double perSecond = side.windows().get(round - 1).perSecond();
        out.printf(Locale.ROOT, "  %s %.0f", side.name(), perSecond);
      }
      out.println();
    }
    return new Measured(
        sides.stream().map(side -> new SideFigures(side.name(), side.perSecondMedian())).toList(),
        lineup.ratios(),
        warmUp,
        windows);
  }

  private WindowFigures drive(int round, Lineup.Side side) throws IOException {
    String queue = SqsRequests.QUEUE + "-" + queues++;
    RawSocketClient.Window window;
    try {
      side.arm().makeQueue(queue);
      window = window(side.arm(), queue);
      side.arm().deleteQueue(queue);
    } catch (IOException e) {
      throw new IOException(side.name() + ", round " + round + ": " + e.getMessage(), e);
    }
    WindowFigures figures = WindowFigures.of(round, side, operation.messages, window);
    side.windows().add(figures);
    if (figures.other() > 0) {
      throw new IOException(
          figures.other() + " answers other than 200 from " + side.name() + ": not a measurement");
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

  private static boolean settled(Lineup.Side side) {
    List<WindowFigures> windows = side.windows();
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
