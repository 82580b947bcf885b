package io.millrace.chaos.sim;

import io.millrace.chaos.check.Judge;
import io.millrace.chaos.check.Judgement;
import io.millrace.chaos.check.RareStates;
import io.millrace.chaos.check.Rules;
import io.millrace.chaos.client.Recorder;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import io.millrace.chaos.history.MemoryHistory;
import io.millrace.chaos.history.Origin;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * One run of one plan: a safety phase in which its steps are carried out, faults among them, then a
 * liveness phase without any in which every queue is drained; then the history is judged, in the
 * strict profile.
 *
 * <p>One thread, simulated time, no randomness but the plan's: the same plan gives the same history
 * and the same journal, byte for byte.
 */
final class Simulation {

  /** The session of the clients; faults and events have their own. */
  private static final int CLIENTS = 1;

  private static final int TURN_MS_MAX = 250;

  /** Longer than any lease, delay and wait that is still under way when the drain begins. */
  private static final long QUIET_NS = 20_000_000_000L;

  private static final long DRAIN_NS_MAX = 600_000_000_000L;
  private static final int DRAIN_WAIT_SECONDS = 5;
  private static final SplittableRandom NO_DRAWS = new SplittableRandom(0);

  private final Plan plan;
  private final SimClock clock = new SimClock();
  private final MemoryHistory history = new MemoryHistory();
  private final RareStates rareStates = new RareStates();
  private final FaultBook faults = new FaultBook(history, clock);
  private final Injector injector;
  private final SimMachine machine;
  private final Wire wire;
  private final Clients clients;
  private final Injector.Parts parts;
  private String trouble = "";

  private Simulation(Plan plan, SimWorld world, Path directory) throws IOException {
    this.plan = plan;
    this.injector = new Injector(clock, history, faults, rareStates);
    this.machine = new SimMachine(plan, world, clock, rareStates, injector, directory);
    this.wire = new Wire(machine, clock, faults);
    this.clients = new Clients(plan, wire, new Recorder(CLIENTS, history), machine, rareStates);
    this.parts = new Injector.Parts(machine, wire, clients);
  }

  /**
   * Runs a plan.
   *
   * @param directory an empty directory for the files that the engine maps; left as it is
   * @throws IOException if the real file system fails
   */
  static SimRun run(Plan plan, SimWorld world, Path directory) throws IOException {
    Simulation simulation = new Simulation(plan, world, directory);
    simulation.run();
    return simulation.finished();
  }

  private void run() {
    try {
      open();
      for (Map.Entry<Integer, Step> step : plan.steps().entrySet()) {
        perform(step.getKey(), step.getValue());
      }
      injector.heal(parts, Plan.stepDraws(plan.seed(), -1));
      event(EventKind.TRAFFIC_ENDED, "");
      event(EventKind.LIVENESS_BEGINS, "");
      drain();
    } catch (IOException | RuntimeException | Error broken) {
      trouble = "the engine stopped: " + broken + place(broken);
    }
  }

  private static String place(Throwable broken) {
    StackTraceElement[] trace = broken.getStackTrace();
    return trace.length == 0 ? "" : " at " + trace[0];
  }

  // ------------------------------------------------------------------------------- safety phase

  private void open() {
    history.append(
        new Entry.Target(FaultBook.SESSION, clock.tick(), "simulation", plan.survival()));
    for (int queue = 0; queue < plan.queues().size(); queue++) {
      clients.create(queue);
      machine.turn(NO_DRAWS.split());
    }
  }

  private void perform(int index, Step step) throws IOException {
    SplittableRandom draws = Plan.stepDraws(plan.seed(), ~index);
    injector.expire(machine);
    try {
      injector.comeIfOverdue(index, false, parts, draws);
      if (step instanceof Step.Operation operation) {
        clients.perform(operation);
      } else if (step instanceof Step.Fault fault) {
        injector.inject(fault, index, parts, draws);
      } else if (step instanceof Step.Wait wait) {
        pass(wait.ms(), draws);
      }
      if (draws.nextInt(3) > 0) {
        pass(draws.nextInt(30), draws);
      }
    } catch (CrashFuse.Crash crash) {
      injector.burnt(crash, parts, draws);
    }
  }

  /** Lets time pass, turning the machine whenever it wants to be turned. */
  private void pass(long ms, SplittableRandom draws) {
    machine.turn(draws);
    long left = ms;
    while (left > 0) {
      long next = Math.min(left, Math.min(TURN_MS_MAX, machine.restMs()));
      clock.pass(next);
      left -= next;
      injector.expire(machine);
      machine.turn(draws);
    }
  }

  // ----------------------------------------------------------------------------- liveness phase

  private void drain() {
    SplittableRandom draws = Plan.stepDraws(plan.seed(), -2);
    long beganNs = clock.nowNs();
    int queues = plan.queues().size();
    boolean[] polled = new boolean[queues];
    while (!wire.isQuiet() || clock.nowNs() - lastNewsNs(beganNs) < QUIET_NS) {
      if (clock.nowNs() - beganNs > DRAIN_NS_MAX) {
        event(EventKind.DRAIN_INCOMPLETE, "something still comes after ten minutes");
        return;
      }
      boolean ending = clock.nowNs() - lastNewsNs(beganNs) >= QUIET_NS;
      for (int queue = 0; queue < queues && !ending; queue++) {
        if (!polled[queue]) {
          int number = queue;
          polled[number] = true;
          clients.consume(number, DRAIN_WAIT_SECONDS, () -> polled[number] = false);
        }
      }
      pass(TURN_MS_MAX, draws);
    }
    event(EventKind.DRAINED, "");
    event(EventKind.QUIET, "");
    for (int queue = 0; queue < queues; queue++) {
      clients.counts(queue);
    }
    pass(TURN_MS_MAX, draws);
    event(EventKind.QUIET_ENDED, "");
    if (!wire.isQuiet()) {
      trouble = "a request was never answered";
    }
    for (long attempt : injector.damagedUnseen()) {
      if (!clients.mayBePurged(attempt) && machine.namedDamage() == 0) {
        trouble = "damage to the record of attempt " + attempt + " went unnamed";
      }
    }
  }

  private long lastNewsNs(long beganNs) {
    return Math.max(beganNs, clients.lastMessageNs());
  }

  private void event(EventKind kind, String detail) {
    long atNs = clock.tick();
    history.append(new Entry.Event(FaultBook.SESSION, atNs, atNs, kind, detail));
  }

  // -------------------------------------------------------------------------------------- judging

  private SimRun finished() {
    faults.close();
    Judgement judgement =
        Judge.judge(history.entries(), new Origin(0, SimClock.ORIGIN_MS), rules(plan));
    return new SimRun(
        plan,
        history,
        judgement,
        trouble,
        machine.journalSum(),
        rareStates,
        clients.operations(),
        faults.fired());
  }

  /**
   * Timers are exact to the millisecond. Where the wall clock is set they lean after it by a
   * twentieth, and a restart takes it as it is.
   */
  static Rules rules(Plan plan) {
    Duration slack = plan.clockSteps() ? Duration.ofSeconds(4) : Duration.ofMillis(3);
    return Rules.STRICT.withSlack(slack, Duration.ofSeconds(2));
  }
}
