package io.millrace.chaos.run;

import io.millrace.chaos.client.InFlight;
import io.millrace.chaos.client.RecordedSession;
import io.millrace.chaos.client.Session;
import io.millrace.chaos.history.HistoryWriter;
import io.millrace.chaos.history.Origin;
import io.millrace.chaos.load.Consumers;
import io.millrace.chaos.load.Ledger;
import io.millrace.chaos.load.LiveFigures;
import io.millrace.chaos.load.LoadThreads;
import io.millrace.chaos.load.OrderMessages;
import io.millrace.chaos.load.Producers;
import io.millrace.chaos.load.Schedule;
import io.millrace.chaos.load.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The producers and consumers of one queue, with a log each, and the logs of whoever conducts them:
 * of events, and of the faults that fired. From opening to {@link #close} it belongs to one thread.
 */
final class Traffic implements AutoCloseable {

  /** From opening to the first order: time for every thread to be waiting for it. */
  private static final Duration LEAD = Duration.ofMillis(200);

  /**
   * How long a refused order is offered; a server that takes longer to come back has failed the
   * run.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** How long after the end of its lease a message may take to come again. */
  private static final Duration LIVENESS = Duration.ofSeconds(2);

  /** What the drain may take beyond a lease. */
  private static final Duration DRAIN_SLACK = Duration.ofSeconds(6);

  private static final Duration LOOK = Duration.ofMillis(20);
  private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(30);

  private final Origin origin;
  private final Ticker ticker;
  private final Schedule schedule;
  private final InFlight inFlight = new InFlight();
  private final LiveFigures figures = new LiveFigures();
  private final Ledger ledger = new Ledger(RunPlan.VISIBILITY.plus(LIVENESS));
  private final List<HistoryWriter> logs = new ArrayList<>();
  private final int proofSession = 1 + RunPlan.PRODUCERS + RunPlan.CONSUMERS;
  private final List<RecordedSession> producerSessions = new ArrayList<>();
  private final List<RecordedSession> consumerSessions = new ArrayList<>();
  private final Producers producers;
  private final Consumers consumers;

  private Traffic(Origin origin, Schedule schedule, OrderMessages messages) {
    this.origin = origin;
    this.ticker = Ticker.system(origin);
    this.schedule = schedule;
    this.producers = new Producers(schedule, messages, ticker, ledger, figures, PATIENCE);
    this.consumers =
        new Consumers(messages, ticker, ledger, figures, RunPlan.POLL_WAIT, RunPlan.VISIBILITY);
  }

  /**
   * Opens the logs and sets the schedule; nothing is sent yet.
   *
   * @param directory where the logs go; made
   * @param rate orders a second
   * @param orders how many
   * @param messages what they look like
   * @param producing gives each producer its session
   * @param consuming gives each consumer its session
   */
  static Traffic open(
      Path directory,
      int rate,
      long orders,
      OrderMessages messages,
      Supplier<Session> producing,
      Supplier<Session> consuming)
      throws IOException {
    Files.createDirectories(directory);
    Origin origin = Origin.now();
    Traffic traffic = new Traffic(origin, new Schedule(LEAD.toNanos(), rate, orders), messages);
    try {
      traffic.logs.add(HistoryWriter.create(directory, 0, origin));
      for (int i = 0; i < RunPlan.PRODUCERS; i++) {
        traffic.producerSessions.add(traffic.record(directory, producing.get()));
      }
      for (int i = 0; i < RunPlan.CONSUMERS; i++) {
        traffic.consumerSessions.add(traffic.record(directory, consuming.get()));
      }
      traffic.logs.add(HistoryWriter.create(directory, traffic.proofSession, origin));
      return traffic;
    } catch (IOException e) {
      traffic.closeLogs();
      throw e;
    }
  }

  /** The threads of a traffic that is on. */
  record Running(LoadThreads producers, LoadThreads consumers) {}

  /** Starts everybody. */
  Running start() {
    return new Running(producers.start(producerSessions), consumers.start(consumerSessions));
  }

  /**
   * Waits until every order was sent; those that are not when time is up are not sent at all, and
   * are missed in the report.
   *
   * @param overrun how long it may take after the schedule's end, or from now if that has passed
   */
  void awaitSent(Running running, Duration overrun) throws IOException {
    long deadlineNs = Math.max(schedule.endNs(), ticker.nowNs()) + overrun.toNanos();
    while (running.producers().anyAlive() && ticker.nowNs() < deadlineNs) {
      ticker.pause(LOOK);
    }
    producers.stop();
    running.producers().join(JOIN_TIMEOUT);
  }

  /**
   * Waits until nothing is left in the queue, as far as a client can know: everything acknowledged
   * is deleted and a whole poll found nothing; or polls found nothing for so long that whatever was
   * hidden would have come again.
   *
   * @return false if that did not come about in time
   */
  boolean drain() {
    long leaseNs = RunPlan.VISIBILITY.plus(LIVENESS).toNanos();
    long fromNs = ticker.nowNs();
    long deadlineNs = fromNs + leaseNs + DRAIN_SLACK.toNanos();
    while (ticker.nowNs() < deadlineNs) {
      long nowNs = ticker.nowNs();
      long changedNs = figures.lastChangeNs();
      boolean foundNothing = figures.lastEmptyPollNs() > Math.max(changedNs, fromNs);
      if (foundNothing && (ledger.outstanding(nowNs) == 0 || nowNs > changedNs + leaseNs)) {
        return true;
      }
      ticker.pause(LOOK);
    }
    return false;
  }

  /**
   * Ends everybody after what they are at, and waits for them.
   *
   * @throws IOException if one had died of an error, or does not end
   */
  void stop(Running running) throws IOException {
    producers.stop();
    consumers.stop();
    running.producers().join(JOIN_TIMEOUT);
    running.consumers().join(JOIN_TIMEOUT);
  }

  /** As it can be watched. */
  LiveRun.Load live() {
    return new LiveRun.Load(schedule, ticker, figures, ledger);
  }

  /** When the newest entry of any log returned, in ns since the origin. Any thread may ask. */
  long newestNs() {
    long newestNs = 0;
    for (HistoryWriter log : logs) {
      newestNs = Math.max(newestNs, log.newestNs());
    }
    return newestNs;
  }

  Origin origin() {
    return origin;
  }

  Ticker ticker() {
    return ticker;
  }

  Schedule schedule() {
    return schedule;
  }

  InFlight inFlight() {
    return inFlight;
  }

  /** The log of what happens to the system; its session number is 0. */
  HistoryWriter events() {
    return logs.get(0);
  }

  /** The log of the faults that fired, and of nothing else. */
  HistoryWriter proofs() {
    return logs.get(proofSession);
  }

  /** Its session number. */
  int proofSession() {
    return proofSession;
  }

  /** Orders that were refused until their time was up. */
  long givenUp() {
    return producers.givenUp();
  }

  /** Closes the logs; call it after {@link #stop}, or they are cut. */
  @Override
  public void close() throws IOException {
    producers.stop();
    consumers.stop();
    closeLogs();
  }

  private RecordedSession record(Path directory, Session session) throws IOException {
    HistoryWriter log = HistoryWriter.create(directory, logs.size(), origin);
    logs.add(log);
    return new RecordedSession(logs.size() - 1, session, log, origin, inFlight);
  }

  private void closeLogs() throws IOException {
    for (HistoryWriter log : logs) {
      log.close();
    }
  }
}
