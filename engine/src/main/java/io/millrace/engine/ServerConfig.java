package io.millrace.engine;

import com.sun.net.httpserver.HttpHandler;
import io.millrace.engine.sqs.QueueService;
import io.millrace.engine.wire.WireConfig;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * What a server is opened with.
 *
 * @param engine the engine behind it; its account, region and limits are the endpoint's too
 * @param wire how the endpoint listens
 * @param admin where the admin port listens
 * @param decorator wraps the engine before the endpoint sees it; identity for the engine itself
 * @param adminHandlers further pages of the admin port, by path
 */
public record ServerConfig(
    EngineConfig engine,
    WireConfig wire,
    InetSocketAddress admin,
    UnaryOperator<QueueService> decorator,
    Map<String, HttpHandler> adminHandlers) {

  /** An undecorated engine behind an endpoint and an admin port. */
  public static ServerConfig of(EngineConfig engine, WireConfig wire, InetSocketAddress admin) {
    return new ServerConfig(engine, wire, admin, UnaryOperator.identity(), Map.of());
  }
}
