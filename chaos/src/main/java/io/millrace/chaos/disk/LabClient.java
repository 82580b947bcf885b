package io.millrace.chaos.disk;

import io.millrace.chaos.client.BatchItem;
import io.millrace.chaos.client.BatchOutcome;
import io.millrace.chaos.client.IncomingMessage;
import io.millrace.chaos.client.Outcome;
import io.millrace.chaos.client.OutgoingMessage;
import io.millrace.chaos.client.Recorder;
import io.millrace.chaos.client.VisibilityChange;
import io.millrace.chaos.embedded.Translation;
import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.Fingerprint;
import io.millrace.chaos.history.QueueSettings;
import io.millrace.chaos.load.OrderMessages;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.QueueService;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * One client of an engine in this process that asks without waiting, so that requests are under way
 * whenever the power is cut. Answers are written down as they come, on whatever thread brings them.
 *
 * <p>Threads: one asks; answers come on any.
 */
final class LabClient {

  /** An answer that takes longer than this never comes: something is wedged. */
  private static final long ANSWER_SECONDS_MAX = 60;

  /** The two queues of a trial, by number. */
  static final int DEAD = 0;

  static final int ORDERS = 1;

  private static final List<QueueName> QUEUES =
      List.of(new QueueName("dead"), new QueueName("orders"));

  /**
   * A receipt that was handed out and not used.
   *
   * @param queue of the receive
   * @param receiptHandle the handle
   * @param delivery as it was written down
   */
  record Held(int queue, String receiptHandle, Delivery delivery) {}

  private final QueueService engine;
  private final LabClock clock;
  private final OrderMessages messages;
  private final AtomicLong attempts;
  private final Object lock = new Object();

  // Guarded by the lock.
  private final List<Entry> log;
  private final Recorder recorder;
  private final List<Held> held = new ArrayList<>();

  private final AtomicInteger outstanding = new AtomicInteger();
  private final AtomicInteger outstandingBatches = new AtomicInteger();

  /**
   * A client.
   *
   * @param session its number in the history
   * @param attempts numbers the attempts of the whole history
   * @param log the history, which is the client's until it has heard of everything it asked for
   */
  LabClient(
      QueueService engine,
      LabClock clock,
      int session,
      OrderMessages messages,
      AtomicLong attempts,
      List<Entry> log) {
    this.engine = engine;
    this.clock = clock;
    this.messages = messages;
    this.attempts = attempts;
    this.log = log;
    this.recorder = new Recorder(session, log::add);
  }

  /** Requests without an answer. */
  int outstanding() {
    return outstanding.get();
  }

  /** Batch requests without an answer. */
  int outstandingBatches() {
    return outstandingBatches.get();
  }

  /** Writes down something that is no operation. */
  void note(Entry entry) {
    synchronized (lock) {
      log.add(entry);
    }
  }

  /** Receipts that nobody used; a copy. */
  List<Held> held() {
    synchronized (lock) {
      return new ArrayList<>(held);
    }
  }

  /** Takes a receipt away, or leaves it for another use. */
  Held takeHeld(int index, boolean leave) {
    synchronized (lock) {
      return leave ? held.get(index) : held.remove(index);
    }
  }

  /** Takes the receipts of some handles away. */
  List<Held> take(Set<Fingerprint> handles) {
    synchronized (lock) {
      List<Held> taken =
          held.stream().filter(each -> handles.contains(each.delivery().handle())).toList();
      held.removeAll(taken);
      return taken;
    }
  }

  CompletableFuture<Entry.Queue> createQueue(int queue, QueueSettings settings) {
    String deadLetters = settings.hasDeadLetters() ? name(settings.deadLetterQueue()).value() : "";
    return ask(
        Translation.createQueue(name(queue), settings, deadLetters),
        (span, reply) ->
            recorder.queue(
                span,
                Entry.QueueChange.CREATED,
                queue,
                name(queue).value(),
                settings,
                then(reply, Translation::done)));
  }

  CompletableFuture<Entry.Send> send(int queue, Duration delay) {
    long attempt = attempts.getAndIncrement();
    OutgoingMessage message = messages.message(attempt, attempt).withDelay(delay);
    return ask(
        Translation.send(name(queue), message),
        (span, reply) ->
            recorder.sent(span, queue, shipment(attempt, delay), then(reply, Translation::sent)));
  }

  CompletableFuture<List<Entry.Send>> sendBatch(int queue, int size) {
    long first = attempts.getAndAdd(size);
    List<OutgoingMessage> contents = new ArrayList<>();
    List<Recorder.Shipment> shipments = new ArrayList<>();
    for (long attempt = first; attempt < first + size; attempt++) {
      contents.add(messages.message(attempt, attempt).withDelay(Duration.ZERO));
      shipments.add(shipment(attempt, Duration.ZERO));
    }
    List<BatchItem<OutgoingMessage>> items = BatchItem.numbered(contents);
    return askBatch(
        Translation.sendBatch(name(queue), items),
        (span, reply) ->
            recorder.sentBatch(
                span, queue, shipments, size, ofBatch(reply, ids(items), Translation::sentBatch)));
  }

  private static Recorder.Shipment shipment(long attempt, Duration delay) {
    return new Recorder.Shipment(attempt, attempt, 0, (int) delay.toMillis());
  }

