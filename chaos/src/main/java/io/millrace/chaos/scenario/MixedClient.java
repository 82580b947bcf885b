package io.millrace.chaos.scenario;

import io.millrace.chaos.client.BatchItem;
import io.millrace.chaos.client.Caps;
import io.millrace.chaos.client.IncomingMessage;
import io.millrace.chaos.client.RecordedSession;
import io.millrace.chaos.client.RecordedSession.Parcel;
import io.millrace.chaos.client.RecordedSession.Poll;
import io.millrace.chaos.client.Recorder;
import io.millrace.chaos.client.VisibilityChange;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.load.OrderMessages;
import io.millrace.chaos.load.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/**
 * One client that does everything a client of a standard queue can do, in an order drawn from its
 * seed: sends with and without delay, alone and in batches; polls long and short, of the queue and
 * of its dead-letter queue; deletes what it remembers, also twice and also by receipts that are
 * long out of date; changes visibility; reads counts.
 *
 * <p>Belongs to one thread.
 */
final class MixedClient {

  /** Polls whose messages are remembered; of more, the oldest are left to their leases. */
  private static final int REMEMBERED = 30;

  /** After a request that was refused or not answered: a server that is down answers at once. */
  private static final Duration PAUSE_AFTER_TROUBLE = Duration.ofMillis(20);

  private static final int BATCH = 5;
  private static final int RECEIVE_MAX = 10;

  private final RecordedSession orders;
  private final RecordedSession dead;
  private final Caps caps;
  private final OrderMessages messages;
  private final LongSupplier attempts;
  private final Batches batches;
  private final Runnable onRefusedSend;
  private final Ticker ticker;
  private final SplittableRandom random;
  private final List<Poll> kept = new ArrayList<>();

  /**
   * A client.
   *
   * @param orders its session with the queue
   * @param dead its session with the queue's dead-letter queue
   * @param caps what the target has; what it lacks is not asked for
   * @param attempts numbers the run's send attempts
   * @param onRefusedSend told of every send that did not end well
   */
  MixedClient(
      RecordedSession orders,
      RecordedSession dead,
      Caps caps,
      OrderMessages messages,
      LongSupplier attempts,
      Batches batches,
      Runnable onRefusedSend,
      Ticker ticker,
      SplittableRandom random) {
    this.orders = orders;
    this.dead = dead;
    this.caps = caps;
    this.messages = messages;
    this.attempts = attempts;
    this.batches = batches;
    this.onRefusedSend = onRefusedSend;
    this.ticker = ticker;
    this.random = random;
  }

  /** Does one thing, and waits a while if it went wrong. */
  void step() {
    if (!act()) {
      ticker.pause(PAUSE_AFTER_TROUBLE);
    }
    if (kept.size() > REMEMBERED) {
      kept.remove(0);
    }
  }

  /** Pauses for a time with this mean. */
  void think(int meanMs) {
    if (meanMs > 0) {
      ticker.pause(Duration.ofNanos((long) (-Math.log(1 - random.nextDouble()) * meanMs * 1e6)));
    }
  }

  private boolean act() {
    int draw = random.nextInt(100);
    if (draw < 28) {
      return send(Duration.ZERO);
    } else if (draw < 32 && caps.has(Caps.Feature.DELAYS)) {
      return send(Duration.ofSeconds(1 + random.nextInt((int) LoadSetup.LONGEST.toSeconds())));
    } else if (draw < 40 && caps.has(Caps.Feature.BATCHES)) {
      return sendBatch();
    } else if (draw < 62) {
      return poll(random.nextInt(8) == 0 ? dead : orders);
    } else if (draw < 76) {
      return kept.isEmpty() || deleteOne();
    } else if (draw < 82 && caps.has(Caps.Feature.VISIBILITY)) {
      return kept.isEmpty() || changeVisibility();
    } else if (draw < 98 && caps.has(Caps.Feature.BATCHES)) {
      return kept.isEmpty() || deleteAll();
    } else if (caps.has(Caps.Feature.COUNTS)) {
      return well((random.nextBoolean() ? orders : dead).counts());
    }
    return true;
  }

  private boolean send(Duration delay) {
    long attempt = attempts.getAsLong();
    var message = messages.message(attempt, attempt);
    return sent(
        well(
            orders.send(
                delay.isZero() ? message : message.withDelay(delay),
                attempt,
                attempt,
                ticker.nowNs())));
  }

  private boolean sendBatch() {
    List<Parcel> parcels = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      long attempt = attempts.getAsLong();
      parcels.add(new Parcel(messages.message(attempt, attempt), attempt, attempt, ticker.nowNs()));
    }
    return sent(well(batches.during(() -> orders.sendBatch(BatchItem.numbered(parcels)))));
  }

  private boolean sent(boolean well) {
    if (!well) {
      onRefusedSend.run();
    }
    return well;
  }

  private boolean poll(RecordedSession session) {
    Poll poll =
        session.receive(
            1 + random.nextInt(RECEIVE_MAX),
            Duration.ofSeconds(random.nextInt(20) / 19),
            LoadSetup.VISIBILITY,
            messages::read);
    if (!poll.messages().isEmpty()) {
      kept.add(poll);
    }
    return well(poll.entry());
  }

  private boolean deleteOne() {
    Poll poll = any();
    int index = random.nextInt(poll.messages().size());
    return well(
        sessionOf(poll).delete(poll.messages().get(index).receiptHandle(), claim(poll, index)));
  }

  private boolean deleteAll() {
    Poll poll = any();
    List<String> handles = poll.messages().stream().map(IncomingMessage::receiptHandle).toList();
    List<Recorder.Claim> claims =
        poll.entry().deliveries().stream().map(Recorder.Claim::of).toList();
    return well(
        batches.during(() -> sessionOf(poll).deleteBatch(BatchItem.numbered(handles), claims)));
  }

  private boolean changeVisibility() {
    Poll poll = any();
    int index = random.nextInt(poll.messages().size());
    Duration visibility =
        Duration.ofSeconds(random.nextInt((int) LoadSetup.LONGEST.toSeconds() + 1));
    return well(
        sessionOf(poll)
            .changeVisibility(
                new VisibilityChange(poll.messages().get(index).receiptHandle(), visibility),
                claim(poll, index)));
  }

  private Poll any() {
    return kept.get(random.nextInt(kept.size()));
  }

  private RecordedSession sessionOf(Poll poll) {
    return poll.entry().queue() == QueuePair.DEAD ? dead : orders;
  }

  private static Recorder.Claim claim(Poll poll, int index) {
    return Recorder.Claim.of(poll.entry().deliveries().get(index));
  }

  private static boolean well(Entry entry) {
    return entry.ending() == Ending.OK;
  }

  private static boolean well(List<? extends Entry> entries) {
    return entries.stream().allMatch(MixedClient::well);
  }
}
