package io.millrace.jmh.load;

import io.millrace.chaos.attribution.Compilation;
import io.millrace.chaos.attribution.Evidence;
import io.millrace.chaos.attribution.Meters;
import io.millrace.chaos.client.BatchItem;
import io.millrace.chaos.client.Done;
import io.millrace.chaos.client.Outcome;
import io.millrace.chaos.client.OutgoingMessage;
import io.millrace.chaos.client.Sent;
import io.millrace.chaos.client.Session;
import io.millrace.chaos.history.QueueSettings;
import io.millrace.chaos.load.LoadThreads;
import io.millrace.reports.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * One leg: makes the queues, fills the backlog, sends on schedule until the service is warm and
 * then for the measured time, drains, and reckons.
 *
 * <p>Warm-up and measurement are one schedule without a gap. What is measured begins with the first
 * message due after the warm-up's last window and its evaluation.
 */
final class LoadLeg {

  /** Between making the schedule and its first message: time for the threads to start. */
  private static final long LEAD_NS = TimeUnit.MILLISECONDS.toNanos(300);

  /** After a window, before it is looked at: its last messages are still being answered. */
  private static final long SETTLE_NS = TimeUnit.MILLISECONDS.toNanos(300);

  /** What looking at the last window may take, the question to the service's JVM included. */
  private static final int LOOKING_SECONDS = 10;

  private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(30);
  private static final int FILLERS = 4;
  private static final int BATCH = 10;
  private static final Duration FILL_TIMEOUT = Duration.ofMinutes(10);

  private final Workload workload;
  private final Workload.Step step;
  private final Warmth warmth;
  private final long seed;
  private final Watch watch;

  /**
   * How long a warm-up is looked at.
   *
   * @param windowSeconds of each window
   * @param windowsMax after which the leg is measured cold, and says so
   */
  record Warmth(int windowSeconds, int windowsMax) {
    /** By the rule: 5 s windows, at most two minutes of them. */
    static final Warmth BY_THE_RULE = new Warmth(5, 24);
  }

  /** Told when the measured stretch begins: for whoever does something to the service then. */
  interface Watch {
    /** Nothing is done. */
    Watch NONE = pace -> {};

    /** The measured stretch begins now; called in the leg's thread, must return at once. */
    void measuring(Pace pace) throws IOException;
  }

  LoadLeg(Workload workload, Workload.Step step, Warmth warmth, long seed, Watch watch) {
    this.workload = workload;
    this.step = step;
    this.warmth = warmth;
    this.seed = seed;
    this.watch = watch;
  }

  /**
   * Runs it.
   *
   * @param pair of an interleaved comparison, from 1
   * @param directory for its raw histograms
   * @throws IOException if the queues cannot be made, or the load client dies
   */
  Leg run(Subject subject, int pair, RunDirectory directory) throws IOException {
    List<String> queues =
        IntStream.range(0, step.queues()).mapToObj(i -> "load-" + seed + "-" + i).toList();
    for (String queue : queues) {
      Outcome<Done> made = subject.target().createQueue(queue, QueueSettings.DEFAULTS, "");
      if (!(made instanceof Outcome.Ok)) {
        throw new IOException("no queue " + queue + ": " + made.code());
      }
    }
    long[] due = schedule();
    Samples samples = new Samples(due, workload.backlog());
    fill(subject, queues, samples);
    WarmUp warmUp = new WarmUp(Compilation.nanos(subject.serverPid()));
    Pace pace = new Pace(due.length);
    Measured measured;
    Meters meters = Meters.start(directory, subject.disk());
    try {
      measured = measure(subject, queues, pace, samples, warmUp);
    } finally {
      meters.close();
    }
    Evidence evidence =
        subject
            .inside()
            .evidence(
                pace,
                Meters.controlStalls(directory, pace.origin()),
                Meters.ownStalls(directory, pace.origin()));
    return new LegFigures(workload, samples, measured.stretch(), measured.standing())
        .leg(directory, subject.name(), subject.durabilityClass(), step, pair, warmUp, evidence);
  }

  /** What was measured, and how what sent it was scheduled. */
  private record Measured(LegFigures.Stretch stretch, Standing standing) {}

  private Measured measure(
      Subject subject, List<String> queues, Pace pace, Samples samples, WarmUp warmUp)
      throws IOException {
    try (Traffic traffic = subject.traffic(queues, workload, step, pace, samples)) {
      traffic.startReceiving();
      if (step.rate() == 0) {
        return new Measured(empty(pace, traffic, samples), traffic.standing());
      }
      traffic.startSending();
      LegFigures.Stretch stretch = send(pace, traffic, samples, warmUp, subject.serverPid());
      drain(pace, traffic, samples);
      return new Measured(stretch, traffic.standing());
    }
  }

