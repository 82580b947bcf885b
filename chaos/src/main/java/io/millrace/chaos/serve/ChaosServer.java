package io.millrace.chaos.serve;

import io.millrace.chaos.delivery.FaultyQueueService;
import io.millrace.chaos.policy.ChaosPolicy;
import io.millrace.chaos.policy.FaultLog;
import io.millrace.chaos.policy.FaultSwitch;
import io.millrace.chaos.policy.Mishap;
import io.millrace.chaos.policy.QueueFaults;
import io.millrace.engine.Server;
import io.millrace.engine.ServerConfig;
import io.millrace.engine.Serving;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/**
 * A Millrace server with faults.
 *
 * <pre>
 *   clients ──► endpoint ──► FaultyQueueService ──► engine, on a clock that can be stepped
 *                                   ▲                          ▲
 *   admin port: /chaos ──► FaultSwitch, FaultLog ──────────────┘
 * </pre>
 */
public final class ChaosServer implements Serving {

  private final Server server;
  private final FaultSwitch faults;
  private final FaultLog log;
  private final ScheduledExecutorService timer;

  private ChaosServer(
      Server server, FaultSwitch faults, FaultLog log, ScheduledExecutorService timer) {
    this.server = server;
    this.faults = faults;
    this.log = log;
    this.timer = timer;
  }

  /**
   * Opens a server under a policy.
   *
   * @param config the server without faults; its decorator stands between the faults and the engine
   * @param policy in force from the first request on
   * @throws IOException as {@link Server#open}; nothing stays open
   */
  public static ChaosServer open(ServerConfig config, ChaosPolicy policy) throws IOException {
    FaultLog log = new FaultLog();
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
      ChaosPages pages = new ChaosPages(faults, log, ChaosServer::skipped);
      Server server =
          Server.open(
              new ServerConfig(
                  config.engine().withTimeFrom(clock::time),
                  config.wire(),
                  config.admin(),
                  engine ->
                      new FaultyQueueService(config.decorator().apply(engine), faults, log, timer),
                  pages.handlers()));
      FaultMetrics.register(log, server.metrics());
      faults.follow(clock::follow);
      return new ChaosServer(server, faults, log, timer);
    } catch (IOException | RuntimeException | Error e) {
      timer.shutdownNow();
      throw e;
    }
  }

  /** What of a policy cannot be injected here, and why. */
  static List<String> skipped(ChaosPolicy policy) {
    List<String> skipped = new ArrayList<>();
    policy.queues().forEach((queue, section) -> skip(queue, section, skipped));
    return skipped;
  }

  private static void skip(String queue, QueueFaults section, List<String> skipped) {
    section.rules().keySet().stream()
        .filter(kind -> kind.layer() == Mishap.Layer.NETWORK)
        .forEach(
            kind ->
                skipped.add(
                    kind.wireName() + " of " + queue + ": no proxy stands before this server"));
    if (section.order().isPresent()) {
      skipped.add(Mishap.REORDER.wireName() + " of " + queue + ": the engine keeps its own order");
    }
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
    return server.address();
  }

  @Override
  public InetSocketAddress adminAddress() {
    return server.adminAddress();
  }

  @Override
  public void close() throws IOException {
    try {
      server.close();
    } finally {
      timer.shutdownNow();
    }
  }
}