  /** Polls without waiting; what comes is {@linkplain #held held}. */
  CompletableFuture<Entry.Receive> receive(int queue, int max, Duration visibility) {
    return ask(
        Translation.receive(name(queue), max, Duration.ZERO, visibility),
        (span, reply) -> {
          Outcome<List<IncomingMessage>> outcome = then(reply, Translation::received);
          Entry.Receive entry =
              recorder.received(
                  span, queue, max, 0, (int) visibility.toMillis(), outcome, messages::read);
          if (outcome instanceof Outcome.Ok<List<IncomingMessage>> ok) {
            for (int i = 0; i < ok.answer().size(); i++) {
              held.add(
                  new Held(queue, ok.answer().get(i).receiptHandle(), entry.deliveries().get(i)));
            }
          }
          return entry;
        });
  }

  CompletableFuture<Entry.Delete> delete(Held message) {
    return ask(
        Translation.delete(name(message.queue()), message.receiptHandle()),
        (span, reply) ->
            recorder.deleted(
                span, message.queue(), claim(message), then(reply, Translation::done)));
  }

  /** Deletes messages of one queue by one request. */
  CompletableFuture<List<Entry.Delete>> deleteBatch(int queue, List<Held> some) {
    List<BatchItem<String>> items =
        BatchItem.numbered(some.stream().map(Held::receiptHandle).toList());
    List<Recorder.Claim> claims = some.stream().map(LabClient::claim).toList();
    return askBatch(
        Translation.deleteBatch(name(queue), items),
        (span, reply) ->
            recorder.deletedBatch(
                span,
                queue,
                claims,
                some.size(),
                ofBatch(reply, ids(items), Translation::doneBatch)));
  }

  CompletableFuture<Entry.Visibility> changeVisibility(Held message, Duration visibility) {
    VisibilityChange change = new VisibilityChange(message.receiptHandle(), visibility);
    return ask(
        Translation.changeVisibility(name(message.queue()), change),
        (span, reply) ->
            recorder.changed(
                span,
                message.queue(),
                claim(message),
                (int) visibility.toMillis(),
                then(reply, Translation::done)));
  }

  CompletableFuture<Entry.Purge> purge(int queue) {
    return ask(
        Translation.purge(name(queue)),
        (span, reply) -> recorder.purged(span, queue, then(reply, Translation::done)));
  }

  CompletableFuture<Entry.Counts> counts(int queue) {
    return ask(
        Translation.counts(name(queue)),
        (span, reply) -> recorder.counted(span, queue, then(reply, Translation::counted)));
  }

  /**
   * Moves time forward, with nothing under way. The engine reads its clock once a turn, so a turn
   * that began before may still serve a request that came after; one that nobody judges is served
   * first.
   */
  void skip(Duration duration) {
    clock.skip(duration);
    // One that has stopped answers with what stopped it; then there is no turn to wait for.
    get(engine.submit(Translation.counts(name(ORDERS))).handle((reply, broken) -> reply));
  }

  /** Waits for an answer. */
  static <T> T get(CompletableFuture<T> answer) {
    return answer.orTimeout(ANSWER_SECONDS_MAX, TimeUnit.SECONDS).join();
  }

  private <T> CompletableFuture<T> askBatch(
      Request request, BiFunction<Recorder.Span, Outcome<Reply>, T> writing) {
    outstandingBatches.incrementAndGet();
    return ask(request, writing)
        .whenComplete((answer, broken) -> outstandingBatches.decrementAndGet());
  }

  private <T> CompletableFuture<T> ask(
      Request request, BiFunction<Recorder.Span, Outcome<Reply>, T> writing) {
    outstanding.incrementAndGet();
    long invokedNs = clock.elapsedNs();
    return engine
        .submit(request)
        .handle(
            (reply, broken) -> {
              synchronized (lock) {
                Recorder.Span span = new Recorder.Span(invokedNs, clock.elapsedNs());
                return writing.apply(
                    span,
                    broken == null
                        ? new Outcome.Ok<>(reply)
                        : Translation.unknown(causeOf(broken)));
              }
            })
        .whenComplete((answer, broken) -> outstanding.decrementAndGet());
  }

  private static Throwable causeOf(Throwable broken) {
    Throwable cause = broken.getCause();
    return broken instanceof CompletionException && cause != null ? cause : broken;
  }

  private static <T> Outcome<T> then(Outcome<Reply> reply, Function<Reply, Outcome<T>> reading) {
    return reply instanceof Outcome.Ok<Reply> ok
        ? reading.apply(ok.answer())
        : new Outcome.Unknown<>(reply.code());
  }

  private static <T> BatchOutcome<T> ofBatch(
      Outcome<Reply> reply,
      List<String> ids,
      BiFunction<List<String>, Reply, BatchOutcome<T>> reading) {
    return reply instanceof Outcome.Ok<Reply> ok
        ? reading.apply(ids, ok.answer())
        : BatchOutcome.withoutAnswer(new Outcome.Unknown<>(reply.code()), ids.size());
  }

  private static Recorder.Claim claim(Held message) {
    return new Recorder.Claim(
        message.delivery().attempt(), Fingerprint.of(message.receiptHandle()));
  }

  private static QueueName name(int queue) {
    return QUEUES.get(queue);
  }

  private static <T> List<String> ids(List<BatchItem<T>> items) {
    return items.stream().map(BatchItem::id).toList();
  }
}
