package io.millrace.chaos.disk;

import io.millrace.chaos.check.Finding;
import io.millrace.chaos.check.Judge;
import io.millrace.chaos.check.Judgement;
import io.millrace.chaos.check.Rules;
import io.millrace.chaos.disk.FaultResult.Ending;
import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import io.millrace.chaos.history.FaultKind;
import io.millrace.chaos.history.FaultPhase;
import io.millrace.chaos.history.Fingerprint;
import io.millrace.chaos.history.QueueSettings;
import io.millrace.chaos.history.Survival;
import io.millrace.chaos.load.OrderMessages;
import io.millrace.engine.Engine;
import io.millrace.engine.journal.FileStorage;
import io.millrace.engine.journal.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Disks that do not lose power and go wrong all the same: forces that fail, lie or are slow, a file
 * system without room, records whose bits flip, segments that are cut short.
 *
 * <p>One thread runs it; used once.
 */
public final class FaultTrial {

  private static final int BODY_BYTES = 1_000;
  private static final int MESSAGES = 400;
  private static final int IMAGES = 16;
  private static final int DISK_MEBIBYTES = 32;
  private static final int BALLAST_BYTES = 4 << 20;
  private static final int FILL_BODY_BYTES = 20_000;
  private static final int FILL_SENDS_MAX = 10_000;
  private static final int DAMAGED = 6;
  private static final Duration SLOW = Duration.ofMillis(20);
  private static final int SLOW_SENDS = 20;

  private final FaultKind kind;
  private final long seed;
  private final Path work;
  private final LabClock clock = LabClock.started();
  private final AtomicLong attempts = new AtomicLong();
  private final List<Entry> history = new ArrayList<>();
  private int session;

  private FaultTrial(FaultKind kind, long seed, Path work) {
    this.kind = kind;
    this.seed = seed;
    this.work = work;
    history.add(new Entry.Target(0, clock.elapsedNs(), "engine", Survival.POWER_LOSS));
  }

  /** The faults there are trials for. */
  public static List<FaultKind> kinds() {
    return List.of(
        FaultKind.FORCE_FAILED,
        FaultKind.FORCE_LOST,
        FaultKind.DISK_SLOW,
        FaultKind.DISK_FULL,
        FaultKind.BIT_FLIP,
        FaultKind.TRUNCATION);
  }

  /**
   * Runs the trial of one fault.
   *
   * @param kind one of {@link #kinds()}
   * @param seed of traffic and fault
   * @throws IOException if the machine's own file system fails
   */
  public static FaultResult run(FaultKind kind, long seed) throws IOException {
    Path work = Files.createTempDirectory("millrace-disk");
    try {
      return new FaultTrial(kind, seed, work).run();
    } finally {
      Trees.remove(work);
    }
  }

  private FaultResult run() throws IOException {
    return switch (kind) {
      case FORCE_FAILED -> forcesThatFail();
      case FORCE_LOST -> forcesThatLie();
      case DISK_SLOW -> forcesThatAreSlow();
      case DISK_FULL -> fullDisk();
      case BIT_FLIP, TRUNCATION -> damage();
      default -> throw new IllegalArgumentException("no trial of " + kind.label());
    };
  }

  private FaultResult result(Ending ending, long fired, String detail) {
    return new FaultResult(kind, ending, fired, detail);
  }

  private FaultResult invalid(long fired, String detail) {
    return result(Ending.INVALID, fired, detail);
  }

  // -------------------------------------------------------------------------------------- forces

  /**
   * From some force on every one fails. The engine may try again elsewhere once; then it must stop,
   * and what it acknowledged must be on the disk.
   */
  private FaultResult forcesThatFail() throws IOException {
    AtomicLong forces = new AtomicLong();
    AtomicLong failed = new AtomicLong();
    int healthy = 5 + new SplittableRandom(seed).nextInt(20);
    Device device =
        path -> {
          boolean fails = path.toString().endsWith(".cq4") && forces.incrementAndGet() > healthy;
          if (fails) {
            failed.incrementAndGet();
          }
          return fails ? Device.ForceFate.FAILS : Device.ForceFate.SUCCEEDS;
        };
    PowerLossResult images = images(device);
    if (failed.get() < 2) {
      return result(Ending.UNKNOWN, failed.get(), "no force was asked for after the first failure");
    }
    if (images.enginesBroken() < images.lives()) {
      return invalid(failed.get(), "an engine whose every force fails went on");
    }
    if (!images.failures().isEmpty()) {
      return invalid(failed.get(), DiskReport.line(images.failures().get(0)));
    }
    return result(
        Ending.VALID,
        failed.get(),
        "the engine stopped; %d disks of cuts around that hold all it acknowledged"
            .formatted(images.images()));
  }

