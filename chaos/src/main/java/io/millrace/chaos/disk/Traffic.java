package io.millrace.chaos.disk;

import io.millrace.chaos.disk.LabClient.Held;
import io.millrace.chaos.history.QueueSettings;
import io.millrace.engine.Engine;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/**
 * What the client of a trial does before the power goes: everything a standard queue offers, with a
 * dozen requests under way, in an order that the seed decides.
 */
final class Traffic {

  static final Duration VISIBILITY = Duration.ofSeconds(20);

  /** The longest lease and the longest delay; after so much skipped time everything is visible. */
  static final Duration LEASE_MAX = Duration.ofSeconds(60);

  private static final Duration DELAY_MAX = Duration.ofSeconds(10);
  private static final int RECEIVES_MAX = 2;
  private static final int OUTSTANDING_MAX = 12;
  private static final int BATCH_MAX = 10;

  private final Engine engine;
  private final LabClient client;
  private final CutChooser cuts;
  private final SplittableRandom random;
  private final List<CompletableFuture<?>> underWay = new ArrayList<>();
  private long moved;
  private long carried;

  Traffic(Engine engine, LabClient client, CutChooser cuts, SplittableRandom random) {
    this.engine = engine;
    this.client = client;
    this.cuts = cuts;
    this.random = random;
  }

  /** Makes the two queues. */
  static void createQueues(LabClient client) {
    QueueSettings settings = QueueSettings.DEFAULTS.withVisibility(VISIBILITY);
    LabClient.get(client.createQueue(LabClient.DEAD, settings));
    LabClient.get(
        client.createQueue(
            LabClient.ORDERS, settings.withDeadLetters(LabClient.DEAD, RECEIVES_MAX)));
  }

  /** Does so many things and returns when all are answered. */
  void drive(int steps) throws IOException {
    // A backlog that comes and goes: segments die, checkpoints drop them, the last are carried.
    for (int step = 0; step < steps; step++) {
      if (step == steps / 2) {
        receiveUnforced();
      }
      boolean draining = step % 100 >= 60;
      act(draining);
      while (underWay.size() >= OUTSTANDING_MAX) {
        LabClient.get(underWay.remove(0));
      }
      underWay.removeIf(CompletableFuture::isDone);
      look();
    }
    waitForAll();
  }

  /**
   * No lease runs but those of one receive, whose record waits for a force that nobody asks for.
   */
  private void receiveUnforced() throws IOException {
    waitForAll();
    client.skip(LEASE_MAX);
    LabClient.get(client.send(LabClient.ORDERS, Duration.ZERO));
    LabClient.get(client.receive(LabClient.ORDERS, BATCH_MAX, VISIBILITY));
    cuts.cut(Moment.RECEIVE, "after a receive");
  }

  private void waitForAll() {
    underWay.forEach(LabClient::get);
    underWay.clear();
  }

  /** Tells the chooser what only the engine's counters show. */
  private void look() {
    long nowMoved = engine.counters().movedToDeadLetter.get();
    long nowCarried = engine.counters().carriedForward.get();
    if (nowMoved > moved) {
      cuts.happened(Moment.DEAD_LETTER);
    } else if (nowCarried > carried) {
      cuts.happened(Moment.CARRY);
    }
    moved = nowMoved;
    carried = nowCarried;
  }

  private void act(boolean draining) throws IOException {
    int draw = random.nextInt(100);
    int sends = draining ? 12 : 40;
    if (draw < sends) {
      send();
    } else if (draw < 70) {
      underWay.add(
          client.receive(
              random.nextInt(8) == 0 ? LabClient.DEAD : LabClient.ORDERS,
              1 + random.nextInt(BATCH_MAX),
              random.nextInt(4) == 0 ? Duration.ofSeconds(2) : VISIBILITY));
    } else if (draw < 88) {
      delete(draining);
    } else if (draw < 92) {
      changeVisibility();
    } else if (draw < 94) {
      underWay.add(client.counts(random.nextBoolean() ? LabClient.ORDERS : LabClient.DEAD));
    } else if (draw < 97) {
      waitForAll();
      client.skip(Duration.ofSeconds(1 + random.nextInt((int) LEASE_MAX.toSeconds())));
    } else if (draw == 97 && random.nextInt(4) == 0) {
      underWay.add(client.purge(random.nextInt(4) == 0 ? LabClient.ORDERS : LabClient.DEAD));
    } else {
      cuts.at(Moment.TRAFFIC, "between two requests");
    }
  }

  private void send() {
    int draw = random.nextInt(8);
    if (draw == 0) {
      underWay.add(client.sendBatch(LabClient.ORDERS, 1 + random.nextInt(BATCH_MAX)));
    } else {
      Duration delay =
          draw == 1
              ? Duration.ofSeconds(1 + random.nextInt((int) DELAY_MAX.toSeconds()))
              : Duration.ZERO;
      underWay.add(client.send(LabClient.ORDERS, delay));
    }
  }

  private void delete(boolean draining) {
    List<Held> held = client.held();
    if (held.isEmpty()) {
      return;
    }
    if (draining || random.nextInt(4) == 0) {
      int queue = held.get(0).queue();
      List<Held> some = new ArrayList<>();
      for (int i = 0; i < held.size() && some.size() < BATCH_MAX; i++) {
        if (held.get(i).queue() == queue) {
          some.add(client.takeHeld(i - some.size(), false));
        }
      }
      underWay.add(client.deleteBatch(queue, some));
    } else {
      // One in eight receipts stays, to be used once more or when it is stale.
      int index = random.nextInt(held.size());
      underWay.add(client.delete(client.takeHeld(index, random.nextInt(8) == 0)));
    }
  }

  private void changeVisibility() {
    List<Held> held = client.held();
    if (!held.isEmpty()) {
      Duration visibility =
          Duration.ofSeconds(
              random.nextInt(3) == 0 ? 0 : random.nextInt((int) LEASE_MAX.toSeconds() + 1));
      underWay.add(
          client.changeVisibility(client.takeHeld(random.nextInt(held.size()), true), visibility));
    }
  }
}
