package io.millrace.chaos.check;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The checkers there are. */
final class Checkers {

  private Checkers() {}

  /** One of each, fresh, in the order of {@link Invariant}. */
  static List<Checker> all(
      Surroundings surroundings, MessageTable table, Later later, Fates fates) {
    Whereabouts whereabouts = new Whereabouts(surroundings);
    Findings redelivery = new Findings(Invariant.REDELIVERY);
    Findings changeVisibility = new Findings(Invariant.CHANGE_VISIBILITY);
    Findings delay = new Findings(Invariant.DELAY);
    return Stream.of(
            new LossChecker(fates),
            new PhantomChecker(surroundings),
            new IntegrityChecker(),
            new FailedSendChecker(),
            new InfoSendChecker(surroundings),
            new ZombieChecker(surroundings, Invariant.ZOMBIE),
            new StaleHandleChecker(fates),
            new ExclusivityChecker(surroundings, later, changeVisibility),
            new RedeliveryChecker(redelivery),
            new ChangeVisibilityChecker(surroundings, changeVisibility),
            new DuplicatesChecker(surroundings, later),
            new ReceiveCountChecker(surroundings),
            new HandlesChecker(surroundings),
            new StableMetaChecker(surroundings),
            new DelayChecker(surroundings, delay),
            new RetentionChecker(surroundings),
            new InFlightCapChecker(surroundings, table, whereabouts, later),
            new LongPollChecker(
                surroundings,
                table,
                whereabouts,
                later,
                new LongPollChecker.Blame(redelivery, changeVisibility, delay)),
            new BatchChecker(),
            new CountsChecker(surroundings, table, whereabouts, later),
            new DeadLettersChecker(surroundings),
            new PurgeChecker(surroundings),
            new CrashAttributionChecker(surroundings, fates),
            new ZombieChecker(surroundings, Invariant.DELETE_DURABILITY),
            new OrderChecker(),
            new WorkDoneChecker())
        .sorted(Comparator.comparing(Checker::invariant))
        .toList();
  }
}
