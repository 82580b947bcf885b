package io.millrace.engine.wire;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The threads that serve an endpoint's connections. Who starts them may run short tasks of its own
 * on them, between two batches of requests.
 *
 * <p>Threads: all methods from any but a loop's own.
 */
public final class EndpointLoops implements AutoCloseable {

  private static final long STOP_MS_MAX = 5_000;

  private final EventLoopGroup group;

  private EndpointLoops(EventLoopGroup group) {
    this.group = group;
  }

  /** Starts that many event loops, 1 or more. */
  public static EndpointLoops start(int loops) {
    return new EndpointLoops(
        new MultiThreadIoEventLoopGroup(
            loops, new DefaultThreadFactory("sqs-endpoint", true), NioIoHandler.newFactory()));
  }

  /**
   * One of the loops, always the same; its tasks run one after the other and must not block long.
   */
  public ScheduledExecutorService first() {
    return group.iterator().next();
  }

  EventLoopGroup group() {
    return group;
  }

  /** Runs what was handed over, then ends the threads. */
  @Override
  public void close() {
    group.shutdownGracefully(0, STOP_MS_MAX, TimeUnit.MILLISECONDS).awaitUninterruptibly();
  }
}
