package io.millrace.chaos.figures;

import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Puts each message's way together from the entries of a history. Memory: the messages under way,
 * and one bit for each that has arrived.
 */
final class Passages {

  private record Arrival(long polledNs, long receivedNs) {}

  private final Consumer<Passage> ready;
  private final Map<Long, Entry.Send> sent = new HashMap<>();
  private final Map<Long, Arrival> early = new HashMap<>();
  private final BitSet arrived = new BitSet();

  /**
   * Nothing under way.
   *
   * @param ready told of each message once its way is known
   */
  Passages(Consumer<Passage> ready) {
    this.ready = ready;
  }

  /** The next entry, in the order of completion. */
  void take(Entry entry) {
    if (entry instanceof Entry.Send send && send.ending() != Ending.FAIL) {
      Arrival arrival = early.remove(send.attempt());
      if (arrival == null) {
        sent.put(send.attempt(), send);
      } else {
        ready.accept(new Passage(send, arrival.polledNs(), arrival.receivedNs()));
      }
    } else if (entry instanceof Entry.Receive poll) {
      for (Delivery delivery : poll.deliveries()) {
        arrive(poll, delivery.attempt());
      }
    }
  }

  /** The history has ended: what is still under way never arrived. */
  void finish() {
    sent.values().forEach(send -> ready.accept(new Passage(send, Passage.NEVER, Passage.NEVER)));
    sent.clear();
  }

  private void arrive(Entry.Receive poll, long attempt) {
    if (attempt < 0 || attempt > Integer.MAX_VALUE || arrived.get((int) attempt)) {
      return;
    }
    arrived.set((int) attempt);
    Entry.Send send = sent.remove(attempt);
    if (send == null) {
      early.put(attempt, new Arrival(poll.invokedNs(), poll.returnedNs()));
    } else {
      ready.accept(new Passage(send, poll.invokedNs(), poll.returnedNs()));
    }
  }
}
