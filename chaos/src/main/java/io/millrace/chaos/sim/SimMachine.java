package io.millrace.chaos.sim;

import io.millrace.chaos.check.RareStates;
import io.millrace.chaos.history.Survival;
import io.millrace.engine.Time;
import io.millrace.engine.journal.MemoryJournal;
import io.millrace.engine.shard.Durability;
import io.millrace.engine.shard.ShardConfig;
import io.millrace.engine.shard.ShardCounters;
import io.millrace.engine.shard.ShardObserver;
import io.millrace.engine.shard.ShardRuntime;
import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.Limits;
import io.millrace.engine.sqs.QueueService;
import io.millrace.engine.sqs.ReceiptSeal;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;

/**
 * The machine under test: the real shard, started again and again over what its deaths left on the
 * simulated disk, and turned by hand. Its flusher and its background work are steps too.
 */
final class SimMachine {

  private static final int PENDING_BYTES_MAX = 64 << 20;
  private static final int CARRY_BYTES_PER_SECOND = 1 << 20;

  private final Plan plan;
  private final SimWorld world;
  private final SimClock clock;
  private final RareStates rareStates;
  private final SimJournal.Disk disk;
  private final Path directory;
  private final CrashFuse fuse = new CrashFuse();
  private final SimStorage storage = new SimStorage(fuse);
  private final MessagePlaces places = new MessagePlaces();
  private final CRC32C journalSum = new CRC32C();
  private final ArrayDeque<Runnable> background = new ArrayDeque<>();

  private MemoryJournal medium;
  private SimJournal journal;
  private ShardCounters counters = new ShardCounters();
  private ShardRuntime shard;
  private QueueService service;
  private Time time;
  private int start;
  private long lastNowMs;
  private long forcesHeldUntilNs;
  private boolean forceWasHeld;
  private long namedDamage;

  /** A machine that has just been started for the first time. */
  SimMachine(
      Plan plan,
      SimWorld world,
      SimClock clock,
      RareStates rareStates,
      SimJournal.Disk disk,
      Path directory)
      throws IOException {
    this.plan = plan;
    this.world = world;
    this.clock = clock;
    this.rareStates = rareStates;
    this.disk = disk;
    this.directory = directory;
    this.medium = new MemoryJournal(plan.segmentBytes(), Long.MAX_VALUE, 0);
    this.journal = over(medium);
    this.shard = recovered();
    this.service = world.service(shard::submit);
    this.time = Time.slewed(shard.recoveredNowMs(), clock::wallMs, clock::nowNs);
  }

  CrashFuse fuse() {
    return fuse;
  }

  SimJournal journal() {
    return journal;
  }

  MessagePlaces places() {
    return places;
  }

  /** The checksum over every record appended, in all starts. */
  long journalSum() {
    return journalSum.getValue();
  }

  /** How many damaged records the engine has named, in all starts. */
  long namedDamage() {
    return namedDamage + counters.damaged.get() + counters.recoveryQuarantined.get();
  }

  /** How many times it was started. */
  int starts() {
    return start;
  }

  /** Whether a queue had as many messages in flight as it may when the shard last counted. */
  boolean isAtInFlightCap(String queue) {
    return counters.queues().stream()
        .anyMatch(each -> each.name.equals(queue) && each.inFlight.get() >= Plan.IN_FLIGHT_MAX);
  }

  CompletableFuture<Reply> submit(Request request) {
    return service.submit(request);
  }

  // ------------------------------------------------------------------------------------- turning

  /** Turns everything once; background work is done as far as it is drawn. */
  void turn(SplittableRandom draws) {
    lastNowMs = Math.max(lastNowMs, world.nowMs(time.nowMs()));
    shard.turnShard(lastNowMs);
    if (clock.nowNs() >= forcesHeldUntilNs) {
      shard.turnFlusher();
    } else {
      forceWasHeld |= journal.unforcedBytes() > 0;
    }
    for (int tasks = draws.nextInt(3); tasks > 0 && !background.isEmpty(); tasks--) {
      background.remove().run();
    }
  }

  /** How long until the shard must turn again, in ms; at least 1. */
  long restMs() {
    return Math.max(1, shard.nextDeadlineMs() - lastNowMs);
  }

  /** Holds every force until an instant. */
  void holdForces(long untilNs) {
    forcesHeldUntilNs = untilNs;
    forceWasHeld = false;
  }

  boolean forceWasHeld() {
    return forceWasHeld;
  }

  // -------------------------------------------------------------------------- dying and starting

  /** It dies; what is on the disk afterwards is what it may find when it starts. */
  void die(boolean powerCut, Step.Tail tail, SplittableRandom draws) {
    background.clear();
    forcesHeldUntilNs = 0;
    namedDamage += counters.damaged.get() + counters.recoveryQuarantined.get();
    counters = new ShardCounters();
    if (!powerCut) {
      medium = medium.reopen();
      return;
    }
    long unforced = medium.unforcedBytes();
    List<Long> records = journal.unforcedPositions();
    MemoryJournal left =
        medium.crash(
            switch (tail) {
              case NOTHING -> 0;
              case ALL, FLIPPED -> unforced;
              case PART -> draws.nextLong(unforced + 1);
            });
    if (tail == Step.Tail.FLIPPED && !records.isEmpty()) {
      left.flip(records.get(draws.nextInt(records.size())), draws.nextInt(1 << 16));
    }
    medium = left;
    storage.powerCut(draws);
  }

  /**
   * Starts it. A crash on the way leaves it dead, to be started again.
   *
   * @throws IOException if it finds that it cannot recover
   */
  void startAgain() throws IOException {
    journal = over(medium);
    shard = recovered();
    places.cutAt(journal.tailPosition());
    service = world.service(shard::submit);
    time = Time.slewed(shard.recoveredNowMs(), clock::wallMs, clock::nowNs);
    lastNowMs = Math.max(0, shard.recoveredNowMs());
  }

  private SimJournal over(MemoryJournal onDisk) {
    return new SimJournal(onDisk, fuse, journalSum, rareStates, places, disk);
  }

  private ShardRuntime recovered() throws IOException {
    start++;
    storage.recovering(true);
    ShardConfig config =
        new ShardConfig(
            plan.survival() == Survival.POWER_LOSS
                ? Durability.POWER_LOSS
                : Durability.PROCESS_CRASH,
            Limits.CURRENT.withInFlightMax(Plan.IN_FLIGHT_MAX),
            "us-east-1",
            Caller.DEFAULT_ACCOUNT,
            PENDING_BYTES_MAX,
            plan.checkpointBytes(),
            CARRY_BYTES_PER_SECOND,
            // One queue a turn, or all at once: what lies between would hang on the real clock.
            start % 2 == 0 ? 0 : Long.MAX_VALUE);
    ShardRuntime opened =
        ShardRuntime.open(
            world.config(config),
            directory,
            world.journal(journal),
            world.storage(storage),
            new ReceiptSeal(1, new byte[ReceiptSeal.KEY_BYTES]),
            start,
            counters,
            ShardObserver.NONE,
            new SplittableRandom(Plan.mix(plan.seed() ^ (long) start << 32)),
            background::add,
            Runnable::run);
    storage.recovering(false);
    return opened;
  }
}
