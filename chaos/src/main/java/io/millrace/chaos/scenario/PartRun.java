package io.millrace.chaos.scenario;

import io.millrace.chaos.check.Evidence;
import io.millrace.chaos.check.Finding;
import io.millrace.chaos.check.Invariant;
import io.millrace.chaos.check.Judge;
import io.millrace.chaos.check.Judgement;
import io.millrace.chaos.check.JudgementText;
import io.millrace.chaos.check.Rules;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import io.millrace.chaos.history.FaultKind;
import io.millrace.chaos.history.FaultPhase;
import io.millrace.chaos.history.Fingerprint;
import io.millrace.chaos.history.HistoryWriter;
import io.millrace.chaos.history.Origin;
import io.millrace.chaos.history.QueueSettings;
import io.millrace.chaos.inject.AimedKills;
import io.millrace.chaos.inject.KillInjector;
import io.millrace.chaos.inject.ServerUnderTest;
import io.millrace.chaos.inject.SmallDisk;
import io.millrace.chaos.load.LoadThreads;
import io.millrace.chaos.load.Ticker;
import io.millrace.chaos.policy.ChaosPolicy;
import io.millrace.chaos.policy.Mishap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * One part under one seed, from an empty directory to a judgement:
 *
 * <pre>
 * history/session-000   events, faults of the process, queues
 *         session-001   faults in the server, session-002 faults in the proxy
 *         session-003.. clients; the last empties the queues
 * server.log, data/     data is deleted after a valid run
 * judgement.json
 * </pre>
 *
 * Used once, by one thread.
 */
final class PartRun {

  private static final int SERVER_FAULTS = 1;
  private static final int PROXY_FAULTS = 2;
  private static final int FIRST_CLIENT = 3;

  /** Faults that were arranged and are still to come when the policy goes. */
  private static final Duration AFTER_POLICY = Duration.ofSeconds(1);

  /** How much longer a policy stays in force for a fault of it that has not fired yet. */
  private static final Duration RARE_FAULTS = Duration.ofSeconds(60);

  private static final Duration LOOK = Duration.ofMillis(50);

  private final Part.Proc part;
  private final long seed;
  private final TargetChoice choice;
  private final Path directory;
  private final RunOutput out;
  private final Origin origin = Origin.now();
  private final Ticker ticker = Ticker.system(origin);
  private final AtomicInteger nextFault = new AtomicInteger();
  private final List<HistoryWriter> logs = new ArrayList<>();
  private final List<String> skipped = new ArrayList<>();
  private final TreeMap<String, Long> fired = new TreeMap<>();
  private final List<Long> restartsNs = new ArrayList<>();
  private long attempts;

  PartRun(Part.Proc part, long seed, TargetChoice choice, Path directory, RunOutput out) {
    this.part = part;
    this.seed = seed;
    this.choice = choice;
    this.directory = directory;
    this.out = out;
  }

  /**
   * Does it.
   *
   * @throws IOException if it could not be begun, or its files not written
   */
  ProcResult run() throws IOException {
    Path history = Files.createDirectories(directory.resolve("history"));
    Optional<String> trouble;
    try (Subject subject = Subject.open(choice, part, directory)) {
      out.say(
          "%s, seed %d, against %s".formatted(part.title(), seed, subject.target().caps().name()));
      for (int i = 0; i < FIRST_CLIENT + part.load().clients() + 1; i++) {
        logs.add(HistoryWriter.create(history, i, origin));
      }
      trouble = conduct(subject);
    } finally {
      for (HistoryWriter log : logs) {
        log.close();
      }
    }
    return judge(history, trouble);
  }

