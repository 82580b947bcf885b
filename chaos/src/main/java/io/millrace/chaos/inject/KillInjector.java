package io.millrace.chaos.inject;

import io.millrace.chaos.client.InFlight;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import io.millrace.chaos.history.HistoryWriter;
import io.millrace.chaos.load.Ticker;
import java.io.IOException;
import java.time.Duration;

/**
 * Kills a server while changes are under way, and proves it.
 *
 * <p>A kill that falls between two requests tests nothing. At a moderate rate most instants do, so
 * the injector waits, a short while, for the moment at which several sends or deletes have no
 * answer yet; the longer it waits, the fewer will do.
 *
 * <p>An answer that takes less than a millisecond can still be faster than the signal. So the
 * server is stopped first, where the machine can do that: from there on it answers nobody, what it
 * was at stays as it was, and a change without an answer will have none. It is killed as soon as
 * there is one for certain, mostly some milliseconds later, and after {@link #HELD_MAX} in any
 * case.
 */
public final class KillInjector {

  /** The first demand, lowered by one after each {@link #STEP} down to one. */
  private static final int CHANGES_WANTED = 4;

  private static final Duration STEP = Duration.ofMillis(150);
  private static final Duration LOOK = Duration.ofNanos(50_000);

  /** An answer given before the stop is in its client's hands by then. */
  private static final Duration SETTLED = Duration.ofMillis(5);

  /** Whoever sends so rarely that nothing comes within has a kill that catches nothing. */
  private static final Duration HELD_MAX = Duration.ofSeconds(2);

  private final InFlight inFlight;
  private final Ticker ticker;
  private final HistoryWriter log;
  private final int session;
  private final boolean canHold = Signals.whyNoPause().isEmpty();
  private long signalNs;

  /**
   * An injector.
   *
   * @param inFlight what has no answer yet
   * @param log the event log; written by the thread that calls {@link #kill}
   * @param session the event log's session number
   */
  public KillInjector(InFlight inFlight, Ticker ticker, HistoryWriter log, int session) {
    this.inFlight = inFlight;
    this.ticker = ticker;
    this.log = log;
    this.session = session;
  }

  /**
   * What a kill caught.
   *
   * @param event as written down
   * @param inFlight what had no answer just before SIGKILL
   */
  public record Kill(Entry.Event event, InFlight.Snapshot inFlight) {}

  /**
   * Kills a server by SIGKILL.
   *
   * @throws IOException if the process did not end by it: then it had ended before, and the run is
   *     no test of a kill
   */
  public Kill kill(ServerProcess server) throws IOException {
    awaitChanges();
    return strike(server);
  }

  /**
   * The same at once: the instant is the caller's.
   *
   * @throws IOException as {@link #kill}
   */
  public Kill strike(ServerProcess server) throws IOException {
    signalNs = ticker.nowNs();
    if (canHold && server.isAlive()) {
      Signals.stop(server.pid());
      awaitCaught();
    }
    InFlight.Snapshot caught = inFlight.snapshot();
    long fromNs = ticker.nowNs();
    int exit = server.kill();
    long toNs = ticker.nowNs();
    if (exit != ServerProcess.EXIT_KILLED) {
      throw new IOException(
          "the server was to be killed, but had ended with status " + exit + " by itself");
    }
    Entry.Event event =
        new Entry.Event(
            session,
            fromNs,
            toNs,
            EventKind.KILL,
            "SIGKILL to process %d, held for %.1f ms, exit %d; without an answer: %d sends, %d deletes, %d polls"
                .formatted(
                    server.pid(),
                    (fromNs - signalNs) / 1e6,
                    exit,
                    caught.sends(),
                    caught.deletes(),
                    caught.receives()));
    log.append(event);
    return new Kill(event, caught);
  }

  /** When the last server heard its last, by the ticker. */
  long lastSignalNs() {
    return signalNs;
  }

  private void awaitChanges() {
    for (int wanted = CHANGES_WANTED; wanted > 0; wanted--) {
      long untilNs = ticker.nowNs() + STEP.toNanos();
      while (ticker.nowNs() < untilNs) {
        if (inFlight.changes() >= wanted) {
          return;
        }
        ticker.pause(LOOK);
      }
    }
  }

  /** Waits until a change is without an answer although the server has given none for a while. */
  private void awaitCaught() {
    long heldNs = ticker.nowNs();
    long noneNs = heldNs;
    long nowNs = heldNs;
    while (nowNs - noneNs < SETTLED.toNanos() && nowNs - heldNs < HELD_MAX.toNanos()) {
      ticker.pause(LOOK);
      nowNs = ticker.nowNs();
      if (inFlight.changes() == 0) {
        noneNs = nowNs;
      }
    }
  }
}
