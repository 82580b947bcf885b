package io.millrace.engine.wire;

import io.millrace.engine.sqs.ErrorCode;
import java.util.Optional;

/** Told of every answered request, on the event loop that wrote the answer; must not block. */
@FunctionalInterface
public interface RequestObserver {

  /** Hears nothing. */
  RequestObserver NONE = (action, error, nanos, waitedPoll) -> {};

  /**
   * One request was answered; the answer is on its way to the socket. Requests that were no HTTP,
   * or were refused before their action was known, are counted in {@link ConnectionCounters}
   * instead.
   *
   * @param error why the whole request failed; empty when it succeeded, also when entries of a
   *     batch failed
   * @param nanos from the arrival of the request's last byte to its answer being encoded
   * @param waitedPoll whether this is a receive that found nothing at first and was held for a
   *     message: its time says how long nothing came, not how long the work took. One that asked to
   *     wait and found a message there is none
   */
  void observed(Action action, Optional<ErrorCode> error, long nanos, boolean waitedPoll);

  /**
   * The same with all there is to know, and of every answer, those to what was refused as HTTP
   * included. Only this is called by the endpoint; who needs no more than the outcome leaves it as
   * it is.
   *
   * @param nanos as above; 0 for a request that was refused before its last byte came
   * @param answerBytes of head and body
   */
  default void answered(AnsweredRequest request, long nanos, int answerBytes) {
    if (!request.refusedAsHttp()) {
      observed(request.action(), request.error(), nanos, request.heldPoll());
    }
  }

  /** One that tells this one and then the other. */
  default RequestObserver and(RequestObserver other) {
    RequestObserver self = this;
    return new RequestObserver() {
      @Override
      public void observed(
          Action action, Optional<ErrorCode> error, long nanos, boolean waitedPoll) {
        self.observed(action, error, nanos, waitedPoll);
        other.observed(action, error, nanos, waitedPoll);
      }

      @Override
      public void answered(AnsweredRequest request, long nanos, int answerBytes) {
        self.answered(request, nanos, answerBytes);
        other.answered(request, nanos, answerBytes);
      }
    };
  }
}
