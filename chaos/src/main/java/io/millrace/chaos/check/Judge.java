package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.MergedHistory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One pass over a history with every checker at once. The entries come in the order of completion;
 * the {@link MessageTable} keeps what is needed of each message, and each checker sees an entry
 * together with what was known before it.
 *
 * <p>Used once, by one thread.
 */
public final class Judge {

  private final Rules rules;
  private final MessageTable table;
  private final List<Checker> checkers;
  private final CensusTaker census = new CensusTaker();

  private Judge(Rules rules) {
    this.rules = rules;
    this.table = new MessageTable(rules);
    this.checkers = Checkers.all(rules);
  }

  /**
   * Judges the logs in a directory.
   *
   * @throws IOException if a log cannot be read
   */
  public static Judgement judge(Path directory, Rules rules) throws IOException {
    Judge judge = new Judge(rules);
    try (MergedHistory history = MergedHistory.open(directory)) {
      Optional<Entry> entry = history.next();
      while (entry.isPresent()) {
        judge.take(entry.get());
        entry = history.next();
      }
      return judge.finish(
          history.cutLogs().stream().map(path -> Objects.toString(path.getFileName())).toList());
    }
  }

  /**
   * Judges entries in memory.
   *
   * @param entries in the order of their return
   */
  public static Judgement judge(Iterable<Entry> entries, Rules rules) {
    Judge judge = new Judge(rules);
    entries.forEach(judge::take);
    return judge.finish(List.of());
  }

  private void take(Entry entry) {
    table.letGoBefore(entry.returnedNs(), this::letGo);
    if (entry instanceof Entry.Send send) {
      takeSend(send);
    } else if (entry instanceof Entry.Receive poll) {
      takeReceive(poll);
    } else if (entry instanceof Entry.Delete delete) {
      takeDelete(delete);
    } else if (entry instanceof Entry.Event event) {
      checkers.forEach(checker -> checker.onEvent(event));
    }
  }

  private void takeSend(Entry.Send send) {
    census.count(send);
    Timeline before = table.of(send.attempt());
    checkers.forEach(checker -> checker.onSend(send, before));
    table.add(send, before);
  }

  private void takeReceive(Entry.Receive poll) {
    census.count(poll);
    for (Delivery delivery : poll.deliveries()) {
      Timeline before = table.of(delivery.attempt());
      census.count(delivery, before);
      checkers.forEach(checker -> checker.onDelivery(poll, delivery, before));
      table.add(poll, delivery, before);
    }
  }

  private void takeDelete(Entry.Delete delete) {
    census.count(delete);
    Timeline before = table.of(delete.attempt());
    checkers.forEach(checker -> checker.onDelete(delete, before));
    table.add(delete, before);
  }

  private void letGo(Timeline message) {
    checkers.forEach(checker -> checker.onGone(message));
  }

  private Judgement finish(List<String> cutLogs) {
    table.letGoOfAll(this::letGo);
    return new Judgement(
        rules.profile(),
        checkers.stream().map(Checker::verdict).toList(),
        census.census(),
        cutLogs);
  }
}
