package io.millrace.chaos.disk;

import io.millrace.chaos.check.Invariant;
import io.millrace.chaos.check.InvariantVerdict;
import io.millrace.chaos.check.Judge;
import io.millrace.chaos.check.Judgement;
import io.millrace.chaos.check.Rules;
import io.millrace.chaos.check.Verdict;
import io.millrace.chaos.disk.ImageFailure.Kind;
import io.millrace.chaos.disk.LabClient.Held;
import io.millrace.chaos.history.Delivery;
import io.millrace.chaos.history.Ending;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import io.millrace.chaos.history.FaultKind;
import io.millrace.chaos.history.FaultPhase;
import io.millrace.chaos.history.Fingerprint;
import io.millrace.chaos.history.QueueSettings;
import io.millrace.chaos.load.OrderMessages;
import io.millrace.engine.Engine;
import io.millrace.engine.journal.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One image: drawn, opened, used a little, in a third of all cases cut again, in half of them
 * started once more, then drained to the last message; and the whole history judged. Used once.
 */
final class ImageTrial {

  private static final Duration REBOOT = Duration.ofSeconds(1);
  private static final int FRESH_SENDS = 3;
  private static final int OLD_RECEIPTS = 3;
  private static final int RECEIVE_MAX = 10;

  /** Polls of one drain; queues that are not empty by then never will be. */
  private static final int POLLS_MAX = 2_000;

  private final CrashProfile profile;
  private final OrderMessages messages;
  private final LabClock livingClock;
  private final SplittableRandom random;
  private final Path base;
  private final AtomicLong attempts;
  private final List<Moment> moments = new ArrayList<>();
  private final List<ImageResult.Wrong> wrong = new ArrayList<>();
  private final Set<RareSight> states = EnumSet.noneOf(RareSight.class);
  private List<Entry> history = new ArrayList<>();
  private List<Held> held;

  /** The session used last; the life's own client is the first. */
  private int session = 1;

  /**
   * A trial.
   *
   * @param life the engine's life that was cut
   * @param profile what the file system promised
   * @param seed draws the image and everything after
   * @param base an existing, empty directory
   */
  ImageTrial(EngineLife life, CrashProfile profile, long seed, Path base) {
    this.profile = profile;
    this.messages = life.messages();
    this.livingClock = life.clock();
    this.attempts = new AtomicLong(life.attempts());
    this.held = life.held();
    this.random = new SplittableRandom(seed);
    this.base = base;
  }

  /** The engine could not do what it must after a cut. */
  private static final class WedgedException extends Exception {

    private static final long serialVersionUID = 1L;

    WedgedException(String message) {
      super(message);
    }
  }

  /** Draws the image of a cut and sees what becomes of it. */
  ImageResult run(Capture cut, List<Entry> whole, PageStrategy strategy) throws IOException {
    CrashImage.Drawn drawn = CrashImage.write(cut, strategy, profile, random.split(), base);
    LabClock clock = begin(cut, whole);
    try {
      if (random.nextInt(3) == 0) {
        Path second = Files.createDirectory(base.resolveSibling(base.getFileName() + "-again"));
        try {
          Capture again = cutAgain(clock);
          drawn = CrashImage.write(again, strategy, profile, random.split(), second);
          clock = begin(again, history);
          finish(second, clock);
        } finally {
          Trees.remove(second);
        }
      } else {
        finish(base, clock);
      }
    } catch (WedgedException e) {
      wrong.add(new ImageResult.Wrong(Kind.WEDGED, String.valueOf(e.getMessage())));
    }
    history.sort(Comparator.comparingLong(Entry::returnedNs));
    Optional<Judgement> judgement = Optional.empty();
    if (wrong.isEmpty()) {
      Judgement judged = Judge.judge(history, livingClock.origin(), Rules.STRICT);
      accuse(judged);
      judgement = Optional.of(judged);
    }
    return result(drawn, judgement);
  }

