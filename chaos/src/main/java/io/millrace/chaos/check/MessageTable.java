package io.millrace.chaos.check;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The messages in play: those sent or received and not yet surely gone.
 *
 * <p>A message whose delete was confirmed stays until twice the longest operation has passed, when
 * every question about it has been answered; then two bits are kept, so that a message that comes
 * back from the dead hours later is still known for one. A send that surely failed keeps its two
 * bits alone.
 */
final class MessageTable {

  private final Surroundings surroundings;
  private final Whereabouts whereabouts;
  private final long timerSlackNs;
  private final long stayNs;
  private final LongTable<Timeline> live = new LongTable<>();
  private final AttemptStates states = new AttemptStates();
  private final Departures departures = new Departures();

  MessageTable(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.whereabouts = new Whereabouts(surroundings);
    this.timerSlackNs = surroundings.rules().timerSlackNs();
    this.stayNs = 2 * surroundings.longestNs() + 1;
  }

  /** How long a surely deleted message stays, in ns. */
  long stayNs() {
    return stayNs;
  }

  /**
   * What is known of an attempt; a new, empty timeline if nothing is. Nothing is kept by asking.
   */
  Timeline of(long attempt) {
    Timeline timeline = attempt < 0 ? null : live.get(attempt);
    if (timeline != null) {
      return timeline;
    }
    return switch (states.get(attempt)) {
      case AttemptStates.DELETED -> new Timeline(attempt, Timeline.Past.DELETED);
      case AttemptStates.FAILED -> new Timeline(attempt, Timeline.Past.FAILED);
      default -> new Timeline(attempt, Timeline.Past.NONE);
    };
  }

  /** Every message in play, in no order that means anything. */
  void forEach(Consumer<Timeline> action) {
    live.forEach(action);
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
      for (Entry.Purge purge : surroundings.queue(send.queue()).purges()) {
        purge(timeline, purge);
      }
      if (surroundings.queue(send.queue()).deletedFromNs() <= send.returnedNs()) {
        timeline.setQueueMayBeGone();
      }
    }
    keep(timeline);
  }

  /** Takes a delivery in and gives the receipt it made. */
  Receipt add(Entry.Receive poll, Delivery delivery, Timeline timeline) {
    Receipt receipt = new Receipt(poll, delivery, timeline.leaseFromNs(poll.invokedNs()));
    for (Entry.Queue change : surroundings.queue(poll.queue()).changes()) {
      if (change.ending() == Ending.INFO || change.returnedNs() >= poll.invokedNs()) {
        receipt.mayHaveHad(
            change.settings().visibilityMs() * 1_000_000L, timeline.leaseFromNs(poll.invokedNs()));
      }
    }
    timeline.add(receipt);
    keep(timeline);
    return receipt;
  }

  /** Takes a delete in. */
  void add(Entry.Delete delete, Timeline timeline) {
    boolean before = timeline.confirmedDeleteNs() != Timeline.NEVER;
    Receipt latest = timeline.latestReceipt();
    boolean forgotten =
        latest != null
            && surroundings.mayHaveForgottenReceive(
                timeline, latest.polledNs(), delete.returnedNs());
    timeline.add(delete, timerSlackNs, forgotten);
    if (!before && timeline.confirmedDeleteNs() != Timeline.NEVER) {
      departures.add(timeline.attempt(), timeline.confirmedDeleteNs() + stayNs);
    }
    keep(timeline);
  }

  /** Takes a change of visibility in. */
  void add(Entry.Visibility change, Timeline timeline) {
    timeline.add(change, timerSlackNs);
    keep(timeline);
  }

  /** Takes a purge in. */
  void add(Entry.Purge purge) {
    if (purge.ending() != Ending.FAIL) {
      live.forEach(message -> purge(message, purge));
    }
  }

  /** Takes a change of a queue in. */
  void add(Entry.Queue change) {
    if (change.ending() == Ending.FAIL) {
      return;
    }
    live.forEach(
        message -> {
          if (change.change() == Entry.QueueChange.DELETED) {
            if (message.homeQueue() == change.queue() || message.lastQueue() == change.queue()) {
              message.setQueueMayBeGone();
              unlist(message);
            }
          } else {
            loosen(message, change);
          }
        });
  }

  /** Lets go of the messages whose stay ended before an instant. */
  void letGoBefore(long nowNs, Consumer<Timeline> gone) {
    while (!departures.isEmpty() && departures.firstNs() < nowNs) {
      long attempt = departures.removeFirst();
      Timeline timeline = live.get(attempt);
      // Without the end of its send the message stays: a send may outlast every stay, and must
      // still find it. So does one whose delete turned out to be unsure.
      if (timeline != null
          && timeline.sendOrNull() != null
          && timeline.confirmedDeleteNs() < nowNs - stayNs) {
        live.remove(attempt);
        unlist(timeline);
        states.set(attempt, AttemptStates.DELETED);
        gone.accept(timeline);
      }
    }
  }

  /** Lets go of everything; the history has ended. */
  void letGoOfAll(Consumer<Timeline> gone) {
    live.forEachInOrder(gone);
  }

  private void purge(Timeline message, Entry.Purge purge) {
    Entry.Send send = message.sendOrNull();
    boolean mayHaveBeenThere =
        message.homeQueue() == purge.queue()
            || message.lastQueue() == purge.queue()
            || (surroundings.isDeadLetterQueueOf(purge.queue(), message.homeQueue())
                && whereabouts.mayHaveMoved(message));
    if (!mayHaveBeenThere) {
      return;
    }
    long windowNs =
        purge.ending() == Ending.INFO
            ? surroundings.rules().graceNs()
            : surroundings.rules().purgeWindowNs();
    if (send != null && send.invokedNs() > purge.returnedNs() + windowNs) {
      return;
    }
    boolean surely =
        purge.ending() == Ending.OK
            && send != null
            && send.ending() == Ending.OK
            && send.returnedNs() < purge.invokedNs()
            && message.homeQueue() == purge.queue()
            && !surroundings.queue(message.homeQueue()).hasDeadLetters();
    if (surely) {
      message.setSurelyPurged(purge.returnedNs());
    } else {
      message.setMayBePurged();
    }
    unlist(message);
  }

  /** A receive that was under way while its queue was set may have had the new timeout. */
  private static void loosen(Timeline message, Entry.Queue change) {
    for (Receipt receipt : message.receipts()) {
      if (receipt.queue() == change.queue() && receipt.receivedNs() >= change.invokedNs()) {
        receipt.mayHaveHad(
            change.settings().visibilityMs() * 1_000_000L, message.leaseFromNs(receipt.polledNs()));
      }
    }
  }

  private void keep(Timeline timeline) {
    if (timeline.attempt() == Entry.NO_ATTEMPT || timeline.past() != Timeline.Past.NONE) {
      return;
    }
    live.put(timeline.attempt(), timeline);
    boolean mayBeThere =
        timeline.sendEnded(Ending.OK)
            && !timeline.mayBeDeleted()
            && !timeline.mayBePurged()
            && !timeline.queueMayBeGone();
    if (mayBeThere) {
      // It is listed where it was sent, wherever it was seen last: there its list is known.
      surroundings.queue(timeline.homeQueue()).touch(timeline);
    } else {
      unlist(timeline);
    }
  }

  private void unlist(@Nullable Timeline timeline) {
    if (timeline != null && timeline.listed) {
      surroundings.queue(timeline.homeQueue()).unlist(timeline);
    }
  }
}
