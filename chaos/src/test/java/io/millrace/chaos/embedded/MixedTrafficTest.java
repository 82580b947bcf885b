package io.millrace.chaos.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.chaos.check.Evidence;
import io.millrace.chaos.check.Finding;
import io.millrace.chaos.check.Judge;
import io.millrace.chaos.check.Judgement;
import io.millrace.chaos.check.Rules;
import io.millrace.chaos.client.BatchItem;
import io.millrace.chaos.client.Caps;
import io.millrace.chaos.client.InFlight;
import io.millrace.chaos.client.QueueRegister;
import io.millrace.chaos.client.RecordedSession;
import io.millrace.chaos.client.RecordedSession.Poll;
import io.millrace.chaos.client.Recorder;
import io.millrace.chaos.client.VisibilityChange;
import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import io.millrace.chaos.history.MemoryHistory;
import io.millrace.chaos.history.Origin;
import io.millrace.chaos.history.QueueSettings;
import io.millrace.chaos.history.Survival;
import io.millrace.chaos.load.OrderMessages;
import io.millrace.engine.Engine;
import io.millrace.engine.EngineConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several clients do everything at once to the real engine, with leases short enough to end; a
 * judge that accuses it of anything is wrong, or the engine is.
 */
class MixedTrafficTest {

  private static final int CLIENTS = 4;
  private static final int OPERATIONS = 100;
  private static final Duration VISIBILITY = Duration.ofSeconds(1);
  private static final int REMEMBERED = 30;

  private final Origin origin = Origin.now();
  private final OrderMessages messages = new OrderMessages(5, 256);
  private final AtomicLong attempts = new AtomicLong();
  private final long seed = System.nanoTime();

  @TempDir private Path directory = Path.of("unset");

  /** A client of both queues with its own log. */
  private record Client(RecordedSession orders, RecordedSession dead, MemoryHistory log) {}

  @Test
  void clientsThatDoEverythingAtOnceFindTheEngineLegal()
      throws IOException, InterruptedException, ExecutionException {
    List<Entry> entries = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try (Engine engine = Engine.open(EngineConfig.at(directory));
        EmbeddedTarget target =
            new EmbeddedTarget(
                engine, Caps.everything("embedded", Survival.POWER_LOSS), Duration.ofSeconds(30))) {
      MemoryHistory events = new MemoryHistory();
      QueueRegister register = new QueueRegister(target, 0, events, origin);
      QueueRegister.Numbered dead =
          register.create("dead", QueueSettings.DEFAULTS.withVisibility(VISIBILITY));
      QueueRegister.Numbered orders =
          register.create(
              "orders", QueueSettings.DEFAULTS.withVisibility(VISIBILITY).withDeadLetters(0, 3));
      List<Client> clients = new ArrayList<>();
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        MemoryHistory log = new MemoryHistory();
        Recorder recorder = new Recorder(i + 1, log);
        Client client =
            new Client(open(target, recorder, orders), open(target, recorder, dead), log);
        clients.add(client);
        Random random = new Random(seed + i);
        running.add(threads.submit(() -> work(client, random)));
      }
      for (Future<?> each : running) {
        each.get();
      }
      drain(clients.get(0));
      long nowNs = origin.elapsedNs();
      events.append(new Entry.Event(0, nowNs, nowNs, EventKind.DRAINED, ""));
      entries.addAll(events.entries());
      clients.forEach(client -> entries.addAll(client.log().entries()));
    } finally {
      threads.shutdownNow();
    }
    entries.sort(Comparator.comparingLong(Entry::returnedNs));

    Judgement judgement = Judge.judge(entries, origin, Rules.STRICT);

