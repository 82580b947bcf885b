package io.millrace.chaos.client;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.Fingerprint;
import io.millrace.chaos.history.HistorySink;
import io.millrace.chaos.history.QueueSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Writes down how the operations of one client session ended, whoever carried them out and whatever
 * clock they were timed by. {@link RecordedSession} is the blocking client over it; a simulation
 * calls it directly.
 *
 * <p>Not safe for use by several threads, as its log is not.
 */
public final class Recorder {

  private final int session;
  private final HistorySink log;
  private int batches;

  /**
   * A recorder.
   *
   * @param session the session's number in the history
   * @param log where the entries go; closed by whoever made it
   */
  public Recorder(int session, HistorySink log) {
    this.session = session;
    this.log = log;
  }

  /**
   * When an operation was under way.
   *
   * @param invokedNs just before the request left, in ns since the run's origin
   * @param returnedNs when the answer was in hand or the client gave up
   */
  public record Span(long invokedNs, long returnedNs) {}

  /**
   * What the client knows of a message it sends.
   *
   * @param attempt the attempt its body names
   * @param order the order it is about
   * @param intendedNs the instant its schedule set, in ns since the origin
   * @param delayMs the delay in force: the message's own, else the queue's
   */
  public record Shipment(long attempt, long order, long intendedNs, int delayMs) {}

  /**
   * What the client knows of a receipt it uses.
   *
   * @param attempt the attempt whose delivery carried the handle; {@link Entry#NO_ATTEMPT} if none
   *     did
   * @param handle the handle
   */
  public record Claim(long attempt, Fingerprint handle) {

    /** The claim a delivery gives. */
    public static Claim of(Delivery delivery) {
      return new Claim(delivery.attempt(), delivery.handle());
    }

    /** A claim by a handle that no delivery carried. */
    public static Claim forged(String handle) {
      return new Claim(Entry.NO_ATTEMPT, Fingerprint.of(handle));
    }
  }

  /** One send ended. */
  public Entry.Send sent(Span span, int queue, Shipment shipment, Outcome<Sent> outcome) {
    return add(send(span, queue, shipment, outcome, Entry.ALONE));
  }

  /**
   * A batch of sends ended.
   *
   * @param distinctIds how many different ids the request's entries had
   */
  public List<Entry.Send> sentBatch(
      Span span, int queue, List<Shipment> shipments, int distinctIds, BatchOutcome<Sent> outcome) {
    return batch(
        span,
        queue,
        shipments.size(),
        distinctIds,
        outcome.whole(),
        i -> send(span, queue, shipments.get(i), outcome.entries().get(i), batches));
  }

  /**
   * A poll ended.
   *
   * @param max how many messages were asked for
   * @param waitMs how long the server was asked to wait
   * @param visibilityMs the visibility timeout in force for this receive
   * @param reading tells what a message is and what is wrong with it
   */
  public Entry.Receive received(
      Span span,
      int queue,
      int max,
      int waitMs,
      int visibilityMs,
      Outcome<List<IncomingMessage>> outcome,
      Function<IncomingMessage, Delivery> reading) {
    List<IncomingMessage> messages =
        outcome instanceof Outcome.Ok<List<IncomingMessage>> ok ? ok.answer() : List.of();
    return add(
        new Entry.Receive(
            session,
            span.invokedNs(),
            span.returnedNs(),
            outcome.ending(),
            outcome.code(),
            waitMs,
            visibilityMs,
            max,
            messages.stream().map(reading).toList(),
            queue));
  }

  /** One delete ended. */
  public Entry.Delete deleted(Span span, int queue, Claim claim, Outcome<Done> outcome) {
    return add(delete(span, queue, claim, outcome, Entry.ALONE));
  }

  /** A batch of deletes ended; parameters as in {@link #sentBatch}. */
  public List<Entry.Delete> deletedBatch(
      Span span, int queue, List<Claim> claims, int distinctIds, BatchOutcome<Done> outcome) {
    return batch(
        span,
        queue,
        claims.size(),
        distinctIds,
        outcome.whole(),
        i -> delete(span, queue, claims.get(i), outcome.entries().get(i), batches));
  }

  /**
   * One change of visibility ended.
   *
   * @param visibilityMs the timeout asked for
   */
  public Entry.Visibility changed(
      Span span, int queue, Claim claim, int visibilityMs, Outcome<Done> outcome) {
    return add(visibility(span, queue, claim, visibilityMs, outcome, Entry.ALONE));
  }

