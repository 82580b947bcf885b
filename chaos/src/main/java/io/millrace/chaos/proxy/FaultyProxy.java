package io.millrace.chaos.proxy;

import io.millrace.chaos.policy.FaultLog;
import io.millrace.chaos.policy.FaultSwitch;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** An open proxy before one endpoint. */
public final class FaultyProxy implements AutoCloseable {

  /** The largest request passed on; SQS takes 1 MiB, and its escapes inflate. */
  static final int REQUEST_BYTES_MAX = 16 << 20;

  /** The largest answer passed on: ten messages of 1 MiB, escaped. */
  static final int ANSWER_BYTES_MAX = 128 << 20;

  private final EventLoopGroup loop;
  private final Channel listening;
  private final ChannelGroup connections;

  private FaultyProxy(EventLoopGroup loop, Channel listening, ChannelGroup connections) {
    this.loop = loop;
    this.listening = listening;
    this.connections = connections;
  }

  /**
   * Listens, and passes on to an endpoint.
   *
   * @param address to listen on; port 0 takes a free one
   * @param endpoint where requests go; connected to when the first comes
   * @throws IOException if the address cannot be listened on; nothing stays open
   */
  public static FaultyProxy open(
      InetSocketAddress address, InetSocketAddress endpoint, FaultSwitch faults, FaultLog log)
      throws IOException {
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    var bound =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    connections.add(channel);
                    channel
                        .pipeline()
                        .addLast(new HttpServerCodec(8 * 1024, 16 * 1024, 64 * 1024))
                        .addLast(new HttpObjectAggregator(REQUEST_BYTES_MAX))
                        .addLast(new ProxiedConnection(endpoint, faults, log));
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      end(loop);
      throw new IOException("cannot listen on " + address, bound.cause());
    }
    return new FaultyProxy(loop, bound.channel(), connections);
  }

  /** Where it listens; the port is never 0. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listening.localAddress();
  }

  /** Cuts every connection and stops listening. */
  @Override
  public void close() {
    listening.close().awaitUninterruptibly();
    connections.close().awaitUninterruptibly();
    end(loop);
  }

  private static void end(EventLoopGroup loop) {
    loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
