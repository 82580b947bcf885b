package io.millrace.chaos.scenario;

import io.millrace.chaos.client.Caps;
import io.millrace.chaos.client.InFlight;
import io.millrace.chaos.client.Outcome;
import io.millrace.chaos.client.QueueRegister;
import io.millrace.chaos.client.RecordedSession;
import io.millrace.chaos.client.Recorder;
import io.millrace.chaos.client.Target;
import io.millrace.chaos.history.HistorySink;
import io.millrace.chaos.history.Origin;
import io.millrace.chaos.history.QueueSettings;
import java.io.IOException;
import java.util.Map;

/**
 * The two queues of a run, on one target: one for orders, one for its dead letters.
 *
 * @param target where they are
 * @param dead the dead-letter queue
 * @param orders the queue
 */
record QueuePair(Target target, QueueRegister.Numbered dead, QueueRegister.Numbered orders) {

  /** The dead-letter queue's number: it is made first. */
  static final int DEAD = 0;

  /**
   * Makes them, under names of their own on an endpoint that others use too.
   *
   * @param suffix of the names
   * @param log the events'
   * @throws IOException if the target refuses one
   */
  static QueuePair make(Target target, String suffix, HistorySink log, Origin origin)
      throws IOException {
    QueueRegister register = new QueueRegister(target, 0, log, origin);
    QueueSettings settings = QueueSettings.DEFAULTS.withVisibility(LoadSetup.VISIBILITY);
    QueueRegister.Numbered dead = made(register.create("dead" + suffix, settings));
    boolean moves = target.caps().has(Caps.Feature.DEAD_LETTERS);
    QueueRegister.Numbered orders =
        made(
            register.create(
                "orders" + suffix,
                moves
                    ? settings.withDeadLetters(dead.number(), LoadSetup.RECEIVES_MAX)
                    : settings));
    return new QueuePair(target, dead, orders);
  }

  /** Their numbers by name. */
  Map<String, Integer> numbers() {
    return Map.of(dead.name(), dead.number(), orders.name(), orders.number());
  }

  /** A recorded session with the queue of orders. */
  RecordedSession orders(Recorder recorder, Origin origin, InFlight inFlight) {
    return session(orders, recorder, origin, inFlight);
  }

  /** A recorded session with the dead-letter queue. */
  RecordedSession dead(Recorder recorder, Origin origin, InFlight inFlight) {
    return session(dead, recorder, origin, inFlight);
  }

  private RecordedSession session(
      QueueRegister.Numbered queue, Recorder recorder, Origin origin, InFlight inFlight) {
    return new RecordedSession(
        recorder, target.session(queue.name()), queue.number(), queue.settings(), origin, inFlight);
  }

  private static QueueRegister.Numbered made(QueueRegister.Numbered queue) throws IOException {
    if (queue.outcome() instanceof Outcome.Ok) {
      return queue;
    }
    throw new IOException(
        "the target does not make queue " + queue.name() + ": " + queue.outcome().code());
  }
}
