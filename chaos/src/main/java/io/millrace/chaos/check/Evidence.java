package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.Fingerprint;
import io.millrace.chaos.history.MergedHistory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The smallest sub-history that shows a finding: every entry about one attempt, and what was done
 * to the system and its queues between the first of them and the last. Read in a second pass over
 * the logs, since the first forgets what it no longer needs.
 */
public final class Evidence {

  /** Entries shown for one attempt. */
  private static final int ENTRIES_MAX = 40;

  /** Entries shown of what was done around it, the last ones if there are more. */
  private static final int AROUND_MAX = 12;

  /** Entries remembered of what was done to the system; a run with more shows the last. */
  private static final int REMEMBERED_MAX = 100_000;

  private final TreeMap<Long, List<Entry>> found = new TreeMap<>();
  private final ArrayDeque<Entry> around = new ArrayDeque<>();

  private Evidence(Set<Long> attempts) {
    for (long attempt : attempts) {
      if (attempt != Entry.NO_ATTEMPT) {
        found.put(attempt, new ArrayList<>());
      }
    }
  }

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
    Evidence evidence = new Evidence(attempts);
    try (MergedHistory history = MergedHistory.open(directory)) {
      Optional<Entry> next = history.next();
      while (next.isPresent()) {
        evidence.take(next.get());
        next = history.next();
      }
    }
    return evidence.lines();
  }

  /** The same from entries in memory, in the order of completion. */
  public static SortedMap<Long, List<String>> gather(Iterable<Entry> entries, Set<Long> attempts) {
    Evidence evidence = new Evidence(attempts);
    entries.forEach(evidence::take);
    return evidence.lines();
  }

  private void take(Entry entry) {
    if (isAround(entry)) {
      if (around.size() == REMEMBERED_MAX) {
        around.removeFirst();
      }
      around.add(entry);
    }
    for (long attempt : attemptsOf(entry)) {
      List<Entry> entries = found.get(attempt);
      if (entries != null && entries.size() < ENTRIES_MAX) {
        entries.add(entry);
      }
    }
  }

  private SortedMap<Long, List<String>> lines() {
    TreeMap<Long, List<String>> lines = new TreeMap<>();
    found.forEach((attempt, entries) -> lines.put(attempt, describe(attempt, entries)));
    return lines;
  }

  private static boolean isAround(Entry entry) {
    return entry instanceof Entry.Event
        || entry instanceof Entry.Fault
        || entry instanceof Entry.Purge
        || entry instanceof Entry.Queue;
  }

  private static Set<Long> attemptsOf(Entry entry) {
    Set<Long> attempts = new HashSet<>();
    if (entry instanceof Entry.Send send) {
      attempts.add(send.attempt());
    } else if (entry instanceof Entry.Delete delete) {
      attempts.add(delete.attempt());
    } else if (entry instanceof Entry.Visibility change) {
      attempts.add(change.attempt());
    } else if (entry instanceof Entry.Receive poll) {
      poll.deliveries().forEach(delivery -> attempts.add(delivery.attempt()));
    }
    return attempts;
  }

  private List<String> describe(long attempt, List<Entry> entries) {
    List<Entry> all = new ArrayList<>(entries);
    if (!entries.isEmpty()) {
      long fromNs = entries.get(0).invokedNs();
      List<Entry> near = new ArrayList<>();
      for (Entry each : around) {
        if (each.returnedNs() >= fromNs && concerns(each, entries)) {
          near.add(each);
        }
      }
      all.addAll(near.subList(Math.max(0, near.size() - AROUND_MAX), near.size()));
    }
    all.sort((one, other) -> Long.compare(one.returnedNs(), other.returnedNs()));
    return all.stream().map(entry -> line(attempt, entry)).toList();
  }

  /** A fault that names another message is not this one's business. */
  private static boolean concerns(Entry done, List<Entry> entries) {
    if (!(done instanceof Entry.Fault fault) || fault.message().equals(Fingerprint.NONE)) {
      return true;
    }
    for (Entry entry : entries) {
      if (entry instanceof Entry.Send send && send.messageId().equals(fault.message())) {
        return true;
      }
      if (entry instanceof Entry.Receive poll) {
        for (Delivery delivery : poll.deliveries()) {
          if (delivery.messageId().equals(fault.message())) {
            return true;
          }
        }
      }
    }
    return false;
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
      if (poll.queue() != Entry.FIRST_QUEUE) {
        text.append(", queue ").append(poll.queue());
      }
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
    return lineOfRare(instants, reason, entry);
  }

  private static String lineOfRare(String instants, String reason, Entry entry) {
    if (entry instanceof Entry.Visibility change) {
      return "%sVISIBILITY %s%s, handle %s, to %d ms"
          .formatted(instants, change.ending(), reason, change.handle(), change.visibilityMs());
    } else if (entry instanceof Entry.Fault fault) {
      return "%sFAULT %s %s, number %d, %s: %s"
          .formatted(
              instants,
              fault.kind().label(),
              fault.phase(),
              fault.id(),
              fault.target(),
              fault.detail());
    } else if (entry instanceof Entry.Purge purge) {
      return "%sPURGE %s%s, queue %d".formatted(instants, purge.ending(), reason, purge.queue());
    } else if (entry instanceof Entry.Queue queue) {
      return "%sQUEUE %s %s%s, queue %d %s, %s"
          .formatted(
              instants,
              queue.change(),
              queue.ending(),
              reason,
              queue.queue(),
              queue.name(),
              queue.settings());
    }
    return instants;
  }
}
