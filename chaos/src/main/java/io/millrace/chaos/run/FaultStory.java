package io.millrace.chaos.run;

import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.FaultPhase;
import io.millrace.chaos.history.Fingerprint;
import io.millrace.chaos.history.HistoryWriter;
import io.millrace.chaos.history.Origin;
import io.millrace.chaos.policy.FaultLog;
import io.millrace.chaos.serve.ChaosAdmin;
import io.millrace.reports.record.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Forces the faults of the windows, and writes each that fired into the history: its plan when its
 * window begins, its proof as often as it fires, its end. The server's fault log counts on the same
 * monotonic clock as the history, so that an instant needs no translation but the origin's.
 *
 * <p>Used by the thread that conducts the run.
 */
final class FaultStory {

  private static final long MS = 1_000_000;

  /** So much of a proof is shown; an answer of ten messages that was lost names them all. */
  private static final int PROOF_LETTERS_MAX = 120;

  /** What became of one kind of fault. */
  private static final class Tally {
    private final FaultWindow.Forced fault;
    private long fromNs;
    private long toNs;
    private long begun;
    private long fired;
    private long missed;
    private long firstNs;
    private long lastNs;
    private String proof = "";

    private Tally(FaultWindow.Forced fault) {
      this.fault = fault;
    }
  }

  private final ChaosAdmin admin;
  private final long seed;
  private final String queue;
  private final Origin origin;
  private final HistoryWriter events;
  private final HistoryWriter proofs;
  private final int proofSession;
  private final LiveFaults live;
  private final List<Tally> tallies = new ArrayList<>();
  private Optional<FaultWindow> inForce = Optional.empty();

  /**
   * A story in which nothing has happened.
   *
   * @param admin of the server that misbehaves
   * @param queue the queue it misbehaves with
   * @param events the run's event log, session 0: plans and ends
   * @param proofs a log of their own for what fired. What is heard of late has still its own
   *     instant: a checker must know of a fault before the receive that shows it
   * @param proofSession that log's number
   * @param live what the scrapes read
   */
  FaultStory(
      ChaosAdmin admin,
      long seed,
      String queue,
      Origin origin,
      HistoryWriter events,
      HistoryWriter proofs,
      int proofSession,
      LiveFaults live) {
    this.admin = admin;
    this.seed = seed;
    this.queue = queue;
    this.origin = origin;
    this.events = events;
    this.proofs = proofs;
    this.proofSession = proofSession;
    this.live = live;
    for (FaultWindow window : FaultWindow.values()) {
      window.faults().forEach(fault -> tallies.add(new Tally(fault)));
    }
  }

  /** Writes a window's faults down as planned; from here on the phase is the window's. */
  void plan(FaultWindow window) {
    long nowNs = origin.elapsedNs();
    for (Tally tally : of(window)) {
      events.append(entry(0, nowNs, tally, FaultPhase.PLANNED, Fingerprint.NONE, "from here on"));
    }
  }

  /** Puts a window's faults in force, in the place of those of the window before. */
  void begin(FaultWindow window) throws IOException {
    long fromNs = origin.elapsedNs();
    admin.set(window.policy(seed, queue));
    for (Tally tally : of(window)) {
      tally.fromNs = fromNs;
      live.setActive(tally.fault, true);
    }
    inForce.ifPresent(this::noteEnd);
    inForce = Optional.of(window);
    collect();
  }

  /** Takes back what is in force; what was begun may still fire. */
  void end() throws IOException {
    admin.clear();
    inForce.ifPresent(this::noteEnd);
    inForce = Optional.empty();
    collect();
  }

  private void noteEnd(FaultWindow window) {
    for (Tally tally : of(window)) {
      live.setActive(tally.fault, false);
    }
    long nowNs = origin.elapsedNs();
    for (Tally tally : of(window)) {
      tally.toNs = nowNs;
      events.append(
          entry(0, nowNs, tally, FaultPhase.ENDED, Fingerprint.NONE, "no more are begun"));
    }
  }

  /**
   * Hears what fired since the last call.
   *
   * @throws IOException if something may have been missed: the checkers would take it for the
   *     queue's own doing
   */
  void collect() throws IOException {
    for (FaultLog.Line line : admin.news()) {
      for (Tally tally : tallies) {
        if (tally.fault.isOf(line)) {
          take(line, tally);
        }
      }
    }
  }

  /** What became of every kind that was to fire. */
  List<Fault> faults() {
    return tallies.stream().map(this::fault).toList();
  }

  private void take(FaultLog.Line line, Tally tally) {
    if (line.number() == line.fault()) {
      tally.begun++;
    }
    if (line.stage() == FaultLog.Stage.MISSED) {
      tally.missed++;
    } else if (line.stage() == FaultLog.Stage.FIRED) {
      long atNs = line.atNanos() - origin.nanoTime();
      if (tally.fired++ == 0) {
        tally.firstNs = atNs;
        tally.proof = brief(line.detail());
      }
      tally.lastNs = atNs;
      live.fired(tally.fault);
      boolean aboutMessage = tally.fault.actions().isEmpty();
      proofs.append(
          entry(
              proofSession,
              atNs,
              tally,
              FaultPhase.FIRED,
              aboutMessage ? Fingerprint.of(line.target()) : Fingerprint.NONE,
              line.detail()));
    }
  }

  private static String brief(String proof) {
    return proof.length() <= PROOF_LETTERS_MAX
        ? proof
        : proof.substring(0, PROOF_LETTERS_MAX) + "…";
  }

  private Fault fault(Tally tally) {
    boolean any = tally.fired > 0;
    return new Fault(
        tally.fault.mishap().wireName(),
        tally.fault.target(),
        queue,
        tally.begun,
        tally.fired,
        tally.missed,
        any ? OptionalLong.of(tally.firstNs / MS) : OptionalLong.empty(),
        any ? OptionalLong.of(tally.lastNs / MS) : OptionalLong.empty(),
        tally.fromNs / MS,
        tally.toNs / MS,
        tally.proof);
  }

  private List<Tally> of(FaultWindow window) {
    return tallies.stream().filter(tally -> window.faults().contains(tally.fault)).toList();
  }

  private Entry.Fault entry(
      int session, long atNs, Tally tally, FaultPhase phase, Fingerprint message, String detail) {
    return new Entry.Fault(
        session,
        atNs,
        atNs,
        tally.fault.id(),
        tally.fault.kind(),
        phase,
        Entry.FIRST_QUEUE,
        message,
        tally.fault.target().isEmpty() ? "queue " + queue : tally.fault.target(),
        detail);
  }
}