  /** Nobody can survive a disk that lies; the checkers must see what it took. */
  private FaultResult forcesThatLie() throws IOException {
    AtomicLong lost = new AtomicLong();
    Device device =
        path -> {
          if (path.toString().endsWith(".cq4")) {
            lost.incrementAndGet();
            return Device.ForceFate.IS_LOST;
          }
          return Device.ForceFate.SUCCEEDS;
        };
    PowerLossResult images = images(device);
    long named = images.failures().stream().map(ImageFailure::evidence).distinct().count();
    return result(
        named > 0 ? Ending.VALID : Ending.UNKNOWN,
        lost.get(),
        "on a disk that lies, %d of %d images lacked what was acknowledged, and the checkers say so"
            .formatted(named, images.images()));
  }

  private PowerLossResult images(Device device) throws IOException {
    return PowerLossTrial.run(
        new PowerLossPlan(seed, IMAGES, CrashProfile.POSIX, work.resolve("evidence")),
        TrialSink.NONE,
        device);
  }

  private FaultResult forcesThatAreSlow() throws IOException {
    AtomicLong slow = new AtomicLong();
    Device device =
        path -> {
          slow.incrementAndGet();
          return Device.ForceFate.after(SLOW);
        };
    Path base = Files.createDirectory(work.resolve("slow"));
    try (RecordingStorage storage = new RecordingStorage(base, CrashProfile.POSIX, device, clock);
        Engine engine = LabEngine.open(base, storage, clock)) {
      LabClient client = client(engine, BODY_BYTES);
      Traffic.createQueues(client);
      for (int i = 0; i < SLOW_SENDS; i++) {
        Entry.Send send = LabClient.get(client.send(LabClient.ORDERS, Duration.ZERO));
        long tookNs = send.returnedNs() - send.invokedNs();
        if (tookNs < SLOW.toNanos()) {
          return invalid(
              slow.get(),
              "a send was acknowledged after %.3f ms, before its force".formatted(tookNs / 1e6));
        }
      }
      drain(client);
    }
    return judged(slow.get(), "every acknowledgement waited for its force of 20 ms");
  }

  // ---------------------------------------------------------------------------------------- full

  private FaultResult fullDisk() throws IOException {
    SmallDisk.Mounted mounted = SmallDisk.mount(work, DISK_MEBIBYTES);
    if (mounted instanceof SmallDisk.Refused refused) {
      return result(Ending.SKIPPED, 0, refused.reason());
    }
    try (SmallDisk disk = ((SmallDisk.Ready) mounted).disk()) {
      return fullDisk(disk.path());
    }
  }

  private FaultResult fullDisk(Path disk) throws IOException {
    Storage storage = new FileStorage();
    Path ballast = disk.resolve("ballast");
    Files.write(ballast, new byte[BALLAST_BYTES]);
    long refused = 0;
    try (Engine engine = LabEngine.open(disk, storage, clock)) {
      LabClient client = client(engine, FILL_BODY_BYTES);
      Traffic.createQueues(client);
      int sends = 0;
      while (refused == 0 && sends++ < FILL_SENDS_MAX) {
        refused += isOk(LabClient.get(client.send(LabClient.ORDERS, Duration.ZERO))) ? 0 : 1;
      }
      if (refused == 0) {
        return result(Ending.UNKNOWN, 0, "the disk never filled up");
      }
      fired(refused, disk);
      for (int i = 0; i < 5; i++) {
        Entry.Receive poll =
            LabClient.get(client.receive(LabClient.ORDERS, 10, Traffic.VISIBILITY));
        List<Entry.Delete> deletes =
            LabClient.get(client.deleteBatch(LabClient.ORDERS, client.take(handles(poll))));
        if (poll.deliveries().isEmpty() || !deletes.stream().allMatch(FaultTrial::isOk)) {
          return invalid(refused, "on a full disk a receive or a delete ended ill");
        }
      }
      if (engine.failure().isPresent()) {
        return invalid(refused, "the full disk broke the engine: " + engine.failure().get());
      }
    }
    try (Engine engine = LabEngine.open(disk, storage, clock)) {
      LabClient client = client(engine, FILL_BODY_BYTES);
      Files.delete(ballast);
      if (!isOk(LabClient.get(client.send(LabClient.ORDERS, Duration.ZERO)))) {
        return invalid(refused, "a send was refused though there was room again");
      }
      drain(client);
    }
    return judged(
        refused, "senders were refused, consumers served; with room again everything went on");
  }

