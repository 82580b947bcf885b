package io.millrace.chaos.scenario;

import io.millrace.chaos.client.Caps;
import io.millrace.chaos.client.SqsEndpoint;
import io.millrace.chaos.client.SqsTarget;
import io.millrace.chaos.client.Target;
import io.millrace.chaos.embedded.EmbeddedServer;
import io.millrace.chaos.history.Survival;
import io.millrace.chaos.inject.ServerCommand;
import io.millrace.chaos.inject.ServerUnderTest;
import io.millrace.chaos.inject.Signals;
import io.millrace.chaos.inject.SmallDisk;
import io.millrace.chaos.policy.ChaosPolicy;
import io.millrace.chaos.policy.FaultLog;
import io.millrace.chaos.policy.FaultSwitch;
import io.millrace.chaos.policy.Mishap;
import io.millrace.chaos.proxy.FaultyProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a part is run against, with what faults need around it:
 *
 * <pre>
 *   clients ──► FaultyProxy in the lab ──► server process, with chaos pages if its policy asks
 *               (if the policy has faults of the network)
 * </pre>
 *
 * Opened and closed by one thread.
 */
final class Subject implements AutoCloseable {

  /** Longer than any long poll and any delay on the way. */
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

  /**
   * A server that is stopped and started all the time never gets to what a second compiler does.
   */
  private static final List<String> SHORT_LIVED =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private static final String SERVER = "io.millrace.engine.ServerMain";
  private static final String CHAOS_SERVER = "io.millrace.chaos.serve.ServeCommand";

  /** Faults that a server started with chaos pages does by itself. */
  static final Set<Mishap.Layer> IN_SERVER =
      EnumSet.of(Mishap.Layer.DELIVERY, Mishap.Layer.CLOCK, Mishap.Layer.ORDER);

  private static final int HTTP_PORT = 80;

  private final TargetChoice choice;
  private final Target target;
  private final Optional<SmallDisk> disk;
  private final Optional<ServerUnderTest> server;
  private final Optional<FaultyProxy> proxy;
  private final FaultSwitch network = new FaultSwitch(ChaosPolicy.NONE);
  private final FaultLog networkLog = new FaultLog();

  private Subject(TargetChoice choice, Part.Proc part, Path directory) throws IOException {
    this.choice = choice;
    Survival survival = survival(part.server().durability());
    if (choice instanceof TargetChoice.Embedded) {
      disk = Optional.empty();
      server = Optional.empty();
      proxy = Optional.empty();
      target =
          EmbeddedServer.open(
              directory.resolve("data"), part.server().durability(), survival, ANSWER_TIMEOUT);
      return;
    }
    boolean ours = choice instanceof TargetChoice.Http;
    disk =
        ours && part.server().hasDisk() && SmallDisk.whyNone().isEmpty()
            ? Optional.of(SmallDisk.mount(directory.resolve("data"), part.server().diskBytes()))
            : Optional.empty();
    Optional<ServerUnderTest> started = Optional.empty();
    try {
      if (ours) {
        started =
            Optional.of(
                ServerUnderTest.start(command(part, directory), directory.resolve("server.log")));
      }
      server = started;
      URI uri =
          choice instanceof TargetChoice.Endpoint endpoint
              ? endpoint.uri()
              : server.orElseThrow().process().addresses().endpoint();
      proxy =
          part.policy().concerns(Mishap.Layer.NETWORK) && cannot(Mishap.NET_RESET).isEmpty()
              ? Optional.of(
                  FaultyProxy.open(
                      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                      new InetSocketAddress(
                          uri.getHost(), uri.getPort() < 0 ? HTTP_PORT : uri.getPort()),
                      network,
                      networkLog))
              : Optional.empty();
      URI reached =
          proxy.map(each -> URI.create("http://127.0.0.1:" + each.address().getPort())).orElse(uri);
      target =
          new SqsTarget(
              SqsEndpoint.of(reached, part.load().clients() + 2, ANSWER_TIMEOUT),
              server.isPresent()
                  ? Caps.everything("millrace at " + part.server().durability(), survival)
                  : Caps.everything(uri.toString(), Survival.UNDECLARED));
    } catch (IOException | RuntimeException | Error e) {
      started.ifPresent(ServerUnderTest::close);
      if (disk.isPresent()) {
        disk.get().close();
      }
      throw e;
    }
  }

