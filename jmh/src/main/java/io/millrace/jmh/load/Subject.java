package io.millrace.jmh.load;

import io.millrace.chaos.attribution.Evidence;
import io.millrace.chaos.attribution.FlightRecording;
import io.millrace.chaos.attribution.Meters;
import io.millrace.chaos.attribution.Stretches.Stretch;
import io.millrace.chaos.client.Caps;
import io.millrace.chaos.client.SqsEndpoint;
import io.millrace.chaos.client.SqsTarget;
import io.millrace.chaos.client.Target;
import io.millrace.chaos.embedded.EmbeddedTarget;
import io.millrace.chaos.history.Survival;
import io.millrace.engine.Engine;
import io.millrace.engine.EngineConfig;
import io.millrace.engine.journal.FileStorage;
import io.millrace.engine.journal.Storage;
import io.millrace.engine.shard.Durability;
import io.millrace.jmh.http.Arm;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import jdk.jfr.Recording;

/**
 * A queue service under load, made afresh for a leg where it is ours to make.
 *
 * @param name for people
 * @param durabilityClass what its acknowledgements survive, in words
 * @param target for set-up, and for traffic by sessions
 * @param lean where raw sockets go; empty for traffic by sessions
 * @param serverPid of the process that was started for it; -1 if there is none
 * @param disk a folder on the file system its files are on; the run's own where that is not known
 * @param inside what instruments in its own process saw
 * @param server what is closed at the end, after the target
 */
