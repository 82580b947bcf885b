package io.millrace.chaos.load;

import io.millrace.chaos.client.RecordedSession;
import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import java.time.Duration;
import java.util.List;

/**
 * The threads that receive, look at and delete messages: ten at most by long poll, then everything
 * of that poll in one delete.
 */
public final class Consumers {

  private static final int MAX_MESSAGES = 10;

  /**
   * After a poll that was not answered: a server that is down answers at once, and must not be
   * asked ten thousand times.
   */
  private static final Duration PAUSE_AFTER_TROUBLE = Duration.ofMillis(100);

  private final OrderMessages messages;
  private final Ticker ticker;
  private final Ledger ledger;
  private final LiveFigures figures;
  private final Duration wait;
  private final Duration visibility;
  private volatile boolean stopped;

  /**
   * Consumers that have not started.
   *
   * @param wait how long a poll waits for a message, whole seconds, 1 to 20
   * @param visibility the queue's visibility timeout
   */
  public Consumers(
      OrderMessages messages,
      Ticker ticker,
      Ledger ledger,
      LiveFigures figures,
      Duration wait,
      Duration visibility) {
    this.messages = messages;
    this.ticker = ticker;
    this.ledger = ledger;
    this.figures = figures;
    this.wait = wait;
    this.visibility = visibility;
  }

  /** Starts one thread for each session; they end after {@link #stop}. */
  public LoadThreads start(List<RecordedSession> sessions) {
    return LoadThreads.start("consumer", sessions, this::consume);
  }

  /** Makes the threads end after the poll they are at. */
  public void stop() {
    stopped = true;
  }

  private void consume(RecordedSession session) {
    while (!stopped) {
      RecordedSession.Poll poll = session.receive(MAX_MESSAGES, wait, visibility, messages::read);
      for (Delivery delivery : poll.entry().deliveries()) {
        ledger.received(delivery.attempt());
      }
      figures.polled(poll.entry());
      if (poll.entry().ending() != Ending.OK) {
        ticker.pause(PAUSE_AFTER_TROUBLE);
      } else if (!poll.messages().isEmpty()) {
        for (Entry.Delete delete : session.delete(poll)) {
          ledger.deleted(delete);
          figures.deleted(delete);
        }
      }
    }
  }
}
