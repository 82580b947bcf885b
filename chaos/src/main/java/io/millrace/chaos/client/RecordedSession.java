package io.millrace.chaos.client;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.Fingerprint;
import io.millrace.chaos.history.HistoryWriter;
import io.millrace.chaos.history.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A session that writes down every operation with its two instants and its ending. Belongs to one
 * thread, as its log does.
 */
public final class RecordedSession {

  private final int number;
  private final Session session;
  private final HistoryWriter log;
  private final Origin origin;
  private final InFlight inFlight;
  private int batches;

  /**
   * A recorded session.
   *
   * @param number the session's number in the history
   * @param session where the operations go
   * @param log the session's own log; closed by whoever made it
   * @param origin the run's origin
   * @param inFlight counts the requests without an answer
   */
  public RecordedSession(
      int number, Session session, HistoryWriter log, Origin origin, InFlight inFlight) {
    this.number = number;
    this.session = session;
    this.log = log;
    this.origin = origin;
    this.inFlight = inFlight;
  }

  /**
   * Sends one message.
   *
   * @param attempt the attempt its body names
   * @param order the order it is about
   * @param intendedNs the instant its schedule set, in ns since the origin
   */
  public Entry.Send send(OutgoingMessage message, long attempt, long order, long intendedNs) {
    inFlight.sends().incrementAndGet();
    long invokedNs = origin.elapsedNs();
    Outcome<Sent> outcome = session.send(message);
    long returnedNs = origin.elapsedNs();
    inFlight.sends().decrementAndGet();
    Fingerprint messageId = Fingerprint.NONE;
    boolean digestsAgree = true;
    if (outcome instanceof Outcome.Ok<Sent> ok) {
      messageId = Fingerprint.of(ok.answer().messageId());
      digestsAgree = ok.answer().digestsAgree();
    }
    Entry.Send entry =
        new Entry.Send(
            number,
            invokedNs,
            returnedNs,
            outcome.ending(),
            outcome.code(),
            attempt,
            order,
            intendedNs,
            0,
            messageId,
            digestsAgree);
    log.append(entry);
    return entry;
  }

  /**
   * What a poll brought.
   *
   * @param entry as written down
   * @param messages the messages, in the order of its deliveries
   */
  public record Poll(Entry.Receive entry, List<IncomingMessage> messages) {

    /** Copies the messages. */
    public Poll {
      messages = List.copyOf(messages);
    }
  }

  /**
   * Polls once.
   *
   * @param max how many messages at most, 1 to 10
   * @param wait how long the server waits for one
   * @param visibility the queue's visibility timeout, written down with the poll
   * @param reading tells what a message is and what is wrong with it
   */
  public Poll receive(
      int max, Duration wait, Duration visibility, Function<IncomingMessage, Delivery> reading) {
    inFlight.receives().incrementAndGet();
    long invokedNs = origin.elapsedNs();
    Outcome<List<IncomingMessage>> outcome = session.receive(max, wait);
    long returnedNs = origin.elapsedNs();
    inFlight.receives().decrementAndGet();
    List<IncomingMessage> messages =
        outcome instanceof Outcome.Ok<List<IncomingMessage>> ok ? ok.answer() : List.of();
    inFlight.messages().addAndGet(messages.size());
    Entry.Receive entry =
        new Entry.Receive(
            number,
            invokedNs,
            returnedNs,
            outcome.ending(),
            outcome.code(),
            (int) wait.toMillis(),
            (int) visibility.toMillis(),
            max,
            messages.stream().map(reading).toList());
    log.append(entry);
    return new Poll(entry, messages);
  }

  /**
   * Deletes every message of a poll in one request: what was handed out together and handled
   * together is deleted together, as most consumers do, and costs the server one request instead of
   * ten.
   *
   * @param poll one that brought messages
   */
  public List<Entry.Delete> delete(Poll poll) {
    List<String> handles = poll.messages().stream().map(IncomingMessage::receiptHandle).toList();
    inFlight.deletes().incrementAndGet();
    long invokedNs = origin.elapsedNs();
    List<Outcome<Boolean>> outcomes = session.delete(handles);
    long returnedNs = origin.elapsedNs();
    inFlight.deletes().decrementAndGet();
    inFlight.messages().addAndGet(-handles.size());
    int batch = handles.size() == 1 ? Entry.ALONE : ++batches;
    List<Entry.Delete> entries = new ArrayList<>(handles.size());
    for (int i = 0; i < handles.size(); i++) {
      Delivery delivery = poll.entry().deliveries().get(i);
      Outcome<Boolean> outcome = outcomes.get(i);
      Entry.Delete entry =
          new Entry.Delete(
              number,
              invokedNs,
              returnedNs,
              outcome.ending(),
              outcome.code(),
              delivery.attempt(),
              delivery.handle(),
              batch);
      log.append(entry);
      entries.add(entry);
    }
    return entries;
  }
}