  // -------------------------------------------------------------------------------------- damage

  private FaultResult damage() throws IOException {
    Path base = Files.createDirectory(work.resolve("damage"));
    try (Engine engine = LabEngine.open(base, new UnforcedStorage(), clock)) {
      LabClient client = client(engine, BODY_BYTES);
      Traffic.createQueues(client);
      for (int i = 0; i < MESSAGES; i++) {
        if (!isOk(LabClient.get(client.send(LabClient.ORDERS, Duration.ZERO)))) {
          return result(Ending.UNKNOWN, 0, "a send was refused");
        }
      }
    }
    SegmentDamage damage = new SegmentDamage(base, new SplittableRandom(seed));
    Set<Long> victims =
        kind == FaultKind.BIT_FLIP ? damage.flipBits(DAMAGED) : damage.cutASegment();
    fired(1, base);
    long named;
    try (Engine engine = LabEngine.open(base, new UnforcedStorage(), clock)) {
      drain(client(engine, BODY_BYTES));
      named = engine.counters().damaged.get();
      if (engine.failure().isPresent()) {
        return invalid(victims.size(), "the damage broke the engine: " + engine.failure().get());
      }
    }
    Set<Long> missing = missing();
    if (!missing.equals(victims)) {
      return invalid(victims.size(), "damaged were " + victims + ", and missing are " + missing);
    }
    if (named != victims.size()) {
      return invalid(
          victims.size(), "damaged were %d, named were %d".formatted(victims.size(), named));
    }
    return judged(
        victims.size(),
        "%d damaged messages were named, the other %d served"
            .formatted(victims.size(), MESSAGES - victims.size()));
  }

  private Set<Long> missing() {
    Set<Long> missing = new TreeSet<>();
    for (long attempt = 0; attempt < MESSAGES; attempt++) {
      missing.add(attempt);
    }
    for (Entry entry : history) {
      if (entry instanceof Entry.Receive poll) {
        poll.deliveries().forEach(delivery -> missing.remove(delivery.attempt()));
      }
    }
    return missing;
  }

  // ------------------------------------------------------------------------------------- judging

  private void fired(long times, Path where) {
    long nowNs = clock.elapsedNs();
    history.add(
        new Entry.Fault(
            0,
            nowNs,
            nowNs,
            0,
            kind,
            FaultPhase.FIRED,
            QueueSettings.NO_QUEUE,
            Fingerprint.NONE,
            String.valueOf(where.getFileName()),
            times + " times"));
  }

  private LabClient client(Engine engine, int bodyBytes) {
    session++;
    return new LabClient(
        engine, clock, session, new OrderMessages(seed, bodyBytes), attempts, history);
  }

  private static boolean isOk(Entry entry) {
    return entry.reason().isEmpty();
  }

  private static Set<Fingerprint> handles(Entry.Receive poll) {
    Set<Fingerprint> handles = new HashSet<>();
    poll.deliveries().stream().map(Delivery::handle).forEach(handles::add);
    return handles;
  }

  private void drain(LabClient client) {
    for (int round = 0; round < 2; round++) {
      Entry.Receive poll = LabClient.get(client.receive(LabClient.ORDERS, 10, Traffic.VISIBILITY));
      while (!poll.deliveries().isEmpty()) {
        LabClient.get(client.deleteBatch(LabClient.ORDERS, client.take(handles(poll))));
        poll = LabClient.get(client.receive(LabClient.ORDERS, 10, Traffic.VISIBILITY));
      }
      client.skip(Traffic.LEASE_MAX);
    }
    long nowNs = clock.elapsedNs();
    client.note(new Entry.Event(0, nowNs, nowNs, EventKind.DRAINED, ""));
  }

  private FaultResult judged(long fired, String detail) {
    history.sort(Comparator.comparingLong(Entry::returnedNs));
    Judgement judgement = Judge.judge(history, clock.origin(), Rules.STRICT);
    List<Finding> findings = judgement.findings();
    return findings.isEmpty()
        ? result(Ending.VALID, fired, detail)
        : invalid(fired, findings.get(0).invariant().label() + ": " + findings.get(0).sentence());
  }
}
