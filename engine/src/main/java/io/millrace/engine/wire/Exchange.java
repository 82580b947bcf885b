package io.millrace.engine.wire;

import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.sqs.OutgoingMessage;
import io.millrace.engine.sqs.QueueAttribute;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import io.millrace.engine.sqs.SqsError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer, from the arrival of its last byte to the socket. It is the link of
 * two lists at no further cost: the answers a connection owes, and the replies on their way to the
 * loop.
 *
 * <p>Threads: fields belong to the connection's event loop. {@link #accept} is called once, by the
 * thread that completes the reply; it writes the outcome and hands the exchange over through {@link
 * WireLoop#handOver}, which publishes it.
 */
final class Exchange implements BiConsumer<@Nullable Reply, @Nullable Throwable>, AnsweredRequest {

  private static final @Nullable Reply.Entry.Refused[] NONE_REFUSED = {};

  static final Reply BROKEN =
      new Reply.Failed(
          new SqsError(
              ErrorCode.INTERNAL_FAILURE,
              "The service failed; whether the request had an effect is unknown."));

  final Connection connection;

  /** The next request of the connection; the answers go out in this order. */
  @Nullable Exchange later;

  /** The next of the replies that wait for the loop; written by the thread that hands over. */
  @Nullable Exchange handedOverBefore;

  // What was asked.
  Protocol protocol = Protocol.QUERY;
  Action action = Action.UNKNOWN;
  String host = "";
  boolean http10;
  boolean headOnly;
  long requestIdHigh;
  long requestIdLow;
  long arrivedAtNanos;
  int requestBytes;

  /** The trace the request came with; empty if with none. */
  String trace = "";

  @Nullable Request request;
  ReceiveSelection selection = ReceiveSelection.NOTHING;
  Set<QueueAttribute> queueAttributes = Set.of();

  /** By place in the batch; null where the entry went to the service, empty when all did. */
  private @Nullable Reply.Entry.Refused[] refusedEntries = NONE_REFUSED;

  private int refusedCount;

  // What came of it.
  @Nullable CompletableFuture<Reply> pending;
  @Nullable HttpRefusal refusal;
  private @Nullable Reply reply;
  boolean answered;
  boolean closeAfter;

  /** Messages' bytes this answer holds against the endpoint's budget; 0 once they are let go. */
  long heldBytes;

  Exchange(Connection connection) {
    this.connection = connection;
  }

  /** Takes the outcome from whoever serves; the loop learns of it later. */
  @Override
  public void accept(@Nullable Reply outcome, @Nullable Throwable failure) {
    if (outcome != null) {
      reply = outcome;
    } else if (failure instanceof CancellationException && mayWait()) {
      // Withdrawn by us when the endpoint stops: the poll took nothing, and so it says.
      reply = Reply.MessagesReceived.NONE_CAME;
    } else {
      reply = BROKEN;
    }
    connection.loop().handOver(this);
  }

  /** Answers without a service. */
  void answer(Reply outcome) {
    reply = outcome;
    answered = true;
  }

  void refuse(HttpRefusal why) {
    refusal = why;
    answered = true;
    closeAfter |= why.endsConnection();
  }

  Reply reply() {
    Reply outcome = reply;
    if (outcome == null) {
      throw new AssertionError("no answer yet");
    }
    return outcome;
  }

  /** Why the request as a whole failed, if it did. */
  Optional<ErrorCode> errorCode() {
    return reply instanceof Reply.Failed failed
        ? Optional.of(failed.error().code())
        : Optional.empty();
  }

  // What an observer is told.

  @Override
  public Action action() {
    return action;
  }

  @Override
  public String queue() {
    return request instanceof Request.OnQueue onQueue ? onQueue.queue().value() : "";
  }

  @Override
  public int status() {
    if (refusal != null) {
      return refusal.status();
    }
    return reply instanceof Reply.Failed failed ? failed.error().code().httpStatus() : 200;
  }

  @Override
  public Optional<ErrorCode> error() {
    return errorCode();
  }

  @Override
  public String errorText() {
    if (refusal != null) {
      return refusal.code();
    }
    return reply instanceof Reply.Failed failed ? failed.error().code().shape() : "";
  }

  @Override
  public boolean refusedAsHttp() {
    return refusal != null;
  }

  @Override
  public Optional<Throttle> throttle() {
    if (refusal != null) {
      return refusal.throttle();
    }
    if (!(reply instanceof Reply.Failed failed)) {
      return Optional.empty();
    }
    if (failed == SqsEndpoint.STOPPING) {
      return Optional.of(Throttle.STOPPING);
    }
    if (failed == SqsEndpoint.TOO_MUCH_OUTPUT) {
      return Optional.of(Throttle.OUTPUT);
    }
    ErrorCode code = failed.error().code();
    return code == ErrorCode.SERVICE_UNAVAILABLE || code == ErrorCode.REQUEST_THROTTLED
        ? Optional.of(Throttle.SERVICE)
        : Optional.empty();
  }

  @Override
  public boolean heldPoll() {
    return waited();
  }

  @Override
  public int requestBytes() {
    return requestBytes;
  }

  @Override
  public long requestIdHigh() {
    return requestIdHigh;
  }

  @Override
  public long requestIdLow() {
    return requestIdLow;
  }

  @Override
  public String trace() {
    if (request instanceof Request.SendMessage send && !send.message().traceHeader().isEmpty()) {
      return send.message().traceHeader();
    }
    return trace;
  }

  /** Bytes of the messages the reply brings. */
  long messageBytes() {
    long bytes = 0;
    if (reply instanceof Reply.MessagesReceived received) {
      for (ReceivedMessage message : received.messages()) {
        bytes += message.body().length;
      }
    }
    return bytes;
  }

  /** Whether this is a receive, which holds its messages until they are written. */
  boolean isReceive() {
    return request instanceof Request.ReceiveMessage;
  }

  /** Whether this is a receive that was held for a message, one that came or not. */
  boolean waited() {
    return reply instanceof Reply.MessagesReceived received && received.waited();
  }

  /** Whether this is a receive that may be held until a message comes. */
  boolean mayWait() {
    return request instanceof Request.ReceiveMessage receive && receive.waitSeconds() != 0;
  }

  /** The message of a single send. */
  OutgoingMessage sentMessage() {
    return ((Request.SendMessage) requested()).message();
  }

  /** The message of a batch's entry. */
  OutgoingMessage sentMessage(String entryId) {
    for (Request.SendEntry entry : ((Request.SendMessageBatch) requested()).entries()) {
      if (entry.id().equals(entryId)) {
        return entry.message();
      }
    }
    throw new AssertionError("the service answered for an entry it was not asked: " + entryId);
  }

  private Request requested() {
    Request asked = request;
    if (asked == null) {
      throw new AssertionError("nothing was asked");
    }
    return asked;
  }

  /** Keeps one entry of a batch from the service; its refusal joins the outcomes of the others. */
  void refuseEntry(int place, int entries, Reply.Entry.Refused refused) {
    if (refusedEntries.length == 0) {
      refusedEntries = new Reply.Entry.Refused[entries];
    }
    refusedEntries[place] = refused;
    refusedCount++;
  }

  /** Whether every entry of the batch was refused, so that there is nothing to ask the service. */
  boolean allEntriesRefused() {
    return refusedCount > 0 && refusedCount == refusedEntries.length;
  }

  /**
   * The outcomes of a batch in the order of its entries: the service's and the refusals made here.
   */
  List<Reply.Entry> batchEntries() {
    List<Reply.Entry> served = ((Reply.BatchDone) reply()).entries();
    if (refusedCount == 0) {
      return served;
    }
    List<Reply.Entry> all = new ArrayList<>(refusedEntries.length);
    int next = 0;
    for (Reply.Entry.Refused refused : refusedEntries) {
      all.add(refused != null ? refused : served.get(next++));
    }
    return all;
  }
}