  /** Takes over what was known when the power went, and returns a clock that stands after it. */
  private LabClock begin(Capture cut, List<Entry> whole) {
    moments.add(cut.moment());
    sight(cut.moment());
    history = new ArrayList<>(PartialHistory.until(cut, whole));
    String what = cut.moment().label() + ": " + cut.what();
    history.add(
        new Entry.Fault(
            0,
            cut.fromNs(),
            cut.toNs(),
            moments.size(),
            FaultKind.POWER_CUT,
            FaultPhase.FIRED,
            QueueSettings.NO_QUEUE,
            Fingerprint.NONE,
            "disk",
            what));
    history.add(new Entry.Event(0, cut.fromNs(), cut.toNs(), EventKind.POWER_CUT, what));
    Set<Fingerprint> known = new HashSet<>();
    for (Entry entry : history) {
      if (entry instanceof Entry.Receive poll) {
        poll.deliveries().forEach(delivery -> known.add(delivery.handle()));
      }
    }
    held = held.stream().filter(each -> known.contains(each.delivery().handle())).toList();
    return livingClock.at(cut.toNs() + REBOOT.toNanos());
  }

  private void sight(Moment moment) {
    switch (moment) {
      case ROLL -> states.add(RareSight.CUT_DURING_ROLL);
      case CHECKPOINT -> states.add(RareSight.CUT_DURING_CHECKPOINT);
      case RECOVERY -> states.add(RareSight.CUT_DURING_RECOVERY);
      case BATCH -> states.add(RareSight.CUT_INSIDE_BATCH);
      case DEAD_LETTER -> states.add(RareSight.DEAD_LETTER_MOVE_CUT);
      case DROP -> states.add(RareSight.CUT_DURING_DROP);
      case CARRY -> states.add(RareSight.SURVIVORS_CARRIED);
      case TAIL_REWRITE -> states.add(RareSight.CUT_DURING_TAIL_REWRITE);
      default -> {}
    }
  }

  /** Opens the image, and cuts the power again during that or soon after. */
  private Capture cutAgain(LabClock clock) throws IOException, WedgedException {
    try (RecordingStorage storage = new RecordingStorage(base, profile, Device.SOUND, clock)) {
      CutChooser chooser = new CutChooser(storage, random.split(), Moment.RECOVERY);
      try (Engine engine = open(base, storage, clock)) {
        LabClient client = client(engine, clock);
        chooser.opened(client::outstandingBatches);
        use(client);
        chooser.cut(Moment.TRAFFIC, "soon after a recovery");
        held = client.held();
      }
      List<Capture> cuts = chooser.cuts();
      return cuts.get(random.nextInt(cuts.size()));
    }
  }

  /** Opens the image for good. */
  private void finish(Path image, LabClock clock) throws IOException, WedgedException {
    Storage storage = new UnforcedStorage();
    boolean restarts = random.nextBoolean();
    try (Engine engine = open(image, storage, clock)) {
      LabClient client = client(engine, clock);
      use(client);
      if (!restarts) {
        drain(client, clock);
      }
    }
    if (restarts) {
      try (Engine engine = open(image, storage, clock)) {
        drain(client(engine, clock), clock);
      }
    }
  }

  private Engine open(Path image, Storage storage, LabClock clock) throws WedgedException {
    try {
      Engine engine = LabEngine.open(image, storage, clock);
      long named = engine.counters().recoveryQuarantined.get();
      if (named > 0) {
        wrong.add(
            new ImageResult.Wrong(
                Kind.FALSE_DAMAGE, "the recovery named damage in " + named + " places"));
      }
      return engine;
    } catch (IOException | RuntimeException | AssertionError e) {
      // An engine that meets what it thought impossible stops by an assertion.
      throw new WedgedException("the engine did not open: " + e);
    }
  }

  private LabClient client(Engine engine, LabClock clock) {
    session++;
    return new LabClient(engine, clock, session, messages, attempts, history);
  }

  // --------------------------------------------------------------------------------------- using

  /** Looks at what is there, uses receipts of before the cut, sends, receives and deletes. */
  private void use(LabClient client) throws WedgedException {
    boolean made = acknowledged(LabClient.ORDERS) && acknowledged(LabClient.DEAD);
    long inFlight = 0;
    if (made) {
      for (int queue : List.of(LabClient.ORDERS, LabClient.DEAD)) {
        Entry.Counts counts = good(LabClient.get(client.counts(queue)), "a queue's counts");
        inFlight += counts.inFlight();
      }
    }
    boolean receivesLost = inFlight == 0 && !held.isEmpty();
    Traffic.createQueues(client);
    for (int i = 0; i < OLD_RECEIPTS && i < held.size(); i++) {
      Held old = held.get(held.size() - 1 - i);
      good(LabClient.get(client.delete(old)), "a delete by a receipt of before the cut");
      if (receivesLost) {
        states.add(RareSight.RECEIPT_OF_LOST_RECEIVE);
      }
    }
    for (int i = 0; i < FRESH_SENDS; i++) {
      good(LabClient.get(client.send(LabClient.ORDERS, Duration.ZERO)), "a send");
    }
    int before = client.held().size();
    good(
        LabClient.get(client.receive(LabClient.ORDERS, RECEIVE_MAX, Traffic.VISIBILITY)),
        "a receive");
    for (int i = client.held().size() - before; i > 1; i -= 2) {
      good(LabClient.get(client.delete(client.takeHeld(before, false))), "a delete");
    }
  }

