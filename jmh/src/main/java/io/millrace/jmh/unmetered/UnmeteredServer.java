package io.millrace.jmh.unmetered;

import io.millrace.engine.Engine;
import io.millrace.engine.EngineConfig;
import io.millrace.engine.Server;
import io.millrace.engine.ServerConfig;
import io.millrace.engine.ServerMain;
import io.millrace.engine.Serving;
import io.millrace.engine.shard.ShardObserver;
import io.millrace.engine.wire.EndpointLoops;
import io.millrace.engine.wire.RequestObserver;
import io.millrace.engine.wire.SqsEndpoint;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Millrace's engine and endpoint put together as {@link Server} does it, with observers that hear
 * nothing, no metrics and no admin port: what a server would be that measured nothing of itself.
 *
 * <p>Threads: as {@link Server}.
 */
public final class UnmeteredServer implements Serving {

  private final Engine engine;
  private final SqsEndpoint endpoint;
  private final EndpointLoops loops;

  private UnmeteredServer(Engine engine, SqsEndpoint endpoint, EndpointLoops loops) {
    this.engine = engine;
    this.endpoint = endpoint;
    this.loops = loops;
  }

  /** The verb {@code serve}, with the same options, of such a server. */
  public static final class Command extends ServerMain {

    private Command() {}

    /** Runs it; arguments may start with {@code serve}. */
    public static void main(String[] args) {
      run(new Command(), args);
    }

    @Override
    protected Serving open(ServerConfig config) throws IOException {
      return UnmeteredServer.open(config);
    }
  }

  /**
   * Recovers the engine, then listens; the admin port and its pages are left out.
   *
   * @throws IOException if the data cannot be recovered or the address cannot be listened on;
   *     nothing stays open
   */
  public static UnmeteredServer open(ServerConfig config) throws IOException {
    EndpointLoops loops = EndpointLoops.start(config.wire().eventLoops());
    try {
      EngineConfig engineConfig =
          config
              .engine()
              .withCallbacks(Runnable::run)
              .withLoop(loops.first())
              .withObserver(ShardObserver.NONE);
      Engine engine = Engine.open(engineConfig);
      try {
        SqsEndpoint endpoint =
            SqsEndpoint.open(
                config
                    .wire()
                    .as(engineConfig.account(), engineConfig.region())
                    .under(engineConfig.limits()),
                config.decorator().apply(engine),
                RequestObserver.NONE,
                loops);
        return new UnmeteredServer(engine, endpoint, loops);
      } catch (IOException | RuntimeException e) {
        engine.close();
        throw e;
      }
    } catch (IOException | RuntimeException | Error e) {
      loops.close();
      throw e;
    }
  }

  @Override
  public InetSocketAddress address() {
    return endpoint.address();
  }

  /** The SQS endpoint itself: there is no admin port, so nothing answers for metrics. */
  @Override
  public InetSocketAddress adminAddress() {
    return endpoint.address();
  }

  @Override
  public void close() throws IOException {
    try {
      endpoint.close();
    } finally {
      try {
        engine.close();
      } finally {
        loops.close();
      }
    }
  }
}
