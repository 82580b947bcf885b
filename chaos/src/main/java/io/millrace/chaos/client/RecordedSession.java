package io.millrace.chaos.client;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.HistorySink;
import io.millrace.chaos.history.Origin;
import io.millrace.chaos.history.QueueSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A session that writes down every operation with its two instants and its ending. Belongs to one
 * thread, as its log does.
 */
public final class RecordedSession {

  private final Session session;
  private final Recorder recorder;
  private final int queue;
  private final QueueSettings settings;
  private final Origin origin;
  private final InFlight inFlight;

  /**
   * A recorded session with the run's only queue, whose settings are nobody's business.
   *
   * @param number the session's number in the history
   * @param session where the operations go
   * @param log the session's own log; closed by whoever made it
   * @param origin the run's origin
   * @param inFlight counts the requests without an answer
   */
  public RecordedSession(
      int number, Session session, HistorySink log, Origin origin, InFlight inFlight) {
    this(
        new Recorder(number, log),
        session,
        Entry.FIRST_QUEUE,
        QueueSettings.DEFAULTS,
        origin,
        inFlight);
  }

  /**
   * A recorded session with one of the run's queues. One recorder may serve several: a client that
   * uses two queues has one log.
   *
   * @param recorder the client's
   * @param session where the operations go
   * @param queue the queue's number in the history
   * @param settings the queue's, for what an operation leaves to it
   * @param origin the run's origin
   * @param inFlight counts the requests without an answer
   */
  public RecordedSession(
      Recorder recorder,
      Session session,
      int queue,
      QueueSettings settings,
      Origin origin,
      InFlight inFlight) {
    this.recorder = recorder;
    this.session = session;
    this.queue = queue;
    this.settings = settings;
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
    Timed<Outcome<Sent>> timed = timed(inFlight.sends(), () -> session.send(message));
    return recorder.sent(
        timed.span(),
        queue,
        new Recorder.Shipment(attempt, order, intendedNs, delayMs(message)),
        timed.answer());
  }

  /**
   * A message with what is known of it.
   *
   * @param message the message
   * @param attempt the attempt its body names
   * @param order the order it is about
   * @param intendedNs the instant its schedule set, in ns since the origin
   */
  public record Parcel(OutgoingMessage message, long attempt, long order, long intendedNs) {}