    Set<Long> accused =
        judgement.findings().stream().map(Finding::attempt).collect(Collectors.toSet());
    assertThat(judgement.findings())
        .as("seed %d%n%s", seed, Evidence.gather(entries, accused))
        .isEmpty();
    assertThat(judgement.lost()).isZero();
    assertThat(judgement.census().distinct()).isGreaterThan(CLIENTS * OPERATIONS / 20);
  }

  private RecordedSession open(
      EmbeddedTarget target, Recorder recorder, QueueRegister.Numbered queue) {
    return new RecordedSession(
        recorder,
        target.session(queue.name()),
        queue.number(),
        queue.settings(),
        origin,
        new InFlight());
  }

  private void work(Client client, Random random) {
    List<Poll> kept = new ArrayList<>();
    for (int i = 0; i < OPERATIONS; i++) {
      step(client, kept, random);
      if (kept.size() > REMEMBERED) {
        kept.remove(0);
      }
    }
  }

  private void step(Client client, List<Poll> kept, Random random) {
    RecordedSession orders = client.orders();
    int draw = random.nextInt(100);
    if (draw < 30) {
      long attempt = attempts.getAndIncrement();
      orders.send(messages.message(attempt, attempt), attempt, attempt, 0);
    } else if (draw < 35) {
      long attempt = attempts.getAndIncrement();
      Duration delay = Duration.ofSeconds(1 + random.nextInt(2));
      orders.send(messages.message(attempt, attempt).withDelay(delay), attempt, attempt, 0);
    } else if (draw < 60) {
      Poll poll = poll(random.nextInt(8) == 0 ? client.dead() : orders, random.nextInt(20) / 19);
      if (!poll.messages().isEmpty()) {
        kept.add(poll);
      }
    } else if (draw < 80) {
      withOne(kept, random, (poll, index) -> delete(client, poll, index));
    } else if (draw < 88) {
      Duration visibility = Duration.ofSeconds(random.nextInt(3));
      withOne(
          kept,
          random,
          (poll, index) ->
              sessionOf(client, poll)
                  .changeVisibility(
                      new VisibilityChange(poll.messages().get(index).receiptHandle(), visibility),
                      claim(poll, index)));
    } else if (draw < 92) {
      withOne(kept, random, (poll, index) -> deleteAll(client, poll));
    } else if (draw < 99) {
      (random.nextBoolean() ? orders : client.dead()).counts();
    } else if (random.nextInt(4) == 0) {
      orders.purge();
    }
  }

  private interface Use {
    void of(Poll poll, int index);
  }

  private static void withOne(List<Poll> kept, Random random, Use use) {
    if (!kept.isEmpty()) {
      Poll poll = kept.get(random.nextInt(kept.size()));
      use.of(poll, random.nextInt(poll.messages().size()));
    }
  }

  private static void delete(Client client, Poll poll, int index) {
    sessionOf(client, poll).delete(poll.messages().get(index).receiptHandle(), claim(poll, index));
  }

  private static void deleteAll(Client client, Poll poll) {
    sessionOf(client, poll)
        .deleteBatch(
            BatchItem.numbered(
                poll.messages().stream().map(message -> message.receiptHandle()).toList()),
            poll.entry().deliveries().stream().map(Recorder.Claim::of).toList());
  }

  private static RecordedSession sessionOf(Client client, Poll poll) {
    return poll.entry().queue() == 0 ? client.dead() : client.orders();
  }

  private static Recorder.Claim claim(Poll poll, int index) {
    Delivery delivery = poll.entry().deliveries().get(index);
    return Recorder.Claim.of(delivery);
  }

  private Poll poll(RecordedSession session, int waitSeconds) {
    return session.receive(10, Duration.ofSeconds(waitSeconds), VISIBILITY, messages::read);
  }

  /** Until both queues stay empty for longer than a delay, a lease and the liveness together. */
  private void drain(Client client) {
    int emptyRounds = 0;
    while (emptyRounds < 2) {
      Poll fromOrders = poll(client.orders(), 2);
      Poll fromDead = poll(client.dead(), 1);
      for (Poll poll : List.of(fromOrders, fromDead)) {
        if (!poll.messages().isEmpty()) {
          sessionOf(client, poll).delete(poll);
        }
      }
      boolean empty = fromOrders.messages().isEmpty() && fromDead.messages().isEmpty();
      emptyRounds = empty ? emptyRounds + 1 : 0;
    }
  }
}
