package io.millrace.chaos.policy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a client gets in place of the answer it should have had. */
public enum Answer {
  /** 403 RequestThrottled. */
  THROTTLED,
  /** 503 ServiceUnavailable. */
  UNAVAILABLE,
  /** 500 InternalFailure. */
  ERROR,
  /** The connection is reset. */
  RESET,
  /** The connection is closed in good order. */
  CLOSE,
  /** Nothing for a while, then a reset. */
  SILENCE;

  /** The name in a policy document. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Answer> named(String wireName) {
    return Arrays.stream(values()).filter(answer -> answer.wireName().equals(wireName)).findAny();
  }
}
