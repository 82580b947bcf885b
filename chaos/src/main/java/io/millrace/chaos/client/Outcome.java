package io.millrace.chaos.client;

import io.millrace.chaos.history.Ending;

/**
 * How one operation ended for its client.
 *
 * @param <T> what the server answers
 */
public sealed interface Outcome<T> {

  /**
   * The server said yes.
   *
   * @param <T> what the server answers
   * @param answer its answer
   */
  record Ok<T>(T answer) implements Outcome<T> {}

  /**
   * Surely no effect: refused by the server, or no connection was made.
   *
   * @param <T> what the server would have answered
   * @param code the server's error code, or the name of the exception, such as {@code
   *     ConnectException}
   */
  record Fail<T>(String code) implements Outcome<T> {}

  /**
   * Nobody knows: the request may have had its effect, or have it later.
   *
   * @param <T> what the server would have answered
   * @param code the server's error code, or the name of the exception, such as {@code
   *     SocketTimeoutException}
   */
  record Unknown<T>(String code) implements Outcome<T> {}

  /** The word a history keeps for it. */
  default Ending ending() {
    if (this instanceof Ok) {
      return Ending.OK;
    }
    return this instanceof Fail ? Ending.FAIL : Ending.INFO;
  }

  /** The error code; empty after {@link Ok}. */
  default String code() {
    if (this instanceof Fail<T> fail) {
      return fail.code();
    }
    return this instanceof Unknown<T> unknown ? unknown.code() : "";
  }
}