  private long[] schedule() {
    if (step.rate() == 0) {
      return new long[0];
    }
    long seconds =
        (long) warmth.windowSeconds() * warmth.windowsMax() + LOOKING_SECONDS + workload.seconds();
    long[] due =
        workload.arrivals().dueNs(step.rate(), Math.toIntExact(seconds * step.rate()), seed);
    for (int i = 0; i < due.length; i++) {
      due[i] += LEAD_NS;
    }
    return due;
  }

  /** Warms up and measures; returns once the last message was answered, or its time is up. */
  private LegFigures.Stretch send(
      Pace pace, Traffic traffic, Samples samples, WarmUp warmUp, long serverPid)
      throws IOException {
    long windowNs = TimeUnit.SECONDS.toNanos(warmth.windowSeconds());
    for (int i = 0; i < warmth.windowsMax() && !warmUp.warm(); i++) {
      long fromNs = LEAD_NS + i * windowNs;
      pace.awaitNs(fromNs + windowNs + SETTLE_NS);
      traffic.check();
      warmUp.add(samples, LEAD_NS, fromNs, fromNs + windowNs, Compilation.nanos(serverPid));
    }
    long fromNs = pace.nowNs() + LOOK_NS;
    long toNs = fromNs + TimeUnit.SECONDS.toNanos(workload.seconds());
    int from = WarmUp.firstDue(samples, fromNs);
    int to = WarmUp.firstDue(samples, toNs);
    pace.endBefore(to);
    watch.measuring(pace);
    while (pace.nowNs() < toNs || (!traffic.sentAll() && pace.nowNs() < toNs + DRAIN_NS)) {
      pace.awaitNs(pace.nowNs() + LOOK_NS);
      traffic.check();
    }
    return stretch(pace, from, to, fromNs, toNs);
  }

  /** Waits until everything acknowledged was received, or the time for it is up. */
  private void drain(Pace pace, Traffic traffic, Samples samples) throws IOException {
    long deadlineNs = pace.nowNs() + DRAIN_NS;
    while (samples.received() < samples.acked() + workload.backlog() && pace.nowNs() < deadlineNs) {
      pace.awaitNs(pace.nowNs() + LOOK_NS);
      traffic.check();
    }
  }

  /** Lets the consumers empty the backlog; what they do in the first second is their warm-up. */
  private LegFigures.Stretch empty(Pace pace, Traffic traffic, Samples samples) throws IOException {
    long fromNs = TimeUnit.SECONDS.toNanos(1);
    long untilNs = fromNs + TimeUnit.SECONDS.toNanos(workload.seconds());
    pace.awaitNs(fromNs);
    watch.measuring(pace);
    while (pace.nowNs() < untilNs && samples.received() < workload.backlog()) {
      pace.awaitNs(pace.nowNs() + LOOK_NS);
      traffic.check();
    }
    long toNs = Math.max(fromNs + LOOK_NS, Math.min(untilNs, samples.lastReceivedNs() + 1));
    return stretch(pace, 0, 0, fromNs, toNs);
  }

  private static LegFigures.Stretch stretch(Pace pace, int from, int to, long fromNs, long toNs) {
    long fromEpochMs = pace.origin().wallClockMs() + fromNs / 1_000_000;
    return new LegFigures.Stretch(from, to, fromNs, toNs, fromEpochMs);
  }

  private void fill(Subject subject, List<String> queues, Samples samples) throws IOException {
    if (workload.backlog() == 0) {
      return;
    }
    AtomicInteger next = new AtomicInteger();
    LoadThreads.start(
            "filler",
            IntStream.range(0, FILLERS).boxed().toList(),
            filler -> {
              int first = next.getAndAdd(BATCH);
              while (first < workload.backlog()) {
                String queue = queues.get(first / BATCH % queues.size());
                fillTen(subject.target().session(queue), samples.scheduled(), first);
                first = next.getAndAdd(BATCH);
              }
            })
        .join(FILL_TIMEOUT);
  }

  private void fillTen(Session queue, int numbersFrom, int first) {
    List<OutgoingMessage> messages = new ArrayList<>();
    for (int i = first; i < Math.min(first + BATCH, workload.backlog()); i++) {
      messages.add(
          OutgoingMessage.of(
              Numbered.body((long) numbersFrom + i, workload.messageBytes()), Map.of()));
    }
    for (Outcome<Sent> sent : queue.sendBatch(BatchItem.numbered(messages)).entries()) {
      if (!(sent instanceof Outcome.Ok)) {
        throw new UncheckedIOException(
            new IOException("the backlog could not be filled: " + sent.code()));
      }
    }
  }
}
