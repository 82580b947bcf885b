package io.millrace.chaos.scenario;

import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import io.millrace.chaos.history.FaultPhase;
import io.millrace.chaos.history.Fingerprint;
import io.millrace.chaos.history.HistoryWriter;
import io.millrace.chaos.history.QueueSettings;
import io.millrace.chaos.inject.AimedKills;
import io.millrace.chaos.inject.AimedKills.Strike;
import io.millrace.chaos.inject.KillAim;
import io.millrace.chaos.inject.ServerCommand;
import io.millrace.chaos.inject.ServerProcess;
import io.millrace.chaos.inject.ServerUnderTest;
import io.millrace.chaos.inject.Signals;
import io.millrace.chaos.load.Ticker;
import io.millrace.chaos.policy.Mishap;
import io.millrace.chaos.policy.Span;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Does to a server's process what a part plans, one thing after another in an order drawn from the
 * seed, and writes down the proof of each. Owned by one thread.
 */
final class ProcessFaults {

  /** Traffic between two faults. */
  private static final Span GAP_MS = new Span(150, 400);

  /** A moment that is missed is waited for again, so often. */
  private static final int TRIES = 8;

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** How long the clients of a killed server take to notice. */
  private static final Duration TORN_PATIENCE = Duration.ofSeconds(6);

  private static final Duration LOOK = Duration.ofMillis(5);

  /** A start of a server takes about so long; a restart storm strikes within. */
  private static final int START_MS = 900;

  /** One fault that is to be done. */
  private record Planned(int id, ProcessFault fault) {}

  private final ServerUnderTest server;
  private final AimedKills kills;
  private final MixedLoad load;
  private final HistoryWriter events;
  private final Ticker ticker;
  private final SplittableRandom random;
  private final RunOutput out;
  private final List<Planned> planned = new ArrayList<>();
  private final TreeMap<String, Integer> fired = new TreeMap<>();
  private final List<Long> restartsNs = new ArrayList<>();

  /**
   * Faults of one server; nothing is planned yet.
   *
   * @param events the event log, session 0, this thread's
   */
  ProcessFaults(
      ServerUnderTest server,
      AimedKills kills,
      MixedLoad load,
      HistoryWriter events,
      Ticker ticker,
      SplittableRandom random,
      RunOutput out) {
    this.server = server;
    this.kills = kills;
    this.load = load;
    this.events = events;
    this.ticker = ticker;
    this.random = random;
    this.out = out;
  }

  /** Plans one fault under a number of its own. */
  void plan(int id, ProcessFault fault) {
    planned.add(new Planned(id, fault));
  }

  /**
   * Does all of it. The server runs afterwards.
   *
   * @throws IOException if the server does not come back
   */
  void doAll() throws IOException {
    shuffle();
    for (int i = 0; i < planned.size(); i++) {
      ticker.pause(Duration.ofMillis(random.nextLong(GAP_MS.minMs(), GAP_MS.maxMs() + 1)));
      Planned next = planned.get(i);
      String detail = act(next);
      out.fault(i + 1, planned.size(), next.fault().title(), detail);
    }
    ticker.pause(Duration.ofMillis(GAP_MS.maxMs()));
  }

  /** How often each fault fired, by its title. */
  Map<String, Integer> fired() {
    return fired;
  }

  /** From the start of a process to its first answer, of every restart, in ns. */
  List<Long> restartsNs() {
    return restartsNs;
  }

  private void shuffle() {
    for (int i = planned.size() - 1; i > 0; i--) {
      Planned swapped = planned.get(i);
      int other = random.nextInt(i + 1);
      planned.set(i, planned.get(other));
      planned.set(other, swapped);
    }
  }

  private String act(Planned next) throws IOException {
    ProcessFault fault = next.fault();
    String detail = "";
    for (int attempt = 0; attempt < TRIES; attempt++) {
      long fromNs = ticker.nowNs();
      Strike strike =
          switch (fault.kind()) {
            case KILL -> kill(fault.aim());
            case PAUSE -> pause(fault.span());
            case RESTART_STORM -> storm(fault.restarts());
            case SAME_PID_RESTART -> samePid();
            default -> throw new IllegalStateException(fault.kind() + " is no fault of a process");
          };
      detail = strike.detail();
      if (strike.met()) {
        fired.merge(fault.title(), 1, Integer::sum);
        note(next, fromNs, detail);
        return detail;
      }
    }
    return "never fired: " + detail;
  }

