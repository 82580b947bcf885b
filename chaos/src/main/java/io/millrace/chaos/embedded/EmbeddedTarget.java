package io.millrace.chaos.embedded;

import io.millrace.chaos.client.BatchItem;
import io.millrace.chaos.client.BatchOutcome;
import io.millrace.chaos.client.Caps;
import io.millrace.chaos.client.Done;
import io.millrace.chaos.client.IncomingMessage;
import io.millrace.chaos.client.Outcome;
import io.millrace.chaos.client.OutgoingMessage;
import io.millrace.chaos.client.QueueCounts;
import io.millrace.chaos.client.Sent;
import io.millrace.chaos.client.Session;
import io.millrace.chaos.client.Target;
import io.millrace.chaos.client.VisibilityChange;
import io.millrace.chaos.history.QueueSettings;
import io.millrace.engine.sqs.QueueName;
import io.millrace.engine.sqs.QueueService;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * A queue service in this process as a target. An answer that does not come in time, and one that
 * comes as an exception, is unknown. What the wire refuses by itself, such as a batch of eleven, is
 * the caller's mistake here.
 *
 * <p>Closing it does not close the service.
 */
public final class EmbeddedTarget implements Target {

  private final QueueService service;
  private final Caps caps;
  private final Duration answerTimeout;

  /**
   * A target.
   *
   * @param answerTimeout how long an answer may take, long polls included
   */
  public EmbeddedTarget(QueueService service, Caps caps, Duration answerTimeout) {
    this.service = service;
    this.caps = caps;
    this.answerTimeout = answerTimeout;
  }

  @Override
  public Caps caps() {
    return caps;
  }

  @Override
  public Outcome<Done> createQueue(String name, QueueSettings settings, String deadLetters) {
    return ask(
        Translation.createQueue(new QueueName(name), settings, deadLetters), Translation::done);
  }

  @Override
  public Outcome<Done> setSettings(String name, QueueSettings settings, String deadLetters) {
    return ask(
        Translation.setSettings(new QueueName(name), settings, deadLetters), Translation::done);
  }

  @Override
  public Outcome<Done> deleteQueue(String name) {
    return ask(Translation.deleteQueue(new QueueName(name)), Translation::done);
  }

  @Override
  public Session session(String name) {
    return new EmbeddedSession(new QueueName(name));
  }

  @Override
  public void close() {
    // The service is its owner's.
  }

  private <T> Outcome<T> ask(Request request, Function<Reply, Outcome<T>> reading) {
    CompletableFuture<Reply> answer = service.submit(request);
    try {
      return reading.apply(answer.get(answerTimeout.toNanos(), TimeUnit.NANOSECONDS));
    } catch (ExecutionException broken) {
      Throwable cause = broken.getCause();
      return Translation.unknown(cause == null ? broken : cause);
    } catch (TimeoutException late) {
      answer.cancel(false);
      return Translation.unknown(late);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Translation.unknown(interrupted);
    }
  }

  private <T> BatchOutcome<T> askBatch(
      Request request, int size, Function<Reply, BatchOutcome<T>> reading) {
    Outcome<Reply> reply = ask(request, Outcome.Ok::new);
    return reply instanceof Outcome.Ok<Reply> ok
        ? reading.apply(ok.answer())
        : BatchOutcome.withoutAnswer(new Outcome.Unknown<>(reply.code()), size);
  }

  /** A session with one queue of the service. */
  private final class EmbeddedSession implements Session {

    private final QueueName queue;

    EmbeddedSession(QueueName queue) {
      this.queue = queue;
    }

    @Override
    public Outcome<Sent> send(OutgoingMessage message) {
      return ask(Translation.send(queue, message), Translation::sent);
    }

    @Override
    public BatchOutcome<Sent> sendBatch(List<BatchItem<OutgoingMessage>> messages) {
      return askBatch(
          Translation.sendBatch(queue, messages),
          messages.size(),
          reply -> Translation.sentBatch(ids(messages), reply));
    }

    @Override
    public Outcome<List<IncomingMessage>> receive(int max, Duration wait, Duration visibility) {
      return ask(Translation.receive(queue, max, wait, visibility), Translation::received);
    }

    @Override
    public Outcome<Done> delete(String receiptHandle) {
      return ask(Translation.delete(queue, receiptHandle), Translation::done);
    }

    @Override
    public BatchOutcome<Done> deleteBatch(List<BatchItem<String>> receiptHandles) {
      return askBatch(
          Translation.deleteBatch(queue, receiptHandles),
          receiptHandles.size(),
          reply -> Translation.doneBatch(ids(receiptHandles), reply));
    }

    @Override
    public Outcome<Done> changeVisibility(VisibilityChange change) {
      return ask(Translation.changeVisibility(queue, change), Translation::done);
    }

    @Override
    public BatchOutcome<Done> changeVisibilityBatch(List<BatchItem<VisibilityChange>> changes) {
      return askBatch(
          Translation.changeVisibilityBatch(queue, changes),
          changes.size(),
          reply -> Translation.doneBatch(ids(changes), reply));
    }

    @Override
    public Outcome<Done> purge() {
      return ask(Translation.purge(queue), Translation::done);
    }

    @Override
    public Outcome<QueueCounts> counts() {
      return ask(Translation.counts(queue), Translation::counted);
    }

    private static <T> List<String> ids(List<BatchItem<T>> items) {
      return items.stream().map(BatchItem::id).toList();
    }
  }
}
