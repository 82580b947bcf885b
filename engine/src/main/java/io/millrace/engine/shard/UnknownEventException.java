package io.millrace.engine.shard;

/** The journal holds an event this version does not know; recovery stops rather than guess. */
final class UnknownEventException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnknownEventException(String what) {
    super("the journal holds an event this version does not know: " + what);
  }
}
