package io.millrace.jmh.load;

import io.millrace.chaos.client.Caps;
import io.millrace.chaos.client.SqsEndpoint;
import io.millrace.chaos.client.SqsTarget;
import io.millrace.chaos.client.Target;
import io.millrace.chaos.embedded.EmbeddedServer;
import io.millrace.chaos.history.Survival;
import io.millrace.jmh.http.Arm;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A queue service under load, made afresh for a leg where it is ours to make.
 *
 * @param name for people
 * @param durabilityClass what its acknowledgements survive, in words
 * @param target for set-up, and for traffic by sessions
 * @param lean where raw sockets go; empty for traffic by sessions
 * @param serverPid of the process that was started for it; -1 if there is none
 * @param disk a folder on the file system its files are on; the run's own where that is not known
 * @param server what is closed at the end, after the target
 */
record Subject(
    String name,
    String durabilityClass,
    Target target,
    Optional<InetSocketAddress> lean,
    long serverPid,
    Path disk,
    Closeable server)
    implements AutoCloseable {

  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);
  private static final long NO_PROCESS = -1;

  /** Its class where nothing is kept on disk. */
  static final String IN_MEMORY = "none: in memory";

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
    Path data = disk.resolve("data");
    return switch (choice.words()) {
      case "embedded" -> embedded(workload.durability(), disk);
      case "http" ->
          served(
              Arm.start(
                  Arm.Kind.MILLRACE, workload.durability(), 1, data, logs.resolve("server.log")),
              "millrace",
              workload.durability(),
              disk,
              choice,
              workload);
      case "elasticmq" ->
          served(
              Arm.start(Arm.Kind.ELASTICMQ, "", 1, data, logs.resolve("server.log")),
              "elasticmq",
              IN_MEMORY,
              disk,
              choice,
              workload);
      default -> reached(URI.create(choice.words()), choice, workload, disk);
    };
  }

  private static Subject embedded(String durability, Path disk) throws IOException {
    Target target =
        EmbeddedServer.open(disk.resolve("data"), durability, Survival.UNDECLARED, ANSWER_TIMEOUT);
    return new Subject(
        "millrace embedded",
        durability,
        target,
        Optional.empty(),
        ProcessHandle.current().pid(),
        disk,
        () -> {});
  }

  private static Subject served(
      Arm arm, String name, String durability, Path disk, Choice choice, Workload workload) {
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
