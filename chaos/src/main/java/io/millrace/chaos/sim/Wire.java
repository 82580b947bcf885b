package io.millrace.chaos.sim;

import io.millrace.chaos.client.BatchOutcome;
import io.millrace.chaos.client.Outcome;
import io.millrace.chaos.client.Recorder.Span;
import io.millrace.chaos.history.FaultKind;
import io.millrace.chaos.history.Fingerprint;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Between the clients and the machine: requests that are under way, answers that are lost, requests
 * that arrive twice. When the machine dies every request under way ends unknown.
 */
final class Wire {

  private static final String TARGET = "wire";

  private final SimMachine machine;
  private final SimClock clock;
  private final FaultBook faults;
  private final Set<Call> underWay = new LinkedHashSet<>();
  private final List<long[]> cuts = new ArrayList<>();

  Wire(SimMachine machine, SimClock clock, FaultBook faults) {
    this.machine = machine;
    this.clock = clock;
    this.faults = faults;
  }

  /** Told how a request ended. */
  interface Ended {
    void with(Span span, Answer answer);
  }

  /**
   * What a request is about, for the proof of a fault.
   *
   * @param queue the queue's number
   * @param messages the ids of the messages that an answer shows to be concerned
   */
  record About(int queue, Function<Reply, List<Fingerprint>> messages) {}

  /** An answer, or the reason why there is none. */
  static final class Answer {
    private final @Nullable Reply reply;
    private final String why;

    private Answer(@Nullable Reply reply, String why) {
      this.reply = reply;
      this.why = why;
    }

    <T> Outcome<T> read(Function<Reply, Outcome<T>> reading) {
      return reply == null ? new Outcome.Unknown<>(why) : reading.apply(reply);
    }

    <T> BatchOutcome<T> readBatch(int size, Function<Reply, BatchOutcome<T>> reading) {
      return reply == null
          ? BatchOutcome.withoutAnswer(new Outcome.Unknown<>(why), size)
          : reading.apply(reply);
    }
  }

  private static final class Call {
    private final long invokedNs;
    private final Ended ended;
    private final boolean poll;
    private @Nullable CompletableFuture<Reply> future;

    private Call(long invokedNs, Ended ended, boolean poll) {
      this.invokedNs = invokedNs;
      this.ended = ended;
      this.poll = poll;
    }
  }

  long nowNs() {
    return clock.nowNs();
  }

  /** Whether nothing is under way. */
  boolean isQuiet() {
    return underWay.isEmpty();
  }

  /** Asks, and the answer arrives. */
  void ask(Request request, Ended ended) {
    submit(request, ended, Answered.IT_IS);
  }

  /** Asks, with the fate the request is to have. */
  void ask(Request request, Step.Fate fate, About about, Ended ended) {
    switch (fate) {
      case ANSWERED -> ask(request, ended);
      case ANSWER_LOST -> {
        int id = faults.planned(FaultKind.LOST_RESPONSE, TARGET);
        submit(request, ended, (reply, call) -> lose(id, about, reply));
      }
      case ARRIVES_TWICE -> {
        int id = faults.planned(FaultKind.DUPLICATED_REQUEST, TARGET);
        submit(request, ended, (reply, call) -> repeat(id, request, about, reply, call));
      }
    }
  }

  /** What is done with an answer that has come. */
  private interface Answered {
    Answered IT_IS = (reply, call) -> new Answer(reply, "");

    Answer with(Reply reply, Call call);
  }

  private void submit(Request request, Ended ended, Answered answered) {
    Call call = new Call(clock.tick(), ended, request instanceof Request.ReceiveMessage);
    underWay.add(call);
    CompletableFuture<Reply> future = machine.submit(request);
    call.future = future;
    var unused =
        future.whenComplete(
            (reply, failure) -> {
              if (underWay.remove(call)) {
                Answer answer =
                    failure != null
                        ? new Answer(null, failure.getClass().getSimpleName())
                        : answered.with(reply, call);
                call.ended.with(new Span(call.invokedNs, clock.tick()), answer);
              }
            });
  }

  private Answer lose(int id, About about, Reply reply) {
    List<Fingerprint> messages = about.messages().apply(reply);
    faults.fired(
        id,
        FaultKind.LOST_RESPONSE,
        about.queue(),
        messages.isEmpty() ? Fingerprint.NONE : messages.get(0),
        TARGET,
        "the answer " + reply.getClass().getSimpleName() + " was dropped");
    return new Answer(null, "AnswerLost");
  }

  /**
   * The request arrives once more, after its answer: the client is none the wiser. Named by message
   * where the answers tell one, so that no other is excused.
   */
  private Answer repeat(int id, Request request, About about, Reply first, Call call) {
    List<Fingerprint> concerned = new ArrayList<>(about.messages().apply(first));
    if (concerned.isEmpty() || isRefused(first)) {
      // What was refused once may be done the second time, and the client would be told a lie.
      faults.skipped(id, FaultKind.DUPLICATED_REQUEST, TARGET, "it was refused, in part at least");
      return new Answer(first, "");
    }
    for (Fingerprint message : concerned) {
      fireTwice(id, about, message);
    }
    Call again =
        new Call(
            call.invokedNs,
            (span, answer) -> {
              if (answer.reply == null) {
                fireTwice(id, about, Fingerprint.NONE); // its messages are anybody's guess
              }
            },
            false);
    underWay.add(again);
    var unused =
        machine
            .submit(request)
            .whenComplete(
                (reply, failure) -> {
                  if (underWay.remove(again) && failure == null) {
                    about.messages().apply(reply).forEach(each -> fireTwice(id, about, each));
                  }
                });
    return new Answer(first, "");
  }

  private static boolean isRefused(Reply reply) {
    return reply instanceof Reply.Failed
        || (reply instanceof Reply.BatchDone done
            && done.entries().stream().anyMatch(Reply.Entry.Refused.class::isInstance));
  }

  private void fireTwice(int id, About about, Fingerprint message) {
    faults.fired(
        id,
        FaultKind.DUPLICATED_REQUEST,
        about.queue(),
        message,
        TARGET,
        "the request arrived once more");
  }

  /** Withdraws the n-th poll that waits, modulo their number. */
  void cancelPoll(int n) {
    List<Call> polls = polling();
    if (polls.isEmpty()) {
      return;
    }
    Call poll = polls.get(n % polls.size());
    CompletableFuture<Reply> future = poll.future;
    if (future != null) {
      future.cancel(false);
    }
  }

  private List<Call> polling() {
    return underWay.stream().filter(call -> call.poll).toList();
  }

  /** The machine died: nobody knows what became of what was under way. */
  void died() {
    List<Call> lost = new ArrayList<>(underWay);
    underWay.clear();
    for (Call call : lost) {
      call.ended.with(new Span(call.invokedNs, clock.tick()), new Answer(null, "Crashed"));
    }
  }

  /**
   * A power cut left of the journal what lies before a position.
   *
   * @param start the number of the start that it ended
   */
  void cutAt(int start, long tailPosition) {
    cuts.add(new long[] {start, tailPosition});
  }

  /** Whether a power cut took the record of the receive that gave a receipt. */
  boolean wasTakenByPowerCut(Receipts.Receipt receipt) {
    for (long[] cut : cuts) {
      if (receipt.start() <= cut[0]) {
        return receipt.journalTail() > cut[1];
      }
    }
    return false;
  }
}
