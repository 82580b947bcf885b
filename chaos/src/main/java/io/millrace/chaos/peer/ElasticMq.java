package io.millrace.chaos.peer;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An ElasticMQ server (org.elasticmq:elasticmq-server) in a JVM of its own, on a free port of
 * loopback, its queues in memory. Ended with the lab's JVM at the latest. Owned by one thread.
 */
public final class ElasticMq implements AutoCloseable {

  /** Where the build of module {@code chaos} puts its jars, below the module's folder. */
  public static final Path JARS = Path.of("target", "elasticmq");

  private static final String MAIN = "org.elasticmq.server.Main";
  private static final Pattern READY =
      Pattern.compile("Started SQS rest server, bind address 127\\.0\\.0\\.1:(\\d+)");
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
  private static final long LOOK_MS = 50;

  private final Process process;
  private final Thread atExit;
  private final URI endpoint;

  private ElasticMq(Process process, Thread atExit, URI endpoint) {
    this.process = process;
    this.atExit = atExit;
    this.endpoint = endpoint;
  }

  /**
   * Where the build put its jars, found from any module of the same checkout: beside the {@code
   * target} folder that this class was loaded from.
   */
  public static Path jarsOfTheBuild() {
    try {
      Path loadedFrom =
          Path.of(ElasticMq.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      for (Path at = loadedFrom; at != null; at = at.getParent()) {
        if (at.endsWith("target")) {
          return at.resolveSibling("..").resolve("chaos").resolve(JARS).normalize();
        }
      }
      return JARS;
    } catch (URISyntaxException e) {
      throw new AssertionError("a class path entry that is no URI", e);
    }
  }

  /** As {@link #start(Path, List, Wrapper, Path, Duration)}, with the JVM's own choices. */
  public static ElasticMq start(Path jars, Path log, Duration timeout) throws IOException {
    return start(jars, List.of(), Wrapper.NONE, log, timeout);
  }

  /**
   * A program of ours to run the server in, for what has to be in its JVM.
   *
   * @param mainClass on this JVM's class path; told its own arguments, then the folder of the
   *     server's jars and the server's main class, which it has to load apart from its own; empty
   *     for no wrapper
   * @param arguments its own
   */
  public record Wrapper(String mainClass, List<String> arguments) {

    /** The server alone. */
    public static final Wrapper NONE = new Wrapper("", List.of());

    /** Copies the list. */
    public Wrapper {
      arguments = List.copyOf(arguments);
    }

    private List<String> command(Path jars) {
      if (mainClass.isEmpty()) {
        return List.of("-cp", jars + "/*", MAIN);
      }
      List<String> command = new ArrayList<>();
      command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
      command.addAll(arguments);
      command.addAll(List.of(jars.toString(), MAIN));
      return command;
    }
  }

  /**
   * Starts a server and waits until it answers.
   *
   * @param jars a folder with ElasticMQ's server and all it needs
   * @param flags for its JVM
   * @param wrapper what runs it
   * @param log where its output goes; made anew
   * @param timeout how long it may take to answer
   * @throws IOException if it could not be started, ended, or did not answer in time
   */
  public static ElasticMq start(
      Path jars, List<String> flags, Wrapper wrapper, Path log, Duration timeout)
      throws IOException {
    if (!Files.isDirectory(jars)) {
      throw new IOException(
          "no ElasticMQ in " + jars.toAbsolutePath() + "; the build of module chaos puts it there");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(
        List.of(
            "-Drest-sqs.bind-hostname=127.0.0.1",
            "-Drest-sqs.bind-port=0",
            "-Drest-stats.enabled=false",
            "-Dgenerate-node-address=true"));
    command.addAll(wrapper.command(jars));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    Thread atExit = new Thread(process::destroyForcibly, "end-elasticmq-" + process.pid());
    Runtime.getRuntime().addShutdownHook(atExit);
    ElasticMq unready = new ElasticMq(process, atExit, URI.create("http://127.0.0.1:0"));
    try {
      return new ElasticMq(process, atExit, unready.await(log, timeout));
    } catch (IOException e) {
      unready.close();
      throw e;
    }
  }

  /** Where it answers. */
  public URI endpoint() {
    return endpoint;
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  private URI await(Path log, Duration timeout) throws IOException {
    long deadlineNs = System.nanoTime() + timeout.toNanos();
    while (System.nanoTime() < deadlineNs) {
      Optional<URI> ready = readyLine(log);
      if (ready.isPresent()) {
        return ready.get();
      }
      if (waitFor(Duration.ofMillis(LOOK_MS))) {
        throw new IOException(
            "ElasticMQ ended with status " + process.exitValue() + "; see " + log);
      }
    }
    throw new IOException(
        "ElasticMQ did not answer within " + timeout.toSeconds() + " s; see " + log);
  }

  private static Optional<URI> readyLine(Path log) throws IOException {
    Matcher matcher = READY.matcher(Files.readString(log));
    return matcher.find()
        ? Optional.of(URI.create("http://127.0.0.1:" + matcher.group(1)))
        : Optional.empty();
  }

  /** Whether it ended in that time. */
  private boolean waitFor(Duration timeout) throws IOException {
    try {
      return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for ElasticMQ", e);
    }
  }

  /**
   * Ends it by SIGTERM, and by SIGKILL if that takes too long.
   *
   * @throws IOException if interrupted; it is then ended by SIGKILL
   */
  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!waitFor(STOP_TIMEOUT)) {
        process.destroyForcibly();
      }
    } finally {
      process.destroyForcibly();
      removeHook();
    }
  }

  /** While the JVM goes down no hook can be taken away, nor need it be. */
  private void removeHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException goingDown) {
      process.destroyForcibly();
    }
  }
}
