package io.millrace.jmh.http;

import io.millrace.chaos.peer.ElasticMq;
import io.millrace.jmh.run.ChildJvm;
import io.millrace.jmh.unmetered.UnmeteredServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** One server of a comparison, running in a JVM of its own, and the client that drives it. */
public final class Arm implements AutoCloseable {

  /** The same heap and collector for every server, so that neither has an advantage in them. */
  public static final List<String> FLAGS =
      List.of("-Xms512m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:+AlwaysPreTouch");

  private static final String MILLRACE = "io.millrace.engine.ServerMain";
  private static final String METRICS_OFF = UnmeteredServer.Command.class.getName();
  private static final String MILLRACE_READY = "millrace ready: ";
  private static final long READY_SECONDS = 60;
  private static final int VISIBILITY_SECONDS = 30;
  private static final long BODY_SEED = 42;

  private final Closeable server;
  private final long pid;
  private final InetSocketAddress address;
  private final URI admin;

  private Arm(Closeable server, long pid, InetSocketAddress address, URI admin) {
    this.server = server;
    this.pid = pid;
    this.address = address;
    this.admin = admin;
  }

  /** Which server. */
  public enum Kind {
    MILLRACE("millrace"),
    /** Millrace with observers that hear nothing: what its metrics cost. */
    METRICS_OFF("metrics-off"),
    EMPTY("empty"),
    GROUP_COMMIT("group-commit"),
    /** The group-commit server without its force: what that server costs beside the disk. */
    NO_FORCE("no-force"),
    /** ElasticMQ with its queues in memory: it keeps nothing on disk, at no level. */
    ELASTICMQ("elasticmq");

    final String word;

    Kind(String word) {
      this.word = word;
    }

    /** Whether the server a word names is a queue, not a stand-in that only answers. */
    static boolean keepsMessages(String word) {
      return of(word).filter(kind -> kind.isMillrace() || kind == ELASTICMQ).isPresent();
    }

    private boolean isMillrace() {
      return this == MILLRACE || this == METRICS_OFF;
    }

    /** The kind a word names, if it names one. */
    static Optional<Kind> of(String word) {
      return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }
  }

  /**
   * What is wanted of a server's JVM beside its serving.
   *
   * @param flags further JVM flags
   * @param wrapper a main class that takes some arguments and then the server's, and runs it; for
   *     ElasticMQ as {@link ElasticMq.Wrapper} has it; the server's own if it is empty
   * @param wrapperArguments those arguments
   */
  public record Beside(List<String> flags, String wrapper, List<String> wrapperArguments) {

    /** Nothing. */
    public static final Beside NOTHING = new Beside(List.of(), "", List.of());

    public Beside {
      flags = List.copyOf(flags);
      wrapperArguments = List.copyOf(wrapperArguments);
    }

    private List<String> allFlags() {
      return Stream.concat(FLAGS.stream(), flags.stream()).toList();
    }
  }

  /** As {@link #start(Kind, String, int, Path, Path, Beside)}, with nothing beside. */
  public static Arm start(Kind kind, String durability, int loops, Path data, Path log)
      throws IOException {
    return start(kind, durability, loops, data, log, Beside.NOTHING);
  }

