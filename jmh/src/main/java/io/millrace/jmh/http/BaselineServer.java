package io.millrace.jmh.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What the two baselines share: Netty on a free loopback port, HTTP/1.1, one handler a connection.
 */
final class BaselineServer implements AutoCloseable {

  /** What a baseline prints when it serves, followed by its URL, as the Millrace server does. */
  static final String READY = "baseline ready: ";

  private final EventLoopGroup loops;
  private final Channel listener;

  private BaselineServer(EventLoopGroup loops, Channel listener) {
    this.loops = loops;
    this.listener = listener;
  }

  /**
   * Serves.
   *
   * @param loops event loop threads
   * @param handler makes the handler of one connection, fed by an {@link HttpServerCodec}
   */
  static BaselineServer open(int loops, Supplier<ChannelHandler> handler)
      throws InterruptedException {
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(loops, NioIoHandler.newFactory());
    try {
      Channel listener =
          new ServerBootstrap()
              .group(group)
              .channel(NioServerSocketChannel.class)
              .option(ChannelOption.SO_BACKLOG, 1024)
              .childOption(ChannelOption.TCP_NODELAY, true)
              .childHandler(
                  new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                      channel.pipeline().addLast(new HttpServerCodec(), handler.get());
                    }
                  })
              .bind(InetAddress.getLoopbackAddress(), 0)
              .sync()
              .channel();
      return new BaselineServer(group, listener);
    } catch (InterruptedException | RuntimeException e) {
      group.shutdownGracefully().awaitUninterruptibly();
      throw e;
    }
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /** Prints the line a {@link ServerProcess} waits for. */
  void announce() {
    InetSocketAddress address = address();
    System.out.println(
        READY + "http://" + address.getAddress().getHostAddress() + ":" + address.getPort());
  }

  void awaitClose() throws InterruptedException {
    listener.closeFuture().sync();
  }

  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
