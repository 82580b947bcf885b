package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The messages in play: those sent or received and not yet surely gone.
 *
 * <p>A message whose delete was confirmed stays for the grace, which outlasts every operation that
 * was under way; after it, two bits are kept, so that a message that comes back from the dead hours
 * later is still known for one. A send that surely failed keeps its two bits alone.
 */
final class MessageTable {

  private record Departure(long attempt, long atNs) {}

  private final Rules rules;
  private final Map<Long, Timeline> live = new HashMap<>();
  private final AttemptStates states = new AttemptStates();
  private final ArrayDeque<Departure> departures = new ArrayDeque<>();

  MessageTable(Rules rules) {
    this.rules = rules;
  }

  /**
   * What is known of an attempt; a new, empty timeline if nothing is. Nothing is kept by asking.
   */
  Timeline of(long attempt) {
    Timeline timeline = live.get(attempt);
    if (timeline != null) {
      return timeline;
    }
    return switch (states.get(attempt)) {
      case AttemptStates.DELETED -> new Timeline(attempt, Timeline.Past.DELETED);
      case AttemptStates.FAILED -> new Timeline(attempt, Timeline.Past.FAILED);
      default -> new Timeline(attempt, Timeline.Past.NONE);
    };
  }

  /** Takes the end of a send in. */
  void add(Entry.Send send, Timeline timeline) {
    timeline.setSend(send);
    if (send.ending() == Ending.FAIL) {
      states.set(send.attempt(), AttemptStates.FAILED);
      if (timeline.receipts().isEmpty()) {
        return;
      }
    } else {
      states.set(send.attempt(), AttemptStates.SENT);
    }
    keep(timeline);
  }

  /** Takes a delivery in. */
  void add(Entry.Receive poll, Delivery delivery, Timeline timeline) {
    timeline.add(Receipt.of(poll, delivery));
    keep(timeline);
  }

  /** Takes a delete in. */
  void add(Entry.Delete delete, Timeline timeline) {
    boolean before = timeline.confirmedDeleteNs() != Timeline.NEVER;
    timeline.add(delete, rules.timerSlackNs());
    if (!before && timeline.confirmedDeleteNs() != Timeline.NEVER) {
      departures.add(
          new Departure(timeline.attempt(), timeline.confirmedDeleteNs() + rules.graceNs()));
    }
    keep(timeline);
  }

  /** Lets go of the messages whose grace ended before an instant. */
  void letGoBefore(long nowNs, Consumer<Timeline> gone) {
    while (!departures.isEmpty() && departures.peek().atNs() < nowNs) {
      long attempt = departures.remove().attempt();
      Timeline timeline = live.get(attempt);
      // Without the end of its send the message stays: a send may outlast every grace, and must
      // still find it.
      if (timeline != null && timeline.send().isPresent()) {
        live.remove(attempt);
        states.set(attempt, AttemptStates.DELETED);
        gone.accept(timeline);
      }
    }
  }

  /** Lets go of everything; the history has ended. */
  void letGoOfAll(Consumer<Timeline> gone) {
    live.values().stream()
        .sorted((one, other) -> Long.compare(one.attempt(), other.attempt()))
        .forEach(gone);
    live.clear();
  }

  private void keep(Timeline timeline) {
    if (timeline.attempt() != Entry.NO_ATTEMPT && timeline.past() == Timeline.Past.NONE) {
      live.put(timeline.attempt(), timeline);
    }
  }
}
