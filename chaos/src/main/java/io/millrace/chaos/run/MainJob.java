package io.millrace.chaos.run;

import io.millrace.chaos.attribution.Evidence;
import io.millrace.chaos.attribution.FlightRecording;
import io.millrace.chaos.attribution.IdleMachine;
import io.millrace.chaos.attribution.Meters;
import io.millrace.chaos.attribution.ServerMetrics;
import io.millrace.chaos.client.SqsEndpoint;
import io.millrace.chaos.history.Entry;
import io.millrace.chaos.history.EventKind;
import io.millrace.chaos.history.Origin;
import io.millrace.chaos.inject.KillInjector;
import io.millrace.chaos.inject.ServerCommand;
import io.millrace.chaos.inject.ServerUnderTest;
import io.millrace.chaos.load.OrderMessages;
import io.millrace.chaos.serve.ChaosAdmin;
import io.millrace.reports.RunDirectory;
import io.millrace.reports.platform.EnvironmentCapture;
import io.millrace.reports.record.Idle;
import io.millrace.reports.record.RunRecord;
import io.millrace.reports.record.Verdict;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * The main job, from an empty directory to a report.
 *
 * <ol>
 *   <li>The machine by itself, metered for some seconds.
 *   <li>A server process on a fresh data directory at the level {@code power-loss}.
 *   <li>The same load through another queue for some seconds, to warm both JVMs up.
 *   <li>Orders on an absolute schedule, first without any fault.
 *   <li>A {@linkplain FaultWindow window} each of forced duplicates, forced reordering and lost
 *       responses, switched on and off in the running server.
 *   <li>SIGKILL while changes are under way, and a new process on the same data; the schedule goes
 *       on.
 *   <li>The drain; then, the server ended, the machine by itself once more.
 *   <li>The verdict, the report.
 * </ol>
 */
public final class MainJob {

  private static final String QUEUE = "orders";
  private static final String WARM_UP_QUEUE = "warm-up";
  private static final String HISTORY = "history";
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

  /** How often the server is asked which faults fired. */
  private static final Duration LISTEN = Duration.ofMillis(100);

  /**
   * A message that is due just before a fault may still meet it, so the phase of a fault begins so
   * much earlier than the fault.
   */
  private static final Duration LEAD = Duration.ofMillis(250);

  /** {@code serve --chaos}: named, not imported, since it runs in a process of its own. */
  private static final String CHAOS_SERVER = "io.millrace.chaos.serve.ServeCommand";

  private static final long MS = 1_000_000;

  private final RunPlan plan;
  private final RunDirectory directory;
  private final PrintStream out;
  private final boolean terminal;
  private final LabMetrics metrics;
  private final LiveRun live;
  private final String serverJvmOptions;

  /**
   * A job that has not begun.
   *
   * @param plan what to do
   * @param directory where the run's files go; exists
   * @param out progress
   * @param terminal whether {@code out} is a terminal, on which a line can be written over
   * @param metrics shows the run while it goes on; closed by whoever opened it
   * @param serverJvmOptions further JVM options for the server, in one line
   */
  public MainJob(
      RunPlan plan,
      RunDirectory directory,
      PrintStream out,
      boolean terminal,
      LabMetrics metrics,
      String serverJvmOptions) {
    this.plan = plan;
    this.directory = directory;
    this.out = out;
    this.terminal = terminal;
    this.metrics = metrics;
    this.live = metrics.run();
    this.serverJvmOptions = serverJvmOptions;
  }

  /**
   * Does it. The server's data is deleted after a VALID run, and kept for whoever looks into any
   * other.
   *
   * @return the record of the run, written to its directory
   * @throws IOException if the run could not be brought to its end; the message is one line
   */
  public RunRecord run() throws IOException {
    Path data = directory.path().resolve("data");
    RunRecord record = run(data);
    if (record.verdict().verdict() == Verdict.VALID) {
      delete(data);
      delete(recording());
    }
    return record;
  }

  private RunRecord run(Path data) throws IOException {
    EnvironmentCapture environment = EnvironmentCapture.begin();
    ServerCommand command = command(data);
    ServerCommand recorded =
        command.with(
            command.mainClass(),
            FlightRecording.flags(Files.createDirectories(recording())),
            List.of());
    Idle before = idle("before");
    RunResults.Observed observed = observe(recorded, command, data);
    Idle after = idle("after");
    live.enter(LivePhase.CHECKING);
    return RunResults.write(
        plan,
        directory,
        history(),
        observed,
        new RunResults.Surroundings(environment, recorded.jvmFlags(), data, List.of(before, after)),
        live);
  }