  /** Sends messages by one request. */
  public List<Entry.Send> sendBatch(List<BatchItem<Parcel>> parcels) {
    List<BatchItem<OutgoingMessage>> messages =
        parcels.stream().map(each -> new BatchItem<>(each.id(), each.content().message())).toList();
    Timed<BatchOutcome<Sent>> timed = timed(inFlight.sends(), () -> session.sendBatch(messages));
    List<Recorder.Shipment> shipments =
        parcels.stream()
            .map(BatchItem::content)
            .map(
                each ->
                    new Recorder.Shipment(
                        each.attempt(), each.order(), each.intendedNs(), delayMs(each.message())))
            .toList();
    return recorder.sentBatch(
        timed.span(), queue, shipments, BatchItem.distinctIds(parcels), timed.answer());
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
   * Polls once, with the queue's visibility timeout.
   *
   * @param max how many messages at most, 1 to 10
   * @param wait how long the server waits for one
   * @param visibility the queue's visibility timeout, written down with the poll
   * @param reading tells what a message is and what is wrong with it
   */
  public Poll receive(
      int max, Duration wait, Duration visibility, Function<IncomingMessage, Delivery> reading) {
    return poll(max, wait, Session.QUEUE_VISIBILITY, visibility, reading);
  }

  /**
   * Polls once, with a visibility timeout of its own; parameters as in {@link #receive}.
   *
   * @param visibility the visibility timeout asked for
   */
  public Poll receiveFor(
      int max, Duration wait, Duration visibility, Function<IncomingMessage, Delivery> reading) {
    return poll(max, wait, visibility, visibility, reading);
  }

  private Poll poll(
      int max,
      Duration wait,
      Duration asked,
      Duration inForce,
      Function<IncomingMessage, Delivery> reading) {
    Timed<Outcome<List<IncomingMessage>>> timed =
        timed(inFlight.receives(), () -> session.receive(max, wait, asked));
    List<IncomingMessage> messages =
        timed.answer() instanceof Outcome.Ok<List<IncomingMessage>> ok ? ok.answer() : List.of();
    inFlight.messages().addAndGet(messages.size());
    Entry.Receive entry =
        recorder.received(
            timed.span(),
            queue,
            max,
            (int) wait.toMillis(),
            (int) inForce.toMillis(),
            timed.answer(),
            reading);
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
    List<Recorder.Claim> claims =
        poll.entry().deliveries().stream().map(Recorder.Claim::of).toList();
    List<String> handles = poll.messages().stream().map(IncomingMessage::receiptHandle).toList();
    List<Entry.Delete> entries =
        handles.size() == 1
            ? List.of(delete(handles.get(0), claims.get(0)))
            : deleteBatch(BatchItem.numbered(handles), claims);
    inFlight.messages().addAndGet(-handles.size());
    return entries;
  }

  /** Deletes by one handle. */
  public Entry.Delete delete(String receiptHandle, Recorder.Claim claim) {
    Timed<Outcome<Done>> timed = timed(inFlight.deletes(), () -> session.delete(receiptHandle));
    return recorder.deleted(timed.span(), queue, claim, timed.answer());
  }

  /**
   * Deletes by several handles in one request.
   *
   * @param claims what is known of the handles, in their order
   */
  public List<Entry.Delete> deleteBatch(
      List<BatchItem<String>> receiptHandles, List<Recorder.Claim> claims) {
    Timed<BatchOutcome<Done>> timed =
        timed(inFlight.deletes(), () -> session.deleteBatch(receiptHandles));
    return recorder.deletedBatch(
        timed.span(), queue, claims, BatchItem.distinctIds(receiptHandles), timed.answer());
  }

  /** Changes the visibility timeout of one message. */
  public Entry.Visibility changeVisibility(VisibilityChange change, Recorder.Claim claim) {
    Timed<Outcome<Done>> timed = timed(inFlight.deletes(), () -> session.changeVisibility(change));
    return recorder.changed(
        timed.span(), queue, claim, (int) change.visibility().toMillis(), timed.answer());
  }

  /**
   * Changes the visibility timeouts of several messages in one request.
   *
   * @param claims what is known of the handles, in their order
   */
  public List<Entry.Visibility> changeVisibilityBatch(
      List<BatchItem<VisibilityChange>> changes, List<Recorder.Claim> claims) {
    Timed<BatchOutcome<Done>> timed =
        timed(inFlight.deletes(), () -> session.changeVisibilityBatch(changes));
    List<Integer> visibilitiesMs =
        changes.stream().map(each -> (int) each.content().visibility().toMillis()).toList();
    return recorder.changedBatch(
        timed.span(),
        queue,
        claims,
        visibilitiesMs,
        BatchItem.distinctIds(changes),
        timed.answer());
  }

  /** Removes every message. */
  public Entry.Purge purge() {
    Timed<Outcome<Done>> timed = timed(inFlight.deletes(), session::purge);
    return recorder.purged(timed.span(), queue, timed.answer());
  }

  /** Reads the queue's counts. */
  public Entry.Counts counts() {
    Timed<Outcome<QueueCounts>> timed = timed(inFlight.receives(), session::counts);
    return recorder.counted(timed.span(), queue, timed.answer());
  }

  private int delayMs(OutgoingMessage message) {
    return message.delay().equals(OutgoingMessage.QUEUE_DELAY)
        ? settings.delayMs()
        : (int) message.delay().toMillis();
  }

  private record Timed<T>(Recorder.Span span, T answer) {}

  private <T> Timed<T> timed(AtomicInteger underWay, Supplier<T> request) {
    underWay.incrementAndGet();
    long invokedNs = origin.elapsedNs();
    T answer = request.get();
    long returnedNs = origin.elapsedNs();
    underWay.decrementAndGet();
    return new Timed<>(new Recorder.Span(invokedNs, returnedNs), answer);
  }
}
