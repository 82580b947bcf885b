package io.millrace.chaos.serve;

import io.millrace.chaos.delivery.FaultyQueueService;
import io.millrace.chaos.policy.ChaosPolicy;
import io.millrace.chaos.policy.FaultLog;
import io.millrace.chaos.policy.FaultSwitch;
import io.millrace.chaos.policy.Mishap;
import io.millrace.chaos.policy.QueueFaults;
import io.millrace.chaos.proxy.FaultyProxy;
import io.millrace.engine.Server;
import io.millrace.engine.ServerConfig;
import io.millrace.engine.Serving;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * A Millrace server with faults.
 *
 * <pre>
 *   clients ──► FaultyProxy ──► endpoint ──► FaultyQueueService ──► engine, on a clock
 *                    ▲                              ▲               that can be stepped
 *   admin port: /chaos ──► FaultSwitch, FaultLog ───┘                      ▲
 *                                       └──────────────────────────────────┘
 * </pre>
 */
public final class ChaosServer implements Serving {

  private static final String LOOPBACK = "127.0.0.1";

  private final Server server;
  private final Optional<FaultyProxy> proxy;
  private final FaultSwitch faults;
  private final FaultLog log;
  private final ScheduledExecutorService timer;

  private ChaosServer(
      Server server,
      Optional<FaultyProxy> proxy,
      FaultSwitch faults,
      FaultLog log,
      ScheduledExecutorService timer) {
    this.server = server;
    this.proxy = proxy;
    this.faults = faults;
    this.log = log;
    this.timer = timer;
  }

  /**
   * Opens a server under a policy.
   *
   * @param config the server without faults; its decorator stands between the faults and the engine
   * @param policy in force from the first request on
   * @param proxied whether a proxy stands at the server's address, with the endpoint behind it on a
   *     free port of loopback; without it no fault of the network can be injected, and a request
   *     takes one hop less
   * @throws IOException as {@link Server#open}; nothing stays open
   */
  public static ChaosServer open(ServerConfig config, ChaosPolicy policy, boolean proxied)
      throws IOException {
    FaultLog log = new FaultLog();
    FaultEvent.follow(log);
    FaultSwitch faults = new FaultSwitch(policy);
    ScheduledExecutorService timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "millrace-chaos");
              thread.setDaemon(true);
              return thread;
            });
    try {
      SteppedClock clock = new SteppedClock(System::currentTimeMillis, timer, log);
      ChaosPages pages = new ChaosPages(faults, log, asked -> skipped(asked, proxied));
      Server server =
          Server.open(
              new ServerConfig(
                  config
                      .engine()
                      .withTimeFrom(clock::time)
                      .withDelivery(new OrderedDelivery(faults, log)),
                  proxied ? config.wire().at(LOOPBACK, 0) : config.wire(),
                  config.admin(),
                  engine ->
                      new FaultyQueueService(config.decorator().apply(engine), faults, log, timer),
                  pages.handlers(),
                  config.accessLog(),
                  config.queuesShown()));
      try {
        FaultMetrics.register(log, server.metrics());
        Optional<FaultyProxy> proxy =
            proxied ? Optional.of(proxy(config, server, faults, log)) : Optional.empty();
        faults.follow(clock::follow);
        return new ChaosServer(server, proxy, faults, log, timer);
      } catch (IOException | RuntimeException | Error e) {
        server.close();
        throw e;
      }
    } catch (IOException | RuntimeException | Error e) {
      timer.shutdownNow();
      throw e;
    }
  }

  private static FaultyProxy proxy(
      ServerConfig config, Server server, FaultSwitch faults, FaultLog log) throws IOException {
    return FaultyProxy.open(
        new InetSocketAddress(config.wire().bindAddress(), config.wire().port()),
        server.address(),
        faults,
        log);
  }

  /** What of a policy cannot be injected here, and why. */
  private static List<String> skipped(ChaosPolicy policy, boolean proxied) {
    List<String> skipped = new ArrayList<>();
    policy.queues().forEach((queue, section) -> skip(queue, section, proxied, skipped));
    return skipped;
  }

  private static void skip(
      String queue, QueueFaults section, boolean proxied, List<String> skipped) {
    section.rules().keySet().stream()
        .filter(kind -> !proxied && kind.layer() == Mishap.Layer.NETWORK)
        .forEach(
            kind ->
                skipped.add(
                    kind.wireName() + " of " + queue + ": no proxy stands before this server"));
  }

  /** The policy in force. */
  public FaultSwitch faults() {
    return faults;
  }

  /** What was planned and what fired. */
  public FaultLog log() {
    return log;
  }

  @Override
  public InetSocketAddress address() {
    return proxy.map(FaultyProxy::address).orElseGet(server::address);
  }

  @Override
  public InetSocketAddress adminAddress() {
    return server.adminAddress();
  }

  @Override
  public void close() throws IOException {
    try {
      server.close(); // the proxy passes on the last answers
    } finally {
      proxy.ifPresent(FaultyProxy::close);
      timer.shutdownNow();
    }
  }
}