  /**
   * A batch of changes of visibility ended.
   *
   * @param visibilitiesMs the timeout asked for by each claim
   */
  public List<Entry.Visibility> changedBatch(
      Span span,
      int queue,
      List<Claim> claims,
      List<Integer> visibilitiesMs,
      int distinctIds,
      BatchOutcome<Done> outcome) {
    return batch(
        span,
        queue,
        claims.size(),
        distinctIds,
        outcome.whole(),
        i ->
            visibility(
                span,
                queue,
                claims.get(i),
                visibilitiesMs.get(i),
                outcome.entries().get(i),
                batches));
  }

  /** A purge ended. */
  public Entry.Purge purged(Span span, int queue, Outcome<Done> outcome) {
    return add(
        new Entry.Purge(
            session, span.invokedNs(), span.returnedNs(), outcome.ending(), outcome.code(), queue));
  }

  /** The counts were read. */
  public Entry.Counts counted(Span span, int queue, Outcome<QueueCounts> outcome) {
    QueueCounts counts =
        outcome instanceof Outcome.Ok<QueueCounts> ok ? ok.answer() : new QueueCounts(0, 0, 0);
    return add(
        new Entry.Counts(
            session,
            span.invokedNs(),
            span.returnedNs(),
            outcome.ending(),
            outcome.code(),
            queue,
            counts.visible(),
            counts.inFlight(),
            counts.delayed()));
  }

  /** A queue was made, set or deleted. */
  public Entry.Queue queue(
      Span span,
      Entry.QueueChange change,
      int queue,
      String name,
      QueueSettings settings,
      Outcome<Done> outcome) {
    return add(
        new Entry.Queue(
            session,
            span.invokedNs(),
            span.returnedNs(),
            outcome.ending(),
            outcome.code(),
            change,
            queue,
            name,
            settings));
  }

  private Entry.Send send(
      Span span, int queue, Shipment shipment, Outcome<Sent> outcome, int batch) {
    Fingerprint messageId = Fingerprint.NONE;
    boolean digestsAgree = true;
    if (outcome instanceof Outcome.Ok<Sent> ok) {
      messageId = Fingerprint.of(ok.answer().messageId());
      digestsAgree = ok.answer().digestsAgree();
    }
    return new Entry.Send(
        session,
        span.invokedNs(),
        span.returnedNs(),
        outcome.ending(),
        outcome.code(),
        shipment.attempt(),
        shipment.order(),
        shipment.intendedNs(),
        shipment.delayMs(),
        messageId,
        digestsAgree,
        queue,
        batch);
  }

  private Entry.Delete delete(Span span, int queue, Claim claim, Outcome<Done> outcome, int batch) {
    return new Entry.Delete(
        session,
        span.invokedNs(),
        span.returnedNs(),
        outcome.ending(),
        outcome.code(),
        claim.attempt(),
        claim.handle(),
        batch,
        queue);
  }

  private Entry.Visibility visibility(
      Span span, int queue, Claim claim, int visibilityMs, Outcome<Done> outcome, int batch) {
    return new Entry.Visibility(
        session,
        span.invokedNs(),
        span.returnedNs(),
        outcome.ending(),
        outcome.code(),
        claim.attempt(),
        claim.handle(),
        visibilityMs,
        batch,
        queue);
  }

  /** Adds the entries of a new batch, which carry its number, then what became of the whole. */
  private <E extends Entry> List<E> batch(
      Span span,
      int queue,
      int size,
      int distinctIds,
      Outcome<BatchOutcome.Answer> whole,
      IntFunction<E> entry) {
    batches++;
    List<E> entries = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      entries.add(add(entry.apply(i)));
    }
    addBatch(span, queue, size, distinctIds, whole);
    return entries;
  }

  private void addBatch(
      Span span, int queue, int size, int distinctIds, Outcome<BatchOutcome.Answer> whole) {
    BatchOutcome.Answer answer =
        whole instanceof Outcome.Ok<BatchOutcome.Answer> ok
            ? ok.answer()
            : new BatchOutcome.Answer(0, 0, 0);
    add(
        new Entry.Batch(
            session,
            span.invokedNs(),
            span.returnedNs(),
            whole.ending(),
            whole.code(),
            queue,
            batches,
            size,
            distinctIds,
            answer.successful(),
            answer.failed(),
            answer.stray()));
  }

  private <E extends Entry> E add(E entry) {
    log.append(entry);
    return entry;
  }
}