  /** The machine by itself. */
  private Idle idle(String when) throws IOException {
    Idle idle =
        IdleMachine.meter(
            directory.idle(when), directory.path(), plan.idleSeconds(), RunPlan.SLO_MS);
    out.println(idle.sentence());
    return idle;
  }

  /** The run from the server's start to its end. */
  @SuppressWarnings("try") // what shows progress and the meters below need only be open
  private RunResults.Observed observe(ServerCommand recorded, ServerCommand restart, Path data)
      throws IOException {
    try (ServerUnderTest server =
            ServerUnderTest.start(recorded, directory.path().resolve("server.log"));
        SqsEndpoint producing = endpoint(server, RunPlan.PRODUCERS);
        SqsEndpoint consuming = endpoint(server, RunPlan.CONSUMERS)) {
      Clients clients = new Clients(producing, consuming);
      OrderMessages messages = new OrderMessages(plan.seed(), RunPlan.BODY_BYTES);
      Traffic warmUp = open(clients, WARM_UP_QUEUE, "warm-up", warmUpOrdersMax(), messages);
      live.setLoad(warmUp.live());
      try (Progress progress = Progress.start(live, out, terminal)) {
        announce(server.process().addresses().admin());
        WarmUp.Ending ending = warmUp(warmUp, server.process().addresses().admin());
        try (Traffic traffic = open(clients, QUEUE, HISTORY, plan.orders(), messages)) {
          return conduct(traffic, server, restart, data, ending);
        }
      }
    } catch (SdkException e) {
      throw new IOException("the server does not answer: " + e.getMessage(), e);
    }
  }

  /**
   * A server with the faults of the delivery within, none in force, and without the proxy before
   * it: the headline is of a server a user would meet. The first one also records what may delay a
   * message, which is rare; the one after the kill does not, since a recorder takes part of a
   * second to start and the outage would be longer by that.
   */
  private ServerCommand command(Path data) {
    ServerCommand plain = ServerCommand.serve(data, RunPlan.DURABILITY, serverJvmOptions);
    List<String> arguments = new ArrayList<>(plain.arguments());
    arguments.add("--without-proxy");
    return new ServerCommand(
        plain.java(), plain.jvmFlags(), plain.classPath(), CHAOS_SERVER, arguments);
  }

  /**
   * The endpoint's clients: one for each side, so that no long poll ever holds a producer's
   * connection.
   */
  private record Clients(SqsEndpoint producing, SqsEndpoint consuming) {}

  private Traffic open(
      Clients clients, String queue, String logs, long orders, OrderMessages messages)
      throws IOException {
    String url = clients.producing().createQueue(queue, RunPlan.VISIBILITY);
    return Traffic.open(
        directory.path().resolve(logs),
        plan.rate(),
        orders,
        messages,
        () -> clients.producing().session(url),
        () -> clients.consuming().session(url));
  }

  private long warmUpOrdersMax() {
    return plan.rate() * plan.warmUpMax().toSeconds();
  }

  private WarmUp.Ending warmUp(Traffic warmUp, URI serverAdmin) throws IOException {
    try (warmUp) {
      WarmUp.Ending ending = WarmUp.conduct(warmUp, plan, live, new ServerMetrics(serverAdmin));
      out.println(ending.sentence());
      return ending;
    }
  }

