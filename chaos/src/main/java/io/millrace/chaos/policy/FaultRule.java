package io.millrace.chaos.policy;

import java.util.Arrays;
import java.util.Set;

/**
 * How often one fault happens to one queue, and how.
 *
 * @param kind what goes wrong; one that has a rate
 * @param rate the share of opportunities at which it does, 0 to 1
 * @param after opportunities let pass first
 * @param max how often at most; {@link Long#MAX_VALUE} for no bound
 * @param span how long, where the kind knows a duration
 * @param actions the actions it concerns
 * @param answer what the client gets, where the kind gives an answer
 * @param bytesPerSecond how fast, where the kind knows a speed; at least 1
 */
public record FaultRule(
    Mishap kind,
    double rate,
    long after,
    long max,
    Span span,
    Set<SqsAction> actions,
    Answer answer,
    long bytesPerSecond) {

  static final long BYTES_PER_SECOND_DEFAULT = 65_536;

  /** Checks the ranges, and that the kind can do what is asked. */
  public FaultRule {
    actions = Set.copyOf(actions);
    check(kind.hasRate(), kind.wireName() + " has no rate");
    check(rate >= 0 && rate <= 1, "rate is 0 to 1, not " + rate);
    check(after >= 0 && max >= 0, "after and max are 0 or more");
    check(bytesPerSecond >= 1, "bytes-per-second is 1 or more");
    check(
        kind.possibleActions().containsAll(actions),
        kind.wireName() + " cannot concern " + actions);
    check(
        Arrays.asList(kind.possibleAnswers()).contains(answer),
        kind.wireName() + " cannot answer " + answer.wireName());
  }

  /** The kind's defaults at a rate. */
  public static FaultRule of(Mishap kind, double rate) {
    Set<SqsAction> actions =
        kind == Mishap.PARTIAL_BATCH ? kind.possibleActions() : SqsAction.ON_MESSAGES;
    return new FaultRule(
        kind,
        rate,
        0,
        Long.MAX_VALUE,
        kind.defaultSpan(),
        actions,
        kind.possibleAnswers()[0],
        BYTES_PER_SECOND_DEFAULT);
  }

  /** The same for other opportunities: after so many, at most so often. */
  public FaultRule within(long newAfter, long newMax) {
    return new FaultRule(kind, rate, newAfter, newMax, span, actions, answer, bytesPerSecond);
  }

  /** The same with another duration. */
  public FaultRule lasting(Span newSpan) {
    return new FaultRule(kind, rate, after, max, newSpan, actions, answer, bytesPerSecond);
  }

  /** The same for these actions alone. */
  public FaultRule on(Set<SqsAction> newActions) {
    return new FaultRule(kind, rate, after, max, span, newActions, answer, bytesPerSecond);
  }

  /** The same with another answer. */
  public FaultRule answering(Answer newAnswer) {
    return new FaultRule(kind, rate, after, max, span, actions, newAnswer, bytesPerSecond);
  }

  /** The same at another speed. */
  public FaultRule at(long newBytesPerSecond) {
    return new FaultRule(kind, rate, after, max, span, actions, answer, newBytesPerSecond);
  }

  private static void check(boolean legal, String why) {
    if (!legal) {
      throw new IllegalArgumentException(why);
    }
  }
}
