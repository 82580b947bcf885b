package io.millrace.chaos.load;

import io.millrace.chaos.client.RecordedSession;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The threads that send orders on schedule. Each takes the next order of the schedule, waits for
 * its instant and sends it; so nobody hands work to anybody, and a producer that is held up by a
 * slow answer only leaves the next order to another.
 *
 * <p>When all are held up, orders are sent late, and lateness counts: the schedule does not move. A
 * refused order is offered again after a pause, as a new attempt, until it is taken, its outcome is
 * unknown, or its time is up.
 */
public final class Producers {

  /**
   * Between two attempts at one order. All producers together still knock every few milliseconds,
   * and leave the processors to the server that is starting.
   */
  private static final Duration PAUSE_AFTER_REFUSAL = Duration.ofMillis(100);

  private final Schedule schedule;
  private final OrderMessages messages;
  private final Ticker ticker;
  private final Ledger ledger;
  private final LiveFigures figures;
  private final Duration patience;
  private final AtomicLong nextOrder = new AtomicLong();
  private final AtomicLong nextAttempt = new AtomicLong();
  private final AtomicLong givenUp = new AtomicLong();
  private volatile boolean stopped;

  /**
   * Producers that have not started.
   *
   * @param patience how long after its first attempt an order that is refused is still offered
   */
  public Producers(
      Schedule schedule,
      OrderMessages messages,
      Ticker ticker,
      Ledger ledger,
      LiveFigures figures,
      Duration patience) {
    this.schedule = schedule;
    this.messages = messages;
    this.ticker = ticker;
    this.ledger = ledger;
    this.figures = figures;
    this.patience = patience;
  }

  /** Starts one thread for each session; they end with the schedule. */
  public LoadThreads start(List<RecordedSession> sessions) {
    return LoadThreads.start("producer", sessions, this::produce);
  }

  /** Makes the threads end after the attempt they are at. */
  public void stop() {
    stopped = true;
  }

  /** Orders that were refused until their time was up. */
  public long givenUp() {
    return givenUp.get();
  }

  /** Sends orders until the schedule ends; runs in the session's own thread. */
  void produce(RecordedSession session) {
    long order = nextOrder.getAndIncrement();
    while (order < schedule.orders() && !stopped) {
      long intendedNs = schedule.intendedNs(order);
      ticker.awaitNs(intendedNs);
      offer(session, order, intendedNs);
      order = nextOrder.getAndIncrement();
    }
  }

  private void offer(RecordedSession session, long order, long intendedNs) {
    long deadlineNs = ticker.nowNs() + patience.toNanos();
    while (!stopped) {
      long attempt = nextAttempt.getAndIncrement();
      Entry.Send send = session.send(messages.message(order, attempt), attempt, order, intendedNs);
      ledger.sent(send);
      figures.sent(send);
      if (send.ending() != Ending.FAIL) {
        return;
      }
      if (ticker.nowNs() >= deadlineNs) {
        givenUp.incrementAndGet();
        return;
      }
      ticker.pause(PAUSE_AFTER_REFUSAL);
    }
  }
}
