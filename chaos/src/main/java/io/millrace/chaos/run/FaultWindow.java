package io.millrace.chaos.run;

import io.millrace.chaos.history.FaultKind;
import io.millrace.chaos.policy.ChaosPolicy;
import io.millrace.chaos.policy.FaultLog;
import io.millrace.chaos.policy.FaultRule;
import io.millrace.chaos.policy.Mishap;
import io.millrace.chaos.policy.QueueFaults;
import io.millrace.chaos.policy.Span;
import io.millrace.chaos.policy.SqsAction;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A stretch of the run in which the server is made to misbehave in one way, within what SQS allows.
 * The shares of messages and requests concerned are large enough for every kind to fire in a short
 * run at a low rate, and small enough that the load stays the load.
 */
enum FaultWindow {

  /** Messages are handed out again: at once, to two receivers, after their delete. */
  DUPLICATES(
      LivePhase.DUPLICATES,
      0.45,
      List.of(
          new Forced(0, FaultKind.DUPLICATE_NOW, Mishap.DUPLICATE_NOW, Set.of()),
          new Forced(1, FaultKind.CONCURRENT_DELIVERY, Mishap.CONCURRENT_DELIVERY, Set.of()),
          new Forced(2, FaultKind.DUPLICATE_AFTER_DELETE, Mishap.DUPLICATE_AFTER_DELETE, Set.of())),
      QueueFaults.of(
          FaultRule.of(Mishap.DUPLICATE_NOW, 0.05),
          FaultRule.of(Mishap.CONCURRENT_DELIVERY, 0.05),
          FaultRule.of(Mishap.DUPLICATE_AFTER_DELETE, 0.05).lasting(new Span(20, 200)))),

  /** Messages are held back, so that others overtake them. */
  REORDERING(
      LivePhase.REORDERING,
      0.55,
      List.of(new Forced(3, FaultKind.REORDER, Mishap.HOLD_BACK, Set.of())),
      QueueFaults.of(FaultRule.of(Mishap.HOLD_BACK, 0.2))),

  /** Requests are done and their answers lost, after the commit. */
  LOST_RESPONSES(
      LivePhase.LOST_RESPONSES,
      0.65,
      List.of(
          new Forced(
              4, FaultKind.LOST_RESPONSE, Mishap.LOST_RESPONSE, Set.of(SqsAction.SEND_MESSAGE)),
          new Forced(
              5, FaultKind.LOST_RESPONSE, Mishap.LOST_RESPONSE, Set.of(SqsAction.RECEIVE_MESSAGE)),
          new Forced(
              6,
              FaultKind.LOST_RESPONSE,
              Mishap.LOST_RESPONSE,
              Set.of(SqsAction.DELETE_MESSAGE, SqsAction.DELETE_MESSAGE_BATCH))),
      QueueFaults.of(
          FaultRule.of(Mishap.LOST_RESPONSE, 0.05)
              .on(
                  Set.of(
                      SqsAction.SEND_MESSAGE,
                      SqsAction.RECEIVE_MESSAGE,
                      SqsAction.DELETE_MESSAGE,
                      SqsAction.DELETE_MESSAGE_BATCH))));

  /** When the last window ends, as a share of the time in which orders are sent. */
  static final double END_SHARE = 0.72;

  /**
   * One kind of fault that is to fire.
   *
   * @param id its number in the plan of the run
   * @param kind its name in the history and in the report
   * @param mishap its name in the server's policy
   * @param actions the requests it is done to, where that tells it from others; else empty
   */
  record Forced(int id, FaultKind kind, Mishap mishap, Set<SqsAction> actions) {

    /** Whether a line of the server's fault log is about it. */
    boolean isOf(FaultLog.Line line) {
      return line.kind() == mishap
          && (actions.isEmpty()
              || actions.stream().anyMatch(action -> action.wireName().equals(line.target())));
    }

    /** The requests by name; empty if it is done to messages. */
    String target() {
      return new TreeSet<>(actions)
          .stream().map(SqsAction::wireName).collect(Collectors.joining(", "));
    }
  }

  private final LivePhase phase;
  private final double fromShare;

  @SuppressWarnings("ImmutableEnumChecker") // an immutable list of records
  private final List<Forced> faults;

  @SuppressWarnings("ImmutableEnumChecker") // a record of an unmodifiable map
  private final QueueFaults rules;

  FaultWindow(LivePhase phase, double fromShare, List<Forced> faults, QueueFaults rules) {
    this.phase = phase;
    this.fromShare = fromShare;
    this.faults = faults;
    this.rules = rules;
  }

  /** The phase as it shows while the run goes on. */
  LivePhase phase() {
    return phase;
  }

  /**
   * When it begins, as a share of the time in which orders are sent; it lasts until the next
   * begins.
   */
  double fromShare() {
    return fromShare;
  }

  /** What is to fire. */
  List<Forced> faults() {
    return faults;
  }

  /** What the server is told. */
  ChaosPolicy policy(long seed, String queue) {
    return new ChaosPolicy(seed, Map.of(queue, rules), List.of());
  }
}
