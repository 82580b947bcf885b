package io.millrace.chaos.sim;

import io.millrace.chaos.check.RareState;
import io.millrace.chaos.check.RareStates;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import io.millrace.chaos.history.FaultKind;
import io.millrace.chaos.history.Fingerprint;
import io.millrace.chaos.history.HistorySink;
import io.millrace.chaos.history.QueueSettings;
import io.millrace.engine.journal.Position;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Does to the machine what the plan says, and proves it: a fault has fired when its effect was seen
 * (the force that failed, the append that was refused, the death itself), not when it was arranged.
 */
final class Injector implements SimJournal.Disk {

  /** A crash that was arranged comes after so many steps at the latest, wherever that is. */
  private static final int CRASH_WITHIN_STEPS = 25;

  private static final String DISK = "disk";
  private static final String SERVER = "server";
  private static final String CLOCK = "clock";
  private static final int BATCH_SIZE = 5;

  private record Arranged(int id, Step.Crash crash, int atStep) {}

  private record Timed(int id, FaultKind kind, long untilNs) {}

  private final SimClock clock;
  private final HistorySink log;
  private final FaultBook faults;
  private final RareStates rareStates;
  private @Nullable Arranged arranged;
  private @Nullable Timed full;
  private @Nullable Timed slow;
  private int failingForce = -1;
  private final List<Long> damagedUnseen = new ArrayList<>();

  Injector(SimClock clock, HistorySink log, FaultBook faults, RareStates rareStates) {
    this.clock = clock;
    this.log = log;
    this.faults = faults;
    this.rareStates = rareStates;
  }

  /** The machine's parts, once they are made. */
  record Parts(SimMachine machine, Wire wire, Clients clients) {}

  /** Messages whose records were damaged while they must still have been there, never received. */
  List<Long> damagedUnseen() {
    return damagedUnseen;
  }

  // ---------------------------------------------------------------------------------- arranging

  void inject(Step.Fault fault, int step, Parts parts, SplittableRandom draws) throws IOException {
    if (fault instanceof Step.Crash crash) {
      crash(crash, step, parts, draws);
    } else if (fault instanceof Step.FailForce) {
      failForce(parts.machine());
    } else if (fault instanceof Step.SlowForce slowForce) {
      slowForces(slowForce, parts.machine());
    } else if (fault instanceof Step.FillDisk fill) {
      fillDisk(fill, parts.machine());
    } else if (fault instanceof Step.StepClock stepClock) {
      int id = faults.planned(FaultKind.CLOCK_STEP, CLOCK);
      clock.step(stepClock.ms());
      faults.fired(
          id, FaultKind.CLOCK_STEP, CLOCK, "the wall clock was set by " + stepClock.ms() + " ms");
    } else if (fault instanceof Step.FlipBit flip) {
      flipBit(flip, parts);
    }
  }

  private void failForce(SimMachine machine) {
    if (failingForce < 0) {
      failingForce = faults.planned(FaultKind.FORCE_FAILED, DISK);
      machine.journal().inner().failNextForce();
    }
  }

  @Override
  public void failedForce() {
    if (failingForce >= 0) {
      faults.fired(failingForce, FaultKind.FORCE_FAILED, DISK, "a force reported an error");
      failingForce = -1;
    }
  }

  private void slowForces(Step.SlowForce slowForce, SimMachine machine) {
    if (slow == null) {
      long untilNs = clock.nowNs() + slowForce.ms() * 1_000_000L;
      slow = new Timed(faults.planned(FaultKind.DISK_SLOW, DISK), FaultKind.DISK_SLOW, untilNs);
      machine.holdForces(untilNs);
    }
  }

  private void fillDisk(Step.FillDisk fill, SimMachine machine) {
    if (full == null) {
      long untilNs = clock.nowNs() + fill.ms() * 1_000_000L;
      full = new Timed(faults.planned(FaultKind.DISK_FULL, DISK), FaultKind.DISK_FULL, untilNs);
      long bytes = machine.journal().diskBytes() + fill.reserveBytes();
      machine.journal().inner().limitTo(bytes, fill.reserveBytes());
    }
  }

