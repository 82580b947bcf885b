package io.millrace.chaos.sim;

import io.millrace.engine.sqs.QueueService;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Bugs between the clients and the shard. One object lasts for one run, over all its starts. */
abstract class ServiceBug implements SimWorld {

  private int starts;
  private int asked;

  @Override
  public final QueueService service(QueueService service) {
    starts++;
    return request -> {
      asked++;
      return submit(request, service);
    };
  }

  abstract CompletableFuture<Reply> submit(Request request, QueueService service);

  /** How many requests came, this one included. */
  final int asked() {
    return asked;
  }

  /** How often the engine was started. */
  final int starts() {
    return starts;
  }

  static CompletableFuture<Reply> answer(Reply reply) {
    return CompletableFuture.completedFuture(reply);
  }

  /** Asks for something else than it was asked for. */
  static Supplier<SimWorld> asking(UnaryOperator<Request> change) {
    return () ->
        new ServiceBug() {
          @Override
          CompletableFuture<Reply> submit(Request request, QueueService service) {
            return service.submit(change.apply(request));
          }
        };
  }

  /** Answers at once, with something, and does nothing. */
  static Supplier<SimWorld> skipping(Predicate<Request> which, Reply reply) {
    return () ->
        new ServiceBug() {
          @Override
          CompletableFuture<Reply> submit(Request request, QueueService service) {
            return which.test(request) ? answer(reply) : service.submit(request);
          }
        };
  }

  /** Changes answers. */
  interface Answering {
    Reply change(Request request, Reply reply, ServiceBug bug);
  }

  static Supplier<SimWorld> answering(Answering change) {
    return () ->
        new ServiceBug() {
          @Override
          CompletableFuture<Reply> submit(Request request, QueueService service) {
            return service.submit(request).thenApply(reply -> change.change(request, reply, this));
          }
        };
  }

  /** Changes messages on their way out. */
  interface Delivering {
    ReceivedMessage change(ReceivedMessage message, ServiceBug bug);
  }

  static Supplier<SimWorld> delivering(Delivering change) {
    return answering(
        (request, reply, bug) -> {
          if (!(reply instanceof Reply.MessagesReceived received)) {
            return reply;
          }
          List<ReceivedMessage> changed = new ArrayList<>();
          received.messages().forEach(message -> changed.add(change.change(message, bug)));
          return new Reply.MessagesReceived(changed, received.waited());
        });
  }
}
