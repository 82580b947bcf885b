package io.millrace.engine.wire;

import java.util.Optional;

/**
 * Why a request was refused as HTTP, before anything was read as SQS. All but {@link
 * #UNKNOWN_OPERATION} end the connection: what follows such a request cannot be trusted to be the
 * next one.
 */
enum HttpRefusal {
  BAD_REQUEST(400, "BadRequest", "The request is not valid HTTP/1.1."),

  /** A GET without an action, as recorded from SQS: the bare element, whatever was asked for. */
  UNKNOWN_OPERATION(404, "UnknownOperation", "The request names no operation."),
  METHOD_NOT_ALLOWED(405, "MethodNotAllowed", "Only GET and POST are allowed."),
  REQUEST_TIMEOUT(408, "RequestTimeout", "The request did not arrive in time."),
  BODY_TOO_LARGE(413, "RequestEntityTooLarge", "The request body is too large."),
  URI_TOO_LONG(414, "RequestUriTooLong", "The request line is too long."),
  EXPECTATION_FAILED(417, "ExpectationFailed", "Only the expectation 100-continue is met."),
  HEADERS_TOO_LARGE(431, "RequestHeaderFieldsTooLarge", "The request headers are too large."),
  TOO_MUCH_INPUT(503, "ServiceUnavailable", "Too many large requests are on their way."),
  TOO_MANY_CONNECTIONS(503, "ServiceUnavailable", "Too many connections are open.");

  private final int status;
  private final String code;
  private final String message;

  HttpRefusal(int status, String code, String message) {
    this.status = status;
    this.code = code;
    this.message = message;
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  String message() {
    return message;
  }

  /** Which bound was reached, for those who may come again later. */
  Optional<Throttle> throttle() {
    return switch (this) {
      case TOO_MANY_CONNECTIONS -> Optional.of(Throttle.CONNECTIONS);
      case TOO_MUCH_INPUT -> Optional.of(Throttle.INPUT);
      default -> Optional.empty();
    };
  }

  boolean endsConnection() {
    return this != UNKNOWN_OPERATION;
  }
}