  @Override
  public void refusedForFull() {
    if (full != null) {
      faults.fired(full.id(), FaultKind.DISK_FULL, DISK, "an append was refused");
    }
  }

  /** Ends what has lasted long enough. */
  void expire(SimMachine machine) {
    if (full != null && clock.nowNs() >= full.untilNs()) {
      endFull(machine);
    }
    if (slow != null && clock.nowNs() >= slow.untilNs()) {
      endSlow(machine);
    }
  }

  private void endFull(SimMachine machine) {
    if (full != null) {
      machine.journal().inner().limitTo(Long.MAX_VALUE, 0);
      end(full, "nothing was appended while the disk was full");
      full = null;
    }
  }

  private void endSlow(SimMachine machine) {
    if (slow != null) {
      if (machine.forceWasHeld()) {
        faults.fired(slow.id(), FaultKind.DISK_SLOW, DISK, "a force was held");
      }
      machine.holdForces(0);
      end(slow, "nothing wanted a force while forces were slow");
      slow = null;
    }
  }

  private void end(Timed fault, String whyNot) {
    if (faults.isWaiting(fault.id())) {
      faults.skipped(fault.id(), fault.kind(), DISK, whyNot);
    } else {
      faults.ended(fault.id(), fault.kind(), DISK);
    }
  }

  private void flipBit(Step.FlipBit flip, Parts parts) {
    SimMachine machine = parts.machine();
    List<Map.Entry<Long, Long>> durable = new ArrayList<>();
    machine
        .places()
        .all()
        .forEach(
            (attempt, position) -> {
              boolean settled =
                  position < machine.journal().durablePosition()
                      && parts.clients().sent().containsKey(attempt);
              if (settled) {
                durable.add(Map.entry(attempt, position));
              }
            });
    int id = faults.planned(FaultKind.BIT_FLIP, DISK);
    if (durable.isEmpty()) {
      faults.skipped(id, FaultKind.BIT_FLIP, DISK, "no durable record carries a message");
      return;
    }
    Map.Entry<Long, Long> chosen = durable.get(flip.message() % durable.size());
    long attempt = chosen.getKey();
    machine.journal().inner().flip(chosen.getValue(), flip.bit());
    int home = parts.clients().home(attempt);
    if (!parts.clients().wasReceived(attempt) && home != Plan.BRIEF) {
      damagedUnseen.add(attempt);
    }
    faults.fired(
        id,
        FaultKind.BIT_FLIP,
        home,
        parts.clients().sent().getOrDefault(attempt, Fingerprint.NONE),
        DISK,
        "a bit of the record at " + Position.text(chosen.getValue()) + " was flipped");
  }

  // ------------------------------------------------------------------------------------- crashing

  private void crash(Step.Crash crash, int step, Parts parts, SplittableRandom draws)
      throws IOException {
    if (arranged != null) {
      dieNow(parts, draws, "another crash was due");
    }
    FaultKind kind = crash.powerCut() ? FaultKind.POWER_CUT : FaultKind.KILL;
    arranged = new Arranged(faults.planned(kind, SERVER), crash, step);
    switch (crash.site()) {
      case BETWEEN_TURNS, RECOVERY -> dieNow(parts, draws, "between two turns");
      case BATCH -> crashInBatch(crash, parts, draws);
      default -> parts.machine().fuse().light(crash.site(), crash.n());
    }
  }

  /** A batch alone in its turn, so that the records of that turn are its. */
  private void crashInBatch(Step.Crash crash, Parts parts, SplittableRandom draws)
      throws IOException {
    SimMachine machine = parts.machine();
    try {
      machine.turn(draws);
      parts.clients().sendBatch(new Step.SendBatch(Plan.PLAIN, BATCH_SIZE, Step.Fate.ANSWERED));
      machine.fuse().light(CrashSite.BATCH, crash.n());
      machine.journal().batchBegins();
      machine.turn(draws);
      machine.journal().batchEnds();
    } catch (CrashFuse.Crash burnt) {
      burnt(burnt, parts, draws);
      return;
    }
    dieNow(parts, draws, "the batch was refused before");
  }

