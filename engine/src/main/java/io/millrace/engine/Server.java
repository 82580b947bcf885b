package io.millrace.engine;

import com.sun.net.httpserver.HttpHandler;
import io.millrace.engine.telemetry.AccessLog;
import io.millrace.engine.telemetry.AdminServer;
import io.millrace.engine.telemetry.BuildInfo;
import io.millrace.engine.telemetry.Health;
import io.millrace.engine.telemetry.Telemetry;
import io.millrace.engine.wire.EndpointLoops;
import io.millrace.engine.wire.RequestObserver;
import io.millrace.engine.wire.SqsEndpoint;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An engine with an SQS endpoint and an admin port in front of it.
 *
 * <p>Threads: {@link #open} and {@link #close} from any thread of the caller's, not from a
 * callback.
 */
public final class Server implements Serving {

  /** What {@code /metrics} has, with series for single queues. */
  private static final String PER_QUEUE = "/metrics/per-queue";

  private final Engine engine;
  private final SqsEndpoint endpoint;
  private final AdminServer admin;
  private final EndpointLoops loops;
  private final Telemetry telemetry;
  private final Optional<AccessLog> accessLog;

  private Server(
      Engine engine,
      SqsEndpoint endpoint,
      AdminServer admin,
      EndpointLoops loops,
      Telemetry telemetry,
      Optional<AccessLog> accessLog) {
    this.accessLog = accessLog;
    this.loops = loops;
    this.telemetry = telemetry;
    this.engine = engine;
    this.endpoint = endpoint;
    this.admin = admin;
  }

  /**
   * Recovers the engine, then listens.
   *
   * @throws DataDirectoryBusyException if another engine has the data directory open
   * @throws IOException if the data cannot be recovered or an address cannot be listened on;
   *     nothing stays open
   */
  public static Server open(ServerConfig config) throws IOException {
    EndpointLoops loops = EndpointLoops.start(config.wire().eventLoops());
    try {
      return open(config, loops);
    } catch (IOException | RuntimeException | Error e) {
      loops.close();
      throw e;
    }
  }

  private static Server open(ServerConfig config, EndpointLoops loops) throws IOException {
    Telemetry telemetry = Telemetry.create(BuildInfo.ofBuild());
    // Replies only enter a queue of the endpoint's event loop, so they may leave on the engine's
    // own threads.
    EngineConfig engineConfig =
        config
            .engine()
            .withCallbacks(Runnable::run)
            .withLoop(loops.first())
            .withObserver(telemetry.shardObserver());
    Engine engine = Engine.open(engineConfig);
    try {
      telemetry.show(engine.counters(), engine::nowMs, config.queuesShown());
      telemetry.showDisk(engineConfig.data());
      Map<String, HttpHandler> pages = new HashMap<>(config.adminHandlers());
      pages.put(PER_QUEUE, AdminServer.metrics(telemetry::scrapePerQueue));
      AdminServer admin =
          AdminServer.open(config.admin(), telemetry.registry(), () -> health(engine), pages);
      Optional<AccessLog> accessLog = Optional.empty();
      try {
        if (config.accessLog().isPresent()) {
          accessLog = Optional.of(telemetry.openAccessLog(config.accessLog().get()));
        }
        RequestObserver metrics = telemetry.requestObserver();
        SqsEndpoint endpoint =
            SqsEndpoint.open(
                config
                    .wire()
                    .as(engineConfig.account(), engineConfig.region())
                    .under(engineConfig.limits()),
                config.decorator().apply(engine),
                accessLog.map(metrics::and).orElse(metrics),
                loops);
        telemetry.show(endpoint.counters());
        return new Server(engine, endpoint, admin, loops, telemetry, accessLog);
      } catch (IOException | RuntimeException e) {
        admin.close();
        if (accessLog.isPresent()) {
          accessLog.get().close();
        }
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  private static Health health(Engine engine) {
    return engine
        .failure()
        .map(cause -> Health.failing("the engine has stopped: " + cause.getMessage()))
        .orElse(Health.OK);
  }

  public Engine engine() {
    return engine;
  }

  /** What {@code /metrics} shows; others may register theirs. */
  public PrometheusRegistry metrics() {
    return telemetry.registry();
  }

  /** Where the SQS endpoint listens. */
  @Override
  public InetSocketAddress address() {
    return endpoint.address();
  }

  /** Where the admin port listens. */
  @Override
  public InetSocketAddress adminAddress() {
    return admin.address();
  }

  /** Answers what is in progress, then stops endpoint, engine and admin port, in that order. */
  @Override
  public void close() throws IOException {
    try {
      endpoint.close();
    } finally {
      try {
        engine.close();
      } finally {
        loops.close();
        admin.close();
        if (accessLog.isPresent()) {
          accessLog.get().close();
        }
      }
    }
  }
}
