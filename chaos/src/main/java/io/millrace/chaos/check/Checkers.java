package io.millrace.chaos.check;

import java.util.List;

/** The checkers there are. */
final class Checkers {

  private Checkers() {}

  /** One of each, fresh, in the order in which reports list them. */
  static List<Checker> all(Rules rules) {
    return List.of(
        new LossChecker(rules),
        new PhantomChecker(),
        new IntegrityChecker(),
        new FailedSendChecker(),
        new InfoSendChecker(),
        new ZombieChecker(rules),
        new ExclusivityChecker(rules),
        new DuplicatesChecker(rules),
        new ReceiveCountChecker(),
        new HandlesChecker(),
        new WorkDoneChecker());
  }
}
