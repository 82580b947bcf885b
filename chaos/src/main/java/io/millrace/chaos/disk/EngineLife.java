package io.millrace.chaos.disk;

import io.millrace.chaos.disk.LabClient.Held;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.Survival;
import io.millrace.chaos.load.OrderMessages;
import io.millrace.engine.Engine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One engine from its first start to its end, under traffic, on storage that records; and the cuts
 * that were made meanwhile.
 *
 * @param clock the lab's time
 * @param messages what was sent
 * @param attempts how many sends there were
 * @param history everything that was asked and answered, in no order
 * @param held receipts nobody used
 * @param cuts the cuts
 * @param failure what broke the engine; empty if it was well to its end
 * @param forcesFailed forces that reported an error
 */
record EngineLife(
    LabClock clock,
    OrderMessages messages,
    long attempts,
    List<Entry> history,
    List<Held> held,
    List<Capture> cuts,
    Optional<Throwable> failure,
    long forcesFailed) {

  private static final int STEPS = 400;
  private static final int[] BODY_BYTES = {256, 700, 1_500, 6_000};

  /** Every fourth life has a device that fails one force in so many. */
  private static final int FORCES_TO_A_FAILURE = 15;

  EngineLife {
    history = List.copyOf(history);
    held = List.copyOf(held);
    cuts = List.copyOf(cuts);
  }

  /**
   * Lives a life.
   *
   * @param base an existing, empty directory
   * @param below what becomes of its forces, apart from those this life fails by itself
   * @throws IOException if the machine's own file system fails
   */
  static EngineLife live(long seed, CrashProfile profile, Device below, Path base)
      throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    LabClock clock = LabClock.started();
    OrderMessages messages = new OrderMessages(seed, BODY_BYTES[random.nextInt(BODY_BYTES.length)]);
    AtomicLong attempts = new AtomicLong();
    List<Entry> history = new ArrayList<>();
    history.add(new Entry.Target(0, clock.elapsedNs(), "engine", Survival.POWER_LOSS));
    boolean failing = random.nextInt(4) == 0;
    UnsteadyForces device = new UnsteadyForces(failing ? FORCES_TO_A_FAILURE : 0, random.split());
    try (RecordingStorage storage = new RecordingStorage(base, profile, below.or(device), clock)) {
      CutChooser chooser = new CutChooser(storage, random.split(), Moment.START);
      LabClient client;
      Optional<Throwable> failure;
      try (Engine engine = LabEngine.open(base, storage, clock)) {
        client = new LabClient(engine, clock, 1, messages, attempts, history);
        Traffic.createQueues(client);
        chooser.opened(client::outstandingBatches);
        device.begin();
        new Traffic(engine, client, chooser, random.split()).drive(STEPS);
        device.end();
        failure = engine.failure();
      }
      return new EngineLife(
          clock,
          messages,
          attempts.get(),
          history,
          client.held(),
          chooser.cuts(),
          failure,
          device.failed());
    }
  }
}