  private Strike kill(KillAim aim) throws IOException {
    long tornBefore = load.batches().torn();
    Strike strike =
        switch (aim) {
          case ANYTIME -> kills.anytime(server);
          case BATCH -> kills.during(server, load.batches()::anyUnderWay, PATIENCE);
          case ROLL -> kills.duringRoll(server, PATIENCE);
          case CHECKPOINT -> kills.duringCheckpoint(server, PATIENCE);
          case RECOVERY -> {
            kills.anytime(server);
            yield kills.duringRecovery(server, PATIENCE);
          }
        };
    if (strike.killed()) {
      restart(server.command());
    }
    if (aim == KillAim.BATCH && strike.killed()) {
      boolean torn = await(() -> load.batches().torn() > tornBefore);
      return new Strike(true, torn, strike.detail() + (torn ? "; a batch has no answer" : ""));
    }
    return strike;
  }

  private Strike pause(Span span) throws IOException {
    long pid = server.process().pid();
    long ms = random.nextLong(span.minMs(), span.maxMs() + 1);
    Signals.stop(pid);
    boolean stopped = await(() -> Signals.isStopped(pid));
    ticker.pause(Duration.ofMillis(ms));
    Signals.proceed(pid);
    return new Strike(false, stopped, "process %d stood for %d ms".formatted(pid, ms));
  }

  private Strike storm(int restarts) throws IOException {
    kills.anytime(server);
    int answered = 0;
    for (int i = 0; i < restarts; i++) {
      ServerProcess.Launch launch = server.launch();
      ticker.pause(Duration.ofMillis(random.nextInt(START_MS)));
      long pid = launch.pid();
      long fromNs = ticker.nowNs();
      int exit = launch.kill();
      answered += launch.isReady() ? 1 : 0;
      events.append(
          new Entry.Event(
              0,
              fromNs,
              ticker.nowNs(),
              EventKind.KILL,
              "SIGKILL to process " + pid + " at its start"));
      if (exit != ServerProcess.EXIT_KILLED) {
        throw new IOException("a starting server ended by itself with status " + exit);
      }
    }
    restart(server.command());
    return new Strike(
        true,
        true,
        "killed %d times while it started, %d after it answered".formatted(restarts, answered));
  }

  /** Twice, so that the same id comes after itself; then as before. */
  private Strike samePid() throws IOException {
    ServerCommand own = server.command().underOwnProcessIds();
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      kills.anytime(server);
      restart(own);
      ids.add(Signals.innerPid(server.process().pid()));
      ticker.pause(Duration.ofMillis(GAP_MS.minMs()));
    }
    kills.anytime(server);
    restart(server.command());
    return new Strike(
        true, ids.get(0).equals(ids.get(1)), "process ids within their tables: " + ids);
  }

  private void restart(ServerCommand how) throws IOException {
    long fromNs = ticker.nowNs();
    server.restart(how);
    long toNs = ticker.nowNs();
    restartsNs.add(toNs - fromNs);
    events.append(
        new Entry.Event(0, fromNs, toNs, EventKind.RESTARTED, "process " + server.process().pid()));
  }

  private void note(Planned done, long fromNs, String detail) {
    Mishap kind = done.fault().kind();
    events.append(
        new Entry.Fault(
            0,
            fromNs,
            ticker.nowNs(),
            done.id(),
            FaultNotes.kindOf(kind),
            FaultPhase.FIRED,
            QueueSettings.NO_QUEUE,
            Fingerprint.NONE,
            "server",
            done.fault().title() + ": " + detail));
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private boolean await(Condition condition) throws IOException {
    long deadlineNs = ticker.nowNs() + TORN_PATIENCE.toNanos();
    while (!condition.holds()) {
      if (ticker.nowNs() >= deadlineNs) {
        return false;
      }
      ticker.pause(LOOK);
    }
    return true;
  }
}
