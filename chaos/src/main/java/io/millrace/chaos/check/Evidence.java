package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.MergedHistory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The smallest sub-history that shows a finding: every entry about one attempt, and the events of
 * the run between them. Read in a second pass over the logs, since the first forgets what it no
 * longer needs.
 */
public final class Evidence {

  /** Entries shown for one attempt. */
  private static final int ENTRIES_MAX = 40;

  private Evidence() {}

  /**
   * The timelines of some attempts as lines of text, in the order of completion.
   *
   * @param directory the logs
   * @param attempts which; {@link Entry#NO_ATTEMPT} is passed over
   * @return lines by attempt
   * @throws IOException if a log cannot be read
   */
  public static SortedMap<Long, List<String>> gather(Path directory, Set<Long> attempts)
      throws IOException {
    TreeMap<Long, List<Entry>> found = new TreeMap<>();
    Set<Long> wanted = new HashSet<>(attempts);
    wanted.remove(Entry.NO_ATTEMPT);
    wanted.forEach(attempt -> found.put(attempt, new ArrayList<>()));
    List<Entry.Event> events = new ArrayList<>();
    try (MergedHistory history = MergedHistory.open(directory)) {
      Optional<Entry> next = history.next();
      while (next.isPresent()) {
        Entry entry = next.get();
        if (entry instanceof Entry.Event event) {
          events.add(event);
        }
        for (long attempt : attemptsOf(entry)) {
          List<Entry> entries = found.get(attempt);
          if (entries != null && entries.size() < ENTRIES_MAX) {
            entries.add(entry);
          }
        }
        next = history.next();
      }
    }
    TreeMap<Long, List<String>> lines = new TreeMap<>();
    found.forEach((attempt, entries) -> lines.put(attempt, describe(attempt, entries, events)));
    return lines;
  }

  private static Set<Long> attemptsOf(Entry entry) {
    Set<Long> attempts = new HashSet<>();
    if (entry instanceof Entry.Send send) {
      attempts.add(send.attempt());
    } else if (entry instanceof Entry.Delete delete) {
      attempts.add(delete.attempt());
    } else if (entry instanceof Entry.Receive poll) {
      poll.deliveries().forEach(delivery -> attempts.add(delivery.attempt()));
    }
    return attempts;
  }

  private static List<String> describe(
      long attempt, List<Entry> entries, List<Entry.Event> events) {
    List<Entry> all = new ArrayList<>(entries);
    if (!entries.isEmpty()) {
      long fromNs = entries.get(0).invokedNs();
      for (Entry.Event event : events) {
        if (event.returnedNs() >= fromNs) {
          all.add(event);
        }
      }
    }
    all.sort((one, other) -> Long.compare(one.returnedNs(), other.returnedNs()));
    return all.stream().map(entry -> line(attempt, entry)).toList();
  }

  private static String line(long attempt, Entry entry) {
    String instants =
        "%10.3f .. %10.3f ms  session %d  "
            .formatted(entry.invokedNs() / 1e6, entry.returnedNs() / 1e6, entry.session());
    String reason = entry.reason().isEmpty() ? "" : " (" + entry.reason() + ")";
    if (entry instanceof Entry.Send send) {
      return "%sSEND %s%s, message %s".formatted(instants, send.ending(), reason, send.messageId());
    } else if (entry instanceof Entry.Delete delete) {
      return "%sDELETE %s%s, handle %s"
          .formatted(instants, delete.ending(), reason, delete.handle());
    } else if (entry instanceof Entry.Receive poll) {
      StringBuilder text = new StringBuilder(instants).append("RECEIVE ").append(poll.ending());
      for (Delivery delivery : poll.deliveries()) {
        if (delivery.attempt() == attempt) {
          text.append(
              ", message %s, handle %s, count %d, visibility %d ms%s"
                  .formatted(
                      delivery.messageId(),
                      delivery.handle(),
                      delivery.receiveCount(),
                      poll.visibilityMs(),
                      delivery.damage().isEmpty() ? "" : ", damage " + delivery.damage()));
        }
      }
      return text.append(reason).toString();
    } else if (entry instanceof Entry.Event event) {
      return "%s%s %s".formatted(instants, event.kind(), event.detail());
    }
    return instants;
  }
}