  /**
   * Starts a server with fresh data and waits until it serves.
   *
   * @param durability the level, for Millrace
   * @param loops event loops of a baseline
   * @param data the directory for its data, not there yet
   * @param log the file for what it prints
   * @param beside what else its JVM is to do
   */
  public static Arm start(
      Kind kind, String durability, int loops, Path data, Path log, Beside beside)
      throws IOException {
    List<String> arguments = new ArrayList<>();
    String mainClass;
    String ready = BaselineServer.READY;
    switch (kind) {
      case MILLRACE, METRICS_OFF -> {
        mainClass =
            kind == Kind.METRICS_OFF
                ? METRICS_OFF
                : beside.wrapper().isEmpty() ? MILLRACE : beside.wrapper();
        arguments.addAll(beside.wrapperArguments());
        ready = MILLRACE_READY;
        arguments.addAll(
            List.of("serve", "--port", "0", "--admin-port", "0", "--durability", durability));
        arguments.addAll(List.of("--data", data.toString()));
      }
      case ELASTICMQ -> {
        return elasticMq(log, beside);
      }
      case EMPTY -> mainClass = EmptyNettyServer.class.getName();
      default -> {
        mainClass = GroupCommitServer.class.getName();
        arguments.addAll(List.of("--data", data.toString()));
        arguments.addAll(List.of("--force", String.valueOf(kind == Kind.GROUP_COMMIT)));
      }
    }
    if (!kind.isMillrace()) {
      arguments.addAll(List.of("--loops", Integer.toString(loops)));
    }
    ChildJvm server = ChildJvm.start(beside.allFlags(), mainClass, arguments, ready, log);
    try {
      // "http://host:port", and for Millrace " admin http://host:port" after it.
      String[] words = server.line(READY_SECONDS).substring(ready.length()).split(" ", -1);
      URI uri = URI.create(words[0]);
      InetSocketAddress address = new InetSocketAddress(uri.getHost(), uri.getPort());
      Arm arm = new Arm(server::close, server.pid(), address, URI.create(words[words.length - 1]));
      arm.makeQueue(SqsRequests.QUEUE);
      return arm;
    } catch (IOException e) {
      server.close();
      throw new IOException("the " + kind.word + " server: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static Arm elasticMq(Path log, Beside beside) throws IOException {
    ElasticMq server =
        ElasticMq.start(
            ElasticMq.jarsOfTheBuild(),
            beside.allFlags(),
            new ElasticMq.Wrapper(beside.wrapper(), beside.wrapperArguments()),
            log,
            Duration.ofSeconds(READY_SECONDS));
    try {
      URI uri = server.endpoint();
      Arm arm =
          new Arm(
              server::close,
              server.pid(),
              new InetSocketAddress(uri.getHost(), uri.getPort()),
              uri);
      arm.makeQueue(SqsRequests.QUEUE);
      return arm;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /** Makes a queue on the server; a baseline says yes to everything. */
  void makeQueue(String queue, int visibilitySeconds) throws IOException {
    call(SqsRequests.to(address).createQueue(queue, visibilitySeconds));
  }

  /** Makes a queue whose messages stay in flight for {@value #VISIBILITY_SECONDS} seconds. */
  public void makeQueue(String queue) throws IOException {
    makeQueue(queue, VISIBILITY_SECONDS);
  }

  /** Deletes a queue with all that is in it. */
  void deleteQueue(String queue) throws IOException {
    call(SqsRequests.to(address).deleteQueue(queue));
  }

  /** Asks one thing on a connection of its own, and wants a yes. */
  private void call(byte[] request) throws IOException {
    HttpConnection.Answer answer = HttpConnection.call(address, request);
    if (answer.status() != 200) {
      throw new IOException("a set-up call: " + answer.status() + " " + answer.body());
    }
  }

  /** A client that sends messages of this size to a queue, from this many connections. */
  RawSocketClient sender(String queue, int connections, int bodyBytes) throws IOException {
    return RawSocketClient.connect(
        address, connections, SqsRequests.to(address).send(queue, bodyBytes, BODY_SEED));
  }

  /** The same, ten messages at a time. */
  RawSocketClient batchSender(String queue, int connections, int bodyBytes) throws IOException {
    return RawSocketClient.connect(
        address, connections, SqsRequests.to(address).sendBatch(queue, bodyBytes, BODY_SEED));
  }

  public InetSocketAddress address() {
    return address;
  }

  /** Where Millrace's metrics are; a baseline has none, nor has Millrace without them. */
  public URI admin() {
    return admin;
  }

  public long pid() {
    return pid;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