record Subject(
    String name,
    String durabilityClass,
    Target target,
    Optional<InetSocketAddress> lean,
    long serverPid,
    Path disk,
    Inside inside,
    Closeable server)
    implements AutoCloseable {

  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);
  private static final long NO_PROCESS = -1;

  /** Its class where nothing is kept on disk. */
  static final String IN_MEMORY = "none: in memory";

  /** The instruments in the service's own process, as far as there are any. */
  interface Inside {
    /** There are none. */
    Inside NOTHING =
        (pace, control, own) -> new Evidence(FlightRecording.NONE, control, List.of(), own);

    /**
     * All that was seen so far, on the axis of a pace.
     *
     * @param control delays of the control process
     * @param own delays of the meter in this JVM
     */
    Evidence evidence(Pace pace, List<Stretch> control, List<Stretch> own) throws IOException;
  }

  /**
   * Which service.
   *
   * @param words {@code embedded}, {@code http}, {@code elasticmq} or a URL
   * @param sdk whether it is reached through the AWS SDK; raw sockets otherwise
   */
  record Choice(String words, boolean sdk) {

    /** Whether the words name a service. */
    boolean legal() {
      return words.equals("embedded")
          || words.equals("http")
          || words.equals("elasticmq")
          || words.startsWith("http://")
          || (words.startsWith("https://") && sdk);
    }
  }

  /**
   * Starts, or reaches, the service.
   *
   * @param disk a folder for its files, empty
   * @param logs for what a server prints; exists
   */
  static Subject open(Choice choice, Workload workload, Path disk, Path logs) throws IOException {
    return switch (choice.words()) {
      case "embedded" -> embedded(workload.durability(), disk, new FileStorage());
      case "http" -> millrace(choice, workload, disk, logs);
      case "elasticmq" -> elasticMq(choice, workload, disk, logs);
      default -> reached(URI.create(choice.words()), choice, workload, disk);
    };
  }

  /**
   * An engine in this process.
   *
   * @param storage the port its files pass
   */
  static Subject embedded(String durability, Path disk, Storage storage) throws IOException {
    ForceTimes forces = new ForceTimes();
    Recording recording = FlightRecording.here();
    Engine engine =
        Engine.open(
            EngineConfig.at(disk.resolve("data"))
                .withDurability(Durability.labelled(durability))
                .withStorage(storage)
                .withObserver(forces));
    Caps caps = Caps.everything("embedded at " + durability, Survival.UNDECLARED);
    return new Subject(
        "millrace embedded",
        durability,
        new EmbeddedTarget(engine, caps, ANSWER_TIMEOUT),
        Optional.empty(),
        ProcessHandle.current().pid(),
        disk,
        (pace, control, own) -> {
          FlightRecording seen =
              FlightRecording.of(recording, disk, FlightRecording.Axis.of(pace.origin()));
          return new Evidence(seen.withForces(forces.stretches(pace)), control, own, List.of());
        },
        () -> {
          recording.close();
          engine.close();
        });
  }

  private static Subject millrace(Choice choice, Workload workload, Path disk, Path logs)
      throws IOException {
    return millrace(choice, workload, disk, logs, WatchedServer.class);
  }

  /**
   * Millrace's server in a JVM of its own.
   *
   * @param program takes what {@link WatchedServer} takes, and runs it
   */
  static Subject millrace(Choice choice, Workload workload, Path disk, Path logs, Class<?> program)
      throws IOException {
    return watched(
        Arm.Kind.MILLRACE,
        "millrace",
        workload.durability(),
        program,
        choice,
        workload,
        disk,
        logs);
  }

  private static Subject elasticMq(Choice choice, Workload workload, Path disk, Path logs)
      throws IOException {
    return watched(
        Arm.Kind.ELASTICMQ,
        "elasticmq",
        IN_MEMORY,
        WatchedPeer.class,
        choice,
        workload,
        disk,
        logs);
  }

  /** A server whose JVM has a flight recording and a hiccup meter in it, whoever's it is. */
  private static Subject watched(
      Arm.Kind kind,
      String name,
      String durability,
      Class<?> program,
      Choice choice,
      Workload workload,
      Path disk,
      Path logs)
      throws IOException {
    Path stalls = disk.resolve("server.stalls");
    Arm arm =
        Arm.start(
            kind,
            workload.durability(),
            1,
            disk.resolve("data"),
            logs.resolve("server.log"),
            new Arm.Beside(
                FlightRecording.flags(disk),
                program.getName(),
                List.of(disk.resolve("server-hiccup.hlog").toString(), stalls.toString())));
    Inside inside =
        (pace, control, own) ->
            new Evidence(
                FlightRecording.of(arm.pid(), disk, FlightRecording.Axis.of(pace.origin())),
                control,
                Meters.stretches(stalls, pace.origin()),
                own);
    return served(arm, name, durability, disk, inside, choice, workload);
  }

  private static Subject served(
      Arm arm,
      String name,
      String durability,
      Path disk,
      Inside inside,
      Choice choice,
      Workload workload) {
    InetSocketAddress address = arm.address();
    URI uri =
        URI.create("http://" + address.getAddress().getHostAddress() + ":" + address.getPort());
    return new Subject(
        name + (choice.sdk() ? " http, AWS SDK" : " http"),
        durability,
        target(uri, workload),
        choice.sdk() ? Optional.empty() : Optional.of(address),
        arm.pid(),
        disk,
        inside,
        arm::close);
  }

  private static Subject reached(URI uri, Choice choice, Workload workload, Path disk) {
    int port = uri.getPort() >= 0 ? uri.getPort() : 80;
    return new Subject(
        uri.getHost() + (choice.sdk() ? ", AWS SDK" : ""),
        "not declared",
        target(uri, workload),
        choice.sdk() ? Optional.empty() : Optional.of(new InetSocketAddress(uri.getHost(), port)),
        NO_PROCESS,
        disk,
        Inside.NOTHING,
        () -> {});
  }

  private static Target target(URI uri, Workload workload) {
    int consumers = workload.steps().stream().mapToInt(Workload.Step::consumers).max().orElse(1);
    return new SqsTarget(
        SqsEndpoint.of(uri, workload.sendsMax() + consumers + 4, ANSWER_TIMEOUT),
        Caps.everything(uri.toString(), Survival.UNDECLARED));
  }

  /** Traffic against these queues of it. */
  Traffic traffic(
      List<String> queues, Workload workload, Workload.Step step, Pace pace, Samples samples)
      throws IOException {
    return lean.isPresent()
        ? new LeanTraffic(lean.get(), queues, workload, step, pace, samples)
        : new SessionTraffic(target, queues, workload, step, pace, samples);
  }

  @Override
  public void close() throws IOException {
    try {
      target.close();
    } finally {
      server.close();
    }
  }
}
