package io.millrace.chaos.scenario;

import io.millrace.chaos.client.Caps;
import io.millrace.chaos.client.InFlight;
import io.millrace.chaos.client.RecordedSession;
import io.millrace.chaos.client.RecordedSession.Poll;
import io.millrace.chaos.client.Recorder;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.HistoryWriter;
import io.millrace.chaos.history.Origin;
import io.millrace.chaos.load.LoadThreads;
import io.millrace.chaos.load.OrderMessages;
import io.millrace.chaos.load.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The clients of a run, each with a thread, a log and a seed of its own; and after them one that
 * empties the queues. Started, stopped and drained by one thread.
 */
final class MixedLoad {

  /** How long a drain may take beyond a lease, whatever was left. */
  private static final Duration DRAIN_MAX = Duration.ofSeconds(60);

  private static final Duration POLL_WAIT = Duration.ofSeconds(1);
  private static final Duration PAUSE_AFTER_TROUBLE = Duration.ofMillis(50);
  private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(60);
  private static final int RECEIVE_MAX = 10;

  private final LoadSetup setup;
  private final QueuePair queues;
  private final OrderMessages messages;
  private final Origin origin;
  private final Ticker ticker;
  private final InFlight inFlight = new InFlight();
  private final Batches batches = new Batches();
  private final AtomicLong attempts = new AtomicLong();
  private final AtomicLong refusedSends = new AtomicLong();
  private final List<MixedClient> clients = new ArrayList<>();
  private volatile boolean stopped;

  /**
   * A load that has not begun.
   *
   * @param logs one for each client
   * @param firstSession the number of the first of them
   */
  MixedLoad(
      LoadSetup setup,
      QueuePair queues,
      Origin origin,
      Ticker ticker,
      SplittableRandom random,
      List<HistoryWriter> logs,
      int firstSession) {
    this.setup = setup;
    this.queues = queues;
    this.messages = new OrderMessages(random.nextLong(), setup.bodyBytes());
    this.origin = origin;
    this.ticker = ticker;
    for (int i = 0; i < logs.size(); i++) {
      Recorder recorder = new Recorder(firstSession + i, logs.get(i));
      clients.add(
          new MixedClient(
              queues.orders(recorder, origin, inFlight),
              queues.dead(recorder, origin, inFlight),
              queues.target().caps(),
              messages,
              attempts::getAndIncrement,
              batches,
              refusedSends::incrementAndGet,
              ticker,
              random.split()));
    }
  }

  /** Starts the clients; they end after {@link #stop}. */
  LoadThreads start() {
    return LoadThreads.start("client", clients, this::work);
  }

  private void work(MixedClient client) {
    while (!stopped) {
      client.step();
      client.think(setup.pauseMs());
    }
  }

  /**
   * Ends the clients after what they are at.
   *
   * @throws IOException if one had died of an error, or does not end
   */
  void stop(LoadThreads running) throws IOException {
    stopped = true;
    running.join(JOIN_TIMEOUT);
  }

  /** What has no answer yet. */
  InFlight inFlight() {
    return inFlight;
  }

  /** The batch requests. */
  Batches batches() {
    return batches;
  }

  /** Sends so far that did not end well. */
  long refusedSends() {
    return refusedSends.get();
  }

  /** Send attempts so far. */
  long attempts() {
    return attempts.get();
  }

  /**
   * Receives and deletes until both queues stayed empty for longer than whatever was hidden can
   * stay hidden; then reads the counts.
   *
   * @param liveness how long after that a message may take to come
   * @return false if that did not come about in time
   */
  boolean drain(HistoryWriter log, int session, Duration liveness) {
    Recorder recorder = new Recorder(session, log);
    List<RecordedSession> sessions =
        List.of(queues.orders(recorder, origin, inFlight), queues.dead(recorder, origin, inFlight));
    long quietNs = LoadSetup.LONGEST.plus(liveness).toNanos();
    long deadlineNs = ticker.nowNs() + quietNs + DRAIN_MAX.toNanos();
    long emptySinceNs = ticker.nowNs();
    boolean drained = false;
    while (!drained && ticker.nowNs() < deadlineNs) {
      for (RecordedSession each : sessions) {
        while (!isEmpty(each) && ticker.nowNs() < deadlineNs) {
          emptySinceNs = ticker.nowNs();
        }
      }
      drained = ticker.nowNs() - emptySinceNs > quietNs;
    }
    if (queues.target().caps().has(Caps.Feature.COUNTS)) {
      sessions.forEach(RecordedSession::counts);
    }
    return drained;
  }

  private boolean isEmpty(RecordedSession session) {
    Poll poll = session.receive(RECEIVE_MAX, POLL_WAIT, LoadSetup.VISIBILITY, messages::read);
    if (poll.entry().ending() != Ending.OK) {
      ticker.pause(PAUSE_AFTER_TROUBLE);
      return false;
    }
    if (!poll.messages().isEmpty()) {
      session.delete(poll);
    }
    return poll.messages().isEmpty();
  }
}
