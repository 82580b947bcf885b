package io.millrace.jmh.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * The bar for the cost of everything behind HTTP: a Netty server that reads each request whole and
 * answers a constant.
 *
 * <p>It does what any endpoint on Netty must (frame, decode headers, read the body, encode a
 * response of the same size with the same headers) and nothing else, so a server's rate divided by
 * this one's is the share HTTP leaves it with.
 *
 * <p>Run as {@code java ... io.millrace.jmh.http.EmptyNettyServer [--loops N]}.
 */
final class EmptyNettyServer {

  private EmptyNettyServer() {}

  /** Serves until the process is ended. */
  public static void main(String[] arguments) throws InterruptedException {
    BaselineOptions options = BaselineOptions.parse(arguments);
    BaselineServer server = open(options.loops());
    server.announce();
    server.awaitClose();
  }

  static BaselineServer open(int loops) throws InterruptedException {
    return BaselineServer.open(loops, Answering::new);
  }

  private static final class Answering extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      boolean last = message instanceof LastHttpContent;
      ReferenceCountUtil.release(message);
      if (last) {
        var unused = context.write(SendAnswer.next(), context.voidPromise());
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      var unused = context.close();
    }
  }
}
