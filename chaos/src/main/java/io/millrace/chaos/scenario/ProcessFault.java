package io.millrace.chaos.scenario;

import io.millrace.chaos.inject.KillAim;
import io.millrace.chaos.policy.Mishap;
import io.millrace.chaos.policy.Span;

/**
 * A fault of the server's process, so many times.
 *
 * @param kind one of the {@linkplain Mishap.Layer#PROCESS process layer}
 * @param times how often, 1 to 10,000
 * @param aim the moment of a kill
 * @param span how long a pause lasts; for the others nothing
 * @param restarts how often the server is ended while it starts, in one restart storm
 */
public record ProcessFault(Mishap kind, int times, KillAim aim, Span span, int restarts) {

  static final int TIMES_MAX = 10_000;
  static final int RESTARTS_MAX = 100;

  /** Long enough to be felt, shorter than what the checkers grant a message to come. */
  static final Span PAUSE = new Span(200, 1_200);

  static final int RESTARTS = 4;

  /** The kind's defaults, once. */
  static ProcessFault of(Mishap kind) {
    return new ProcessFault(kind, 1, KillAim.ANYTIME, PAUSE, RESTARTS);
  }

  ProcessFault times(int newTimes) {
    return new ProcessFault(kind, newTimes, aim, span, restarts);
  }

  ProcessFault at(KillAim newAim) {
    return new ProcessFault(kind, times, newAim, span, restarts);
  }

  ProcessFault lasting(Span newSpan) {
    return new ProcessFault(kind, times, aim, newSpan, restarts);
  }

  ProcessFault restarting(int newRestarts) {
    return new ProcessFault(kind, times, aim, span, newRestarts);
  }

  /** In a few words, without how often. */
  String title() {
    return aim == KillAim.ANYTIME ? kind.wireName() : kind.wireName() + " at " + aim.label();
  }
}