  @SuppressWarnings("try")
  private RunResults.Observed conduct(
      Traffic traffic,
      ServerUnderTest server,
      ServerCommand restart,
      Path data,
      WarmUp.Ending warmUp)
      throws IOException {
    live.setLoad(traffic.live());
    live.setHistory(traffic::newestNs);
    live.enter(LivePhase.STEADY);
    Instant started = Instant.ofEpochMilli(traffic.origin().wallClockMs());
    long killAtNs = traffic.schedule().startNs() + plan.killAfter().toNanos();
    note(traffic, EventKind.KILL_PLANNED, 0, "at " + killAtNs / MS + " ms");
    FaultStory story =
        new FaultStory(
            new ChaosAdmin(server.process().addresses().admin()),
            plan.seed(),
            QUEUE,
            traffic.origin(),
            traffic.events(),
            traffic.proofs(),
            traffic.proofSession(),
            live.faults());
    try (Meters meters = Meters.start(directory, Files.createDirectories(data))) {
      live.setHiccup(meters.hiccup()::worstNanos);
      Traffic.Running running = traffic.start();
      for (FaultWindow window : FaultWindow.values()) {
        force(window, story, traffic);
      }
      listenUntil(traffic.schedule().startNs() + plan.endOfFaults().toNanos(), story, traffic);
      story.end();
      live.enter(LivePhase.AFTERMATH);
      listenUntil(killAtNs, story, traffic);
      KillInjector.Kill kill =
          new KillInjector(traffic.inFlight(), traffic.ticker(), traffic.events(), 0)
              .kill(server.process());
      live.faults().killed();
      live.enter(LivePhase.OUTAGE);
      Optional<String> trouble = restart(traffic, server, restart);
      live.faults().restarted();
      live.enter(LivePhase.CATCH_UP);
      if (trouble.isEmpty()) {
        traffic.awaitSent(running, plan.overrun());
      }
      long sentNs = traffic.ticker().nowNs();
      live.enter(LivePhase.DRAIN);
      note(traffic, EventKind.TRAFFIC_ENDED, sentNs, "");
      boolean drained = trouble.isEmpty() && traffic.drain();
      note(
          traffic,
          drained ? EventKind.DRAINED : EventKind.DRAIN_INCOMPLETE,
          sentNs,
          trouble.orElse(drained ? "nothing left" : "time was up"));
      traffic.stop(running);
      return new RunResults.Observed(
          started,
          killAtNs / MS,
          kill.inFlight(),
          drained,
          traffic.givenUp(),
          warmUp,
          story.faults(),
          evidence(traffic.origin()));
    }
  }

  /** What delayed messages; of the server's process until it was killed. */
  private Evidence evidence(Origin origin) throws IOException {
    return new Evidence(
        recordedByServer(origin),
        Meters.controlStalls(directory, origin),
        List.of(),
        Meters.ownStalls(directory, origin));
  }

  /** A recording that was cut in a bad place costs the run explanations, and nothing else. */
  private FlightRecording recordedByServer(Origin origin) {
    try {
      return FlightRecording.leftBy(recording(), FlightRecording.Axis.of(origin));
    } catch (IOException e) {
      out.println("the flight recording that the killed server left cannot be read: " + e);
      return FlightRecording.NONE;
    }
  }

  /** The logs that the verdict is read from. */
  private Path history() {
    return directory.path().resolve(HISTORY);
  }

  /** Where the server records until it is killed. */
  private Path recording() {
    return directory.path().resolve("recording");
  }

  /** Begins one window; its faults stay in force until the next begins. */
  private void force(FaultWindow window, FaultStory story, Traffic traffic) throws IOException {
    long beginNs = traffic.schedule().startNs() + plan.begin(window).toNanos();
    listenUntil(beginNs - LEAD.toNanos(), story, traffic);
    live.enter(window.phase());
    story.plan(window);
    listenUntil(beginNs, story, traffic);
    story.begin(window);
  }

  /** Waits until an instant, and hears of the faults that fire meanwhile. */
  private static void listenUntil(long instantNs, FaultStory story, Traffic traffic)
      throws IOException {
    while (traffic.ticker().nowNs() < instantNs) {
      traffic.ticker().awaitNs(Math.min(instantNs, traffic.ticker().nowNs() + LISTEN.toNanos()));
      story.collect();
    }
  }

  /** Brings the server back; says what went wrong if it does not come. */
  private static Optional<String> restart(
      Traffic traffic, ServerUnderTest server, ServerCommand command) {
    long fromNs = traffic.ticker().nowNs();
    try {
      server.restart(command);
      note(traffic, EventKind.RESTARTED, fromNs, "process " + server.process().pid());
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("the server did not come back: " + e.getMessage());
    }
  }

  private static void delete(Path directory) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> files = Files.walk(directory)) {
      deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : deepestFirst) {
      Files.delete(file);
    }
  }

  private static void note(Traffic traffic, EventKind kind, long fromNs, String detail) {
    traffic.events().append(new Entry.Event(0, fromNs, traffic.ticker().nowNs(), kind, detail));
  }

  private static SqsEndpoint endpoint(ServerUnderTest server, int connections) {
    return SqsEndpoint.of(server.process().addresses().endpoint(), connections, ANSWER_TIMEOUT);
  }

  private void announce(URI serverAdmin) {
    live.setServerAdmin(serverAdmin);
    out.println(
        "%s: %d messages/s for %d s, faults from %.1f s, kill -9 after %.1f s, seed %d"
            .formatted(
                plan.quick() ? "quick run" : "run",
                plan.rate(),
                plan.seconds(),
                plan.begin(FaultWindow.DUPLICATES).toMillis() / 1e3,
                plan.killAfter().toMillis() / 1e3,
                plan.seed()));
    out.println("metrics: server " + serverAdmin + "/metrics, lab " + metrics.uri());
  }
}
