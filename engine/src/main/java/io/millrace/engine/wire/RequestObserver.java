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
}