  /** A crash that was arranged and has not come comes now, if it is overdue or must. */
  void comeIfOverdue(int step, boolean must, Parts parts, SplittableRandom draws)
      throws IOException {
    if (arranged != null && (must || step - arranged.atStep() >= CRASH_WITHIN_STEPS)) {
      dieNow(parts, draws, "no such place came in time");
    }
  }

  private void dieNow(Parts parts, SplittableRandom draws, String why) throws IOException {
    if (arranged != null) {
      Arranged due = arranged;
      arranged = null;
      die(due, CrashSite.BETWEEN_TURNS, "between two turns (" + why + ")", parts, draws);
    }
  }

  /** A crash came where it was arranged. */
  void burnt(CrashFuse.Crash crash, Parts parts, SplittableRandom draws) throws IOException {
    if (arranged == null) {
      throw new AssertionError("a crash that nobody arranged: " + crash.where());
    }
    Arranged due = arranged;
    arranged = null;
    die(due, crash.site(), crash.where(), parts, draws);
  }

  private void die(Arranged due, CrashSite site, String where, Parts parts, SplittableRandom draws)
      throws IOException {
    SimMachine machine = parts.machine();
    Step.Crash crash = due.crash();
    site.rareState().ifPresent(rareStates::occurred);
    endFull(machine);
    endSlow(machine);
    if (failingForce >= 0) {
      faults.skipped(failingForce, FaultKind.FORCE_FAILED, DISK, "the crash came before a force");
      failingForce = -1;
    }
    FaultKind kind = crash.powerCut() ? FaultKind.POWER_CUT : FaultKind.KILL;
    faults.fired(due.id(), kind, SERVER, where);
    died(crash, where, parts, draws);
    int again = crash.again();
    while (true) {
      clock.pass(crash.downMs());
      machine.fuse().putOut();
      if (again > 0) {
        machine.fuse().light(CrashSite.RECOVERY, again);
        again = 0;
      }
      try {
        int starts = machine.starts();
        machine.startAgain();
        machine.fuse().putOut();
        if (crash.powerCut()) {
          parts.wire().cutAt(starts, machine.journal().tailPosition());
        }
        break;
      } catch (CrashFuse.Crash inRecovery) {
        rareStates.occurred(RareState.CRASH_DURING_RECOVERY);
        died(crash, inRecovery.where(), parts, draws);
      }
    }
    long atNs = clock.tick();
    log.append(
        new Entry.Event(
            FaultBook.SESSION, atNs, atNs, EventKind.RESTARTED, "start " + machine.starts()));
  }

  private void died(Step.Crash crash, String where, Parts parts, SplittableRandom draws) {
    long atNs = clock.tick();
    EventKind kind = crash.powerCut() ? EventKind.POWER_CUT : EventKind.KILL;
    log.append(new Entry.Event(FaultBook.SESSION, atNs, atNs, kind, where));
    parts.wire().died();
    boolean torn =
        crash.powerCut() && (crash.tail() == Step.Tail.PART || crash.tail() == Step.Tail.FLIPPED);
    long unforced = parts.machine().journal().unforcedBytes();
    parts.machine().die(crash.powerCut(), crash.tail(), draws);
    if (torn && unforced > 0) {
      int id = faults.planned(FaultKind.TORN_TAIL, DISK);
      faults.fired(
          id,
          FaultKind.TORN_TAIL,
          QueueSettings.NO_QUEUE,
          Fingerprint.NONE,
          DISK,
          "of %d bytes that were not forced, %s".formatted(unforced, crash.tail()));
    }
  }

  // --------------------------------------------------------------------------------------- healing

  /** No more faults. */
  void heal(Parts parts, SplittableRandom draws) throws IOException {
    comeIfOverdue(Integer.MAX_VALUE, true, parts, draws);
    parts.machine().fuse().putOut();
    endFull(parts.machine());
    endSlow(parts.machine());
  }
}
