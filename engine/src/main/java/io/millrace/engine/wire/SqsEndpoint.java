package io.millrace.engine.wire;

import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.sqs.QueueService;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.SqsError;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * An open SQS endpoint over one {@link QueueService}. It owns its sockets and event loops, not the
 * service.
 *
 * <p>Threads: {@link #open} and {@link #close} from any but an event loop; the rest from any.
 */
public final class SqsEndpoint implements AutoCloseable {

  /** The answer to a request that comes while the endpoint stops. */
  static final Reply STOPPING =
      new Reply.Failed(
          new SqsError(ErrorCode.SERVICE_UNAVAILABLE, "The service is stopping; try again later."));

  /** The answer to a receive while too many messages wait for slow clients to take them. */
  static final Reply TOO_MUCH_OUTPUT =
      new Reply.Failed(
          new SqsError(
              ErrorCode.SERVICE_UNAVAILABLE,
              "Too many received messages wait for their clients to take them; try again later."));

  private final Optional<EndpointLoops> ownLoops;
  private final Channel server;
  private final ChannelGroup connections;
  private final ConnectionCounters counters;
  private final WireConfig config;
  private final AtomicBoolean stopping;

  private SqsEndpoint(
      Optional<EndpointLoops> ownLoops,
      Channel server,
      ChannelGroup connections,
      ConnectionCounters counters,
      WireConfig config,
      AtomicBoolean stopping) {
    this.ownLoops = ownLoops;
    this.server = server;
    this.connections = connections;
    this.counters = counters;
    this.config = config;
    this.stopping = stopping;
  }

  /**
   * Listens and serves.
   *
   * @throws IOException if the address cannot be listened on; nothing stays open
   */
  public static SqsEndpoint open(WireConfig config, QueueService service, RequestObserver observer)
      throws IOException {
    return open(config, service, observer, InstantSource.system(), System::nanoTime);
  }

  /**
   * The same on loops that the caller started, and closes after the endpoint; {@code
   * config.eventLoops} does not count.
   *
   * @throws IOException if the address cannot be listened on; the loops stay open
   */
  public static SqsEndpoint open(
      WireConfig config, QueueService service, RequestObserver observer, EndpointLoops loops)
      throws IOException {
    return open(
        config,
        service,
        observer,
        InstantSource.system(),
        System::nanoTime,
        loops,
        Optional.empty());
  }

  /**
   * The same with the wall clock of the Date header and the monotonic clock of all durations handed
   * in.
   */
  static SqsEndpoint open(
      WireConfig config,
      QueueService service,
      RequestObserver observer,
      InstantSource clock,
      LongSupplier nanos)
      throws IOException {
    EndpointLoops own = EndpointLoops.start(config.eventLoops());
    return open(config, service, observer, clock, nanos, own, Optional.of(own));
  }

  private static SqsEndpoint open(
      WireConfig config,
      QueueService service,
      RequestObserver observer,
      InstantSource clock,
      LongSupplier nanos,
      EndpointLoops serving,
      Optional<EndpointLoops> ownLoops)
      throws IOException {
    EventLoopGroup group = serving.group();
    Map<EventLoop, WireLoop> loops = new HashMap<>();
    for (EventExecutor executor : group) {
      EventLoop loop = (EventLoop) executor;
      loops.put(loop, new WireLoop(loop, config, clock, nanos));
    }
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    ConnectionCounters counters = new ConnectionCounters();
    AtomicBoolean stopping = new AtomicBoolean();
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(
                    config.sizes().outputHighWater() / 2, config.sizes().outputHighWater()))
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    connections.add(channel);
                    if (stopping.get()) {
                      // Accepted before the listening socket closed, and too late for the drain.
                      var unused = channel.close();
                      return;
                    }
                    WireLoop loop = Objects.requireNonNull(loops.get(channel.eventLoop()));
                    RequestFramer framer = new RequestFramer(config.sizes());
                    channel
                        .pipeline()
                        .addLast(framer)
                        .addLast(new Connection(loop, framer, config, service, observer, counters));
                  }
                });
    var bound =
        bootstrap
            .bind(new InetSocketAddress(config.bindAddress(), config.port()))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      ownLoops.ifPresent(EndpointLoops::close);
      throw new IOException(
          "cannot listen on " + config.bindAddress() + ":" + config.port(), bound.cause());
    }
    return new SqsEndpoint(ownLoops, bound.channel(), connections, counters, config, stopping);
  }

  /** Where it listens; the port is never 0. */
  public InetSocketAddress address() {
    return (InetSocketAddress) server.localAddress();
  }

  public int port() {
    return address().getPort();
  }

  public ConnectionCounters counters() {
    return counters;
  }

  /**
   * Stops taking connections and requests, and begins to finish: requests in flight are still
   * answered, receives that wait are answered empty now, each connection closes after its last
   * answer. Does not wait.
   */
  public void drain() {
    stopping.set(true);
    var unused = server.close();
    for (Channel channel : connections) {
      channel
          .eventLoop()
          .execute(
              () -> {
                Connection connection = channel.pipeline().get(Connection.class);
                if (connection != null) {
                  connection.drain();
                }
              });
    }
  }

  /**
   * Drains, waits for requests in flight at most {@code stopMax}, then closes every connection, and
   * ends the loops unless they are the caller's.
   */
  @Override
  public void close() {
    server.close().awaitUninterruptibly();
    drain();
    connections.newCloseFuture().awaitUninterruptibly(config.times().stopMax());
    connections.close().awaitUninterruptibly();
    ownLoops.ifPresent(EndpointLoops::close);
  }
}
