package io.millrace.engine;

import com.sun.net.httpserver.HttpHandler;
import io.millrace.engine.sqs.QueueService;
import io.millrace.engine.telemetry.Telemetry;
import io.millrace.engine.wire.WireConfig;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a server is opened with.
 *
 * @param engine the engine behind it; its account, region and limits are the endpoint's too
 * @param wire how the endpoint listens
 * @param admin where the admin port listens
 * @param decorator wraps the engine before the endpoint sees it; identity for the engine itself
 * @param adminHandlers further pages of the admin port, by path
 * @param accessLog file with a line of JSON for each request, appended to; none by default
 * @param queuesShown queues with metrics of their own, 0 to {@link #QUEUES_SHOWN_MAX}; the rest is
 *     one, {@code queue="_other"}
 */
public record ServerConfig(
    EngineConfig engine,
    WireConfig wire,
    InetSocketAddress admin,
    UnaryOperator<QueueService> decorator,
    Map<String, HttpHandler> adminHandlers,
    Optional<Path> accessLog,
    int queuesShown) {

  /** Bounds the size of a scrape: each queue adds some 16 series. */
  public static final int QUEUES_SHOWN_MAX = 10_000;

  public ServerConfig {
    if (queuesShown < 0 || queuesShown > QUEUES_SHOWN_MAX) {
      throw new IllegalArgumentException(
          "queues shown: 0 to " + QUEUES_SHOWN_MAX + ", not " + queuesShown);
    }
  }

  /** An undecorated engine behind an endpoint and an admin port. */
  public static ServerConfig of(EngineConfig engine, WireConfig wire, InetSocketAddress admin) {
    return new ServerConfig(
        engine,
        wire,
        admin,
        UnaryOperator.identity(),
        Map.of(),
        Optional.empty(),
        Telemetry.QUEUES_SHOWN_DEFAULT);
  }

  /** The same with another access log, or none. */
  public ServerConfig withAccessLog(Optional<Path> file) {
    return new ServerConfig(engine, wire, admin, decorator, adminHandlers, file, queuesShown);
  }

  /** The same with metrics of their own for more queues, or fewer. */
  public ServerConfig withQueuesShown(int queues) {
    return new ServerConfig(engine, wire, admin, decorator, adminHandlers, accessLog, queues);
  }
}