  private Optional<String> conduct(Subject subject) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    QueuePair queues =
        QueuePair.make(subject.target(), "-" + Long.toHexString(seed & 0xffffff), events(), origin);
    MixedLoad load =
        new MixedLoad(
            part.load(),
            queues,
            origin,
            ticker,
            random.split(),
            logs.subList(FIRST_CLIENT, FIRST_CLIENT + part.load().clients()),
            FIRST_CLIENT);
    FaultNotes inServer = notes(SERVER_FAULTS, "server", queues, subject, Subject.IN_SERVER);
    FaultNotes inProxy =
        notes(PROXY_FAULTS, "proxy", queues, subject, EnumSet.of(Mishap.Layer.NETWORK));
    subject.networkLog().follow(inProxy::take);
    Optional<ProcessFaults> process = plan(subject, load, random.split());
    Optional<FullDisk> full = planDisk(subject);
    ChaosPolicy policy = new ChaosPolicy(seed, part.policy().queues(), part.policy().clock());
    Optional<FaultFeed> feed =
        subject.chaosPages(policy).map(admin -> FaultFeed.open(admin, inServer::take));
    Optional<String> trouble = Optional.empty();
    LoadThreads running = load.start();
    try {
      set(policy, subject, feed);
      if (full.isPresent() && subject.disk().isPresent()) {
        fill(full.get(), subject.disk().get(), load);
      }
      trouble = faults(process, running, () -> inServer.allFired() && inProxy.allFired());
      set(ChaosPolicy.NONE, subject, feed);
    } finally {
      load.stop(running);
    }
    note(EventKind.TRAFFIC_ENDED, load.attempts() + " send attempts");
    note(EventKind.LIVENESS_BEGINS, "no fault from here on");
    drain(load, trouble);
    attempts = load.attempts();
    if (feed.isPresent()) {
      feed.get().close();
    }
    inServer.fired().forEach((kind, count) -> fired.merge(kind.wireName(), count, Long::sum));
    inProxy.fired().forEach((kind, count) -> fired.merge(kind.wireName(), count, Long::sum));
    process.ifPresent(
        done -> {
          done.fired().forEach((title, count) -> fired.merge(title, (long) count, Long::sum));
          restartsNs.addAll(done.restartsNs());
        });
    return trouble;
  }

  /** Puts a policy in force in proxy and server, each of which knows its own faults. */
  private static void set(ChaosPolicy policy, Subject subject, Optional<FaultFeed> feed)
      throws IOException {
    subject.network().set(policy);
    if (feed.isPresent()) {
      feed.get().set(policy);
    }
  }

  private Optional<String> faults(
      Optional<ProcessFaults> process, LoadThreads running, BooleanSupplier allFired)
      throws IOException {
    long untilNs =
        part.policy().equals(ChaosPolicy.NONE) && process.isPresent()
            ? ticker.nowNs()
            : ticker.nowNs() + Duration.ofSeconds(part.load().seconds()).toNanos();
    if (process.isPresent()) {
      try {
        process.get().doAll();
      } catch (IOException e) {
        out.say("trouble: " + e.getMessage());
        return Optional.of("the server did not come back: " + e.getMessage());
      }
    }
    ticker.awaitNs(untilNs);
    long patientUntilNs = ticker.nowNs() + RARE_FAULTS.toNanos();
    while (!allFired.getAsBoolean() && running.anyAlive() && ticker.nowNs() < patientUntilNs) {
      ticker.pause(LOOK);
    }
    if (!running.anyAlive()) {
      return Optional.of("every client ended before its time");
    }
    return Optional.empty();
  }

  private void drain(MixedLoad load, Optional<String> trouble) {
    if (trouble.isPresent()) {
      note(EventKind.DRAIN_INCOMPLETE, trouble.get());
      return;
    }
    if (!part.policy().equals(ChaosPolicy.NONE)) {
      ticker.pause(AFTER_POLICY);
    }
    out.say("draining");
    int last = logs.size() - 1;
    boolean drained = load.drain(logs.get(last), last, rules().liveness());
    note(
        drained ? EventKind.DRAINED : EventKind.DRAIN_INCOMPLETE,
        drained ? "nothing left" : "time was up");
  }

  private FaultNotes notes(
      int session, String where, QueuePair queues, Subject subject, Set<Mishap.Layer> layers) {
    FaultNotes notes =
        new FaultNotes(session, logs.get(session), origin, where, nextFault, queues.numbers());
    notes.plan(part.policy(), layers, kind -> cannot(subject, kind));
    return notes;
  }

  private Optional<String> cannot(Subject subject, Mishap kind) {
    Optional<String> reason = subject.cannot(kind);
    reason.ifPresent(why -> skip(kind.wireName(), why));
    return reason;
  }

  private void skip(String what, String why) {
    String line = what + ": " + why;
    if (!skipped.contains(line)) {
      skipped.add(line);
      out.say("SKIPPED " + line);
    }
  }

  private Optional<ProcessFaults> plan(Subject subject, MixedLoad load, SplittableRandom random) {
    Optional<ProcessFaults> process =
        part.faults().isEmpty()
            ? Optional.empty()
            : subject.server().map(server -> processFaults(server, load, random));
    for (ProcessFault fault : part.faults()) {
      Optional<String> why = cannot(subject, fault.kind());
      for (int i = 0; i < fault.times(); i++) {
        int id = nextFault.getAndIncrement();
        long nowNs = ticker.nowNs();
        events()
            .append(
                new Entry.Fault(
                    0,
                    nowNs,
                    nowNs,
                    id,
                    FaultNotes.kindOf(fault.kind()),
                    why.isPresent() ? FaultPhase.SKIPPED : FaultPhase.PLANNED,
                    QueueSettings.NO_QUEUE,
                    Fingerprint.NONE,
                    "server",
                    why.orElse(fault.title())));
        if (why.isEmpty()) {
          process.ifPresent(each -> each.plan(id, fault));
        }
      }
    }
    return process;
  }

  private Optional<FullDisk> planDisk(Subject subject) {
    if (!part.server().hasDisk()) {
      return Optional.empty();
    }
    Optional<String> why = subject.whyNoDisk();
    why.ifPresent(reason -> skip(FaultKind.DISK_FULL.label(), reason));
    return Optional.of(
        FullDisk.plan(
            events(), ticker, nextFault.getAndIncrement(), part.server().diskBytes(), why));
  }

  private void fill(FullDisk full, SmallDisk disk, MixedLoad load) throws IOException {
    Optional<String> filled = full.fill(disk, load);
    out.say("full disk: " + filled.orElse("no send was refused in time"));
    filled.ifPresent(detail -> fired.merge(FaultKind.DISK_FULL.label(), 1L, Long::sum));
  }

  private ProcessFaults processFaults(
      ServerUnderTest server, MixedLoad load, SplittableRandom random) {
    KillInjector injector = new KillInjector(load.inFlight(), ticker, events(), 0);
    AimedKills kills = new AimedKills(directory.resolve("data"), injector, ticker, random.split());
    return new ProcessFaults(server, kills, load, events(), ticker, random, out);
  }

  private HistoryWriter events() {
    return logs.get(0);
  }

  private void note(EventKind kind, String detail) {
    long nowNs = ticker.nowNs();
    events().append(new Entry.Event(0, nowNs, nowNs, kind, detail));
  }

  private Rules rules() {
    Set<Invariant> required = EnumSet.copyOf(Rules.ANY_RUN);
    required.remove(Invariant.FAILED_SEND); // most faults make no send fail for sure
    return Rules.of(part.profile()).requiring(required);
  }

  private ProcResult judge(Path history, Optional<String> trouble) throws IOException {
    Judgement judgement = Judge.judge(history, rules());
    ProcResult result =
        new ProcResult(
            part.title(), seed, judgement, trouble, fired, skipped, restartsNs, attempts);
    Set<Long> accused =
        judgement.findings().stream().map(Finding::attempt).collect(Collectors.toSet());
    Map<Long, List<String>> timelines =
        accused.isEmpty() ? Map.of() : Evidence.gather(history, accused);
    Files.writeString(directory.resolve("judgement.json"), JudgementJson.of(result, timelines));
    if (result.outcome() == Outcome.INVALID) {
      out.print(JudgementText.of(judgement, timelines));
    }
    return result;
  }
}