  private boolean acknowledged(int queue) {
    return history.stream()
        .anyMatch(
            entry ->
                entry instanceof Entry.Queue change
                    && change.queue() == queue
                    && change.ending() == Ending.OK);
  }

  private static <E extends Entry> E good(E entry, String what) throws WedgedException {
    if (entry.ending() != Ending.OK) {
      throw new WedgedException(what + " ended " + entry.ending() + ": " + entry.reason());
    }
    return entry;
  }

  /** Until nothing comes although every lease and every delay has ended. */
  private void drain(LabClient client, LabClock clock) throws WedgedException {
    int polls = 0;
    for (int round = 0; round < 2; round++) {
      for (int queue : List.of(LabClient.ORDERS, LabClient.DEAD)) {
        polls += drain(client, queue, POLLS_MAX - polls);
      }
      client.skip(Traffic.LEASE_MAX.plus(REBOOT));
    }
    // What was leased at the end of the first round may have moved to the dead by now.
    for (int queue : List.of(LabClient.ORDERS, LabClient.DEAD, LabClient.ORDERS)) {
      drain(client, queue, POLLS_MAX - polls);
    }
    for (int queue : List.of(LabClient.ORDERS, LabClient.DEAD)) {
      good(LabClient.get(client.counts(queue)), "a queue's counts");
    }
    long nowNs = clock.elapsedNs();
    client.note(new Entry.Event(0, nowNs, nowNs, EventKind.DRAINED, ""));
  }

  private static int drain(LabClient client, int queue, int pollsMax) throws WedgedException {
    for (int polls = 1; polls <= pollsMax; polls++) {
      Entry.Receive poll =
          good(LabClient.get(client.receive(queue, RECEIVE_MAX, Traffic.VISIBILITY)), "a receive");
      if (poll.deliveries().isEmpty()) {
        return polls;
      }
      Set<Fingerprint> handles = new HashSet<>();
      poll.deliveries().stream().map(Delivery::handle).forEach(handles::add);
      for (Entry.Delete delete : LabClient.get(client.deleteBatch(queue, client.take(handles)))) {
        good(delete, "a delete");
      }
    }
    throw new WedgedException("the queue gives and gives");
  }

  // ------------------------------------------------------------------------------------- judging

  private void accuse(Judgement judged) {
    for (InvariantVerdict each : judged.verdicts()) {
      if (each.verdict() instanceof Verdict.Invalid invalid) {
        wrong.add(
            new ImageResult.Wrong(
                kindOf(each.invariant()),
                "%s, %d times: %s"
                    .formatted(
                        each.invariant().label(),
                        invalid.total(),
                        invalid.findings().get(0).sentence())));
      }
    }
  }

  private static Kind kindOf(Invariant invariant) {
    return switch (invariant) {
      case LOSS -> Kind.LOST;
      case INTEGRITY, PHANTOM -> Kind.TORN;
      default -> Kind.OTHER;
    };
  }

  private ImageResult result(CrashImage.Drawn drawn, Optional<Judgement> judgement) {
    Set<Long> received = new HashSet<>();
    for (Entry entry : history) {
      if (entry instanceof Entry.Receive poll) {
        poll.deliveries().forEach(delivery -> received.add(delivery.attempt()));
      }
    }
    int kept = 0;
    int lost = 0;
    for (Entry entry : history) {
      if (entry instanceof Entry.Send send && send.ending() == Ending.INFO) {
        if (received.contains(send.attempt())) {
          kept++;
        } else {
          lost++;
        }
      }
    }
    return new ImageResult(moments, drawn, history, judgement, wrong, states, kept, lost);
  }
}
