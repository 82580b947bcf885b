package io.millrace.engine.wire;

import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.sqs.SqsError;

/**
 * Carries the caller's mistake from the rule it broke up to the reader that answers it. It has no
 * stack trace: a mistake of a caller is ordinary, and its cost must not help one who makes many.
 */
final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient SqsError error;

  Refusal(SqsError error) {
    super(error.message(), null, false, false);
    this.error = error;
  }

  Refusal(ErrorCode code, String message) {
    this(new SqsError(code, message));
  }

  /** A request that cannot be read: bad JSON, a value of the wrong type. */
  static Refusal malformed(String message) {
    return new Refusal(ErrorCode.MALFORMED_INPUT, message);
  }

  static Refusal invalid(String message) {
    return new Refusal(ErrorCode.INVALID_PARAMETER_VALUE, message);
  }

  SqsError error() {
    return error;
  }
}
