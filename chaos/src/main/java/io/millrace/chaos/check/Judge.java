package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.MergedHistory;
import io.millrace.chaos.history.Origin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * One pass over a history with every checker at once. The entries come in the order of completion;
 * the {@link MessageTable} keeps what is needed of each message, {@link Surroundings} what was done
 * around them, and each checker sees an entry together with what was known before it. A question
 * that needs what is still under way waits in {@link Later}.
 *
 * <p>Used once, by one thread.
 */
public final class Judge {

  private final Rules rules;
  private final Surroundings surroundings;
  private final MessageTable table;
  private final Later later;
  private final Fates fates;
  private final Checker[] checkers;
  private final CensusTaker census = new CensusTaker();

  private Judge(Rules rules, long longestNs, OptionalLong originWallMs) {
    this.rules = rules;
    this.surroundings = new Surroundings(rules, longestNs, originWallMs);
    this.table = new MessageTable(surroundings);
    this.later = new Later(longestNs);
    this.fates = new Fates(surroundings, new Whereabouts(surroundings));
    this.checkers = Checkers.all(surroundings, table, later, fates).toArray(Checker[]::new);
  }

  /**
   * Judges the logs in a directory.
   *
   * @throws IOException if a log cannot be read
   */
  public static Judgement judge(Path directory, Rules rules) throws IOException {
    return judge(directory, rules, judgedNs -> {});
  }

  /**
   * Judges the logs in a directory, and tells how far it is.
   *
   * @param judged given the return of each entry once every checker has seen it, in ns since the
   *     origin; never less than before
   * @throws IOException if a log cannot be read
   */
  public static Judgement judge(Path directory, Rules rules, LongConsumer judged)
      throws IOException {
    try (MergedHistory history = MergedHistory.open(directory)) {
      Judge judge =
          new Judge(
              rules,
              history.longestNs().orElse(rules.graceNs()),
              OptionalLong.of(history.origin().wallClockMs()));
      Optional<Entry> entry = history.next();
      while (entry.isPresent()) {
        judge.take(entry.get());
        judged.accept(entry.get().returnedNs());
        entry = history.next();
      }
      return judge.finish(
          history.cutLogs().stream().map(path -> Objects.toString(path.getFileName())).toList());
    }
  }

  /**
   * Judges entries in memory; their wall clock means nothing.
   *
   * @param entries in the order of their return
   */
  public static Judgement judge(Iterable<Entry> entries, Rules rules) {
    return judge(entries, OptionalLong.empty(), rules);
  }

  /**
   * Judges entries in memory.
   *
   * @param entries in the order of their return
   * @param origin what their instants count from; its wall clock is the server's
   */
  public static Judgement judge(Iterable<Entry> entries, Origin origin, Rules rules) {
    return judge(entries, OptionalLong.of(origin.wallClockMs()), rules);
  }

  private static Judgement judge(Iterable<Entry> entries, OptionalLong originWallMs, Rules rules) {
    long longestNs = 0;
    for (Entry entry : entries) {
      longestNs = Math.max(longestNs, entry.operationNs());
    }
    Judge judge = new Judge(rules, longestNs, originWallMs);
    entries.forEach(judge::take);
    return judge.finish(List.of());
  }

  private void take(Entry entry) {
    later.answerBefore(entry.returnedNs());
    table.letGoBefore(entry.returnedNs(), this::letGo);
    if (entry instanceof Entry.Send send) {
      takeSend(send);
    } else if (entry instanceof Entry.Receive poll) {
      takeReceive(poll);
    } else if (entry instanceof Entry.Delete delete) {
      takeDelete(delete);
    } else if (entry instanceof Entry.Visibility change) {
      takeVisibility(change);
    } else {
      takeOther(entry);
    }
  }

  private void takeSend(Entry.Send send) {
    census.count(send);
    Timeline before = table.of(send.attempt());
    for (Checker checker : checkers) {
      checker.onSend(send, before);
    }
    table.add(send, before);
  }

  private void takeReceive(Entry.Receive poll) {
    census.count(poll);
    surroundings.take(poll);
    for (Checker checker : checkers) {
      checker.onPoll(poll);
    }
    for (Delivery delivery : poll.deliveries()) {
      Timeline message = table.of(delivery.attempt());
      census.count(delivery, message);
      for (Checker checker : checkers) {
        checker.onDelivery(poll, delivery, message);
      }
      Receipt receipt = table.add(poll, delivery, message);
      for (Checker checker : checkers) {
        checker.onReceipt(receipt, message);
      }
    }
  }

  private void takeDelete(Entry.Delete delete) {
    census.count(delete);
    Timeline before = table.of(delete.attempt());
    for (Checker checker : checkers) {
      checker.onDelete(delete, before);
    }
    table.add(delete, before);
  }

  private void takeVisibility(Entry.Visibility change) {
    Timeline before = table.of(change.attempt());
    for (Checker checker : checkers) {
      checker.onVisibility(change, before);
    }
    table.add(change, before);
  }

  private void takeOther(Entry entry) {
    if (entry instanceof Entry.Event event) {
      surroundings.take(event);
      fates.take(event);
    } else if (entry instanceof Entry.Fault fault) {
      surroundings.take(fault);
    } else if (entry instanceof Entry.Queue change) {
      surroundings.take(change);
      table.add(change);
    } else if (entry instanceof Entry.Purge purge) {
      surroundings.take(purge);
      table.add(purge);
    } else if (entry instanceof Entry.Target target) {
      surroundings.take(target);
    }
    for (Checker checker : checkers) {
      checker.onOther(entry);
    }
  }

  private void letGo(Timeline message) {
    for (Checker checker : checkers) {
      checker.onGone(message);
    }
  }

  private Judgement finish(List<String> cutLogs) {
    later.answerAll();
    table.letGoOfAll(this::letGo);
    return new Judgement(
        rules.profile(),
        rules.required(),
        Arrays.stream(checkers).map(Checker::verdict).toList(),
        census.census(),
        cutLogs);
  }
}
