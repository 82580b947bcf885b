package io.millrace.engine.shard;

/** The engine stopped before the request was answered; whether it had an effect is unknown. */
final class JournalStoppedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  JournalStoppedException() {
    super("the engine stopped before the request was answered");
  }
}