  /**
   * Starts what is needed.
   *
   * @param directory of the part; takes the server's data and log
   * @throws IOException if it does not start; nothing stays open
   */
  static Subject open(TargetChoice choice, Part.Proc part, Path directory) throws IOException {
    return new Subject(choice, part, directory);
  }

  Target target() {
    return target;
  }

  /** The server, if the lab started one in a process of its own. */
  Optional<ServerUnderTest> server() {
    return server;
  }

  /** The admin port of a server with chaos pages; empty without one. */
  Optional<URI> chaosPages(ChaosPolicy policy) {
    return isInServer(policy)
        ? server.map(each -> each.process().addresses().admin())
        : Optional.empty();
  }

  /** The policy of the proxy. */
  FaultSwitch network() {
    return network;
  }

  /** What fired in the proxy. */
  FaultLog networkLog() {
    return networkLog;
  }

  /** The file system that is to fill up, if there is one. */
  Optional<SmallDisk> disk() {
    return disk;
  }

  /** Why no disk can fill up here; empty if one can. */
  Optional<String> whyNoDisk() {
    return choice instanceof TargetChoice.Http
        ? SmallDisk.whyNone()
        : Optional.of("it needs a server that the lab started");
  }

  /** Why a kind of fault cannot be injected here; empty if it can. */
  Optional<String> cannot(Mishap kind) {
    boolean network = kind.layer() == Mishap.Layer.NETWORK;
    if (choice instanceof TargetChoice.Embedded) {
      return Optional.of(
          network
              ? "an embedded engine has no network"
              : "the engine runs in the lab's own process, which does this to a server only");
    }
    if (choice instanceof TargetChoice.Endpoint endpoint) {
      if (!network) {
        return Optional.of("it needs a server that the lab started");
      }
      return "https".equals(endpoint.uri().getScheme())
          ? Optional.of("the proxy cannot look into TLS")
          : Optional.empty();
    }
    return switch (kind) {
      case PAUSE -> Signals.whyNoPause();
      case SAME_PID_RESTART -> Signals.whyNoOwnProcessIds();
      default -> Optional.empty();
    };
  }

  /** Whether a policy has faults that fire in the server. */
  static boolean isInServer(ChaosPolicy policy) {
    return !policy.clock().isEmpty()
        || policy.concerns(Mishap.Layer.DELIVERY)
        || policy.queues().values().stream().anyMatch(faults -> faults.order().isPresent());
  }

  private static Survival survival(String durability) {
    return durability.equals("power-loss") ? Survival.POWER_LOSS : Survival.PROCESS_CRASH;
  }

  private static ServerCommand command(Part.Proc part, Path directory) {
    ServerSetup setup = part.server();
    List<String> sizes =
        List.of(
            "--segment-bytes",
            Long.toString(setup.segmentBytes()),
            "--checkpoint-bytes",
            Long.toString(setup.checkpointBytes()));
    ServerCommand plain =
        ServerCommand.serve(
            directory.resolve("data"),
            setup.durability(),
            System.getenv().getOrDefault("MILLRACE_JAVA_OPTS", ""));
    if (!isInServer(part.policy())) {
      return plain.with(SERVER, SHORT_LIVED, sizes);
    }
    return plain
        .with(CHAOS_SERVER, SHORT_LIVED, sizes)
        .with(CHAOS_SERVER, List.of(), List.of("--without-proxy"));
  }

  @Override
  public void close() throws IOException {
    target.close();
    proxy.ifPresent(FaultyProxy::close);
    server.ifPresent(ServerUnderTest::close);
    if (disk.isPresent()) {
      disk.get().close();
    }
  }
}
