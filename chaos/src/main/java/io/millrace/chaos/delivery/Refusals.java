package io.millrace.chaos.delivery;

import io.millrace.chaos.policy.Answer;
import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.SqsError;

/** The errors that stand in place of an answer. */
final class Refusals {

  private Refusals() {}

  static Reply of(Answer answer) {
    return new Reply.Failed(error(answer));
  }

  static SqsError error(Answer answer) {
    return switch (answer) {
      case THROTTLED ->
          new SqsError(ErrorCode.REQUEST_THROTTLED, "The request was denied due to throttling.");
      case UNAVAILABLE ->
          new SqsError(ErrorCode.SERVICE_UNAVAILABLE, "Service Unavailable. Try again later.");
      case ERROR, RESET, CLOSE, SILENCE ->
          new SqsError(
              ErrorCode.INTERNAL_FAILURE,
              "The request processing has failed because of an unknown error.");
    };
  }
}
