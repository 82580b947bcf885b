package io.millrace.chaos.proxy;

import io.millrace.chaos.policy.Answer;
import io.millrace.chaos.policy.Chance;
import io.millrace.chaos.policy.FaultLog;
import io.millrace.chaos.policy.FaultSwitch;
import io.millrace.chaos.policy.Mishap;
import io.millrace.chaos.policy.SqsAction;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection and the one behind it, one request at a time.
 *
 * <pre>
 *   request ─► vanish? reset? refuse? ─► wait ─► endpoint ─► again? ─► lose the answer? ─► client
 *              half-open                 latency            duplicate  after the request was done
 *                                        bandwidth
 * </pre>
 *
 * <p>Threads: the event loop's.
 */
final class ProxiedConnection extends SimpleChannelInboundHandler<FullHttpRequest> {

  /** Requests read ahead of the one in progress; beyond it the socket is not read. */
  private static final int PARKED_MAX = 16;

  /** Paced answers leave in this many pieces a second. */
  private static final int PIECES_A_SECOND = 50;

  private final InetSocketAddress endpoint;
  private final FaultSwitch faults;
  private final FaultLog log;
  private final Deque<FullHttpRequest> parked = new ArrayDeque<>();

  private @Nullable Channel upstream;
  private @Nullable Exchange current;

  /** Nothing more is read or answered: the connection waits for its end. */
  private boolean mute;

  ProxiedConnection(InetSocketAddress endpoint, FaultSwitch faults, FaultLog log) {
    super(false);
    this.endpoint = endpoint;
    this.faults = faults;
    this.log = log;
  }

  /** A request on its way. */
  private final class Exchange {
    private final ChannelHandlerContext client;
    private final FullHttpRequest request;
    private final SqsCall call;
    private final boolean keepAlive;
    private FaultLog.@Nullable Planned second;

    /** Held while the request is done a second time, and while it leaves in pieces. */
    private @Nullable FullHttpResponse firstAnswer;

    Exchange(ChannelHandlerContext client, FullHttpRequest request) {
      this.client = client;
      this.request = request;
      this.call = SqsCall.of(request);
      this.keepAlive = HttpUtil.isKeepAlive(request);
    }

    Optional<Chance.Hit> draw(Mishap kind) {
      return call.action().flatMap(action -> faults.draw(call.queue(), kind, action));
    }

    String target() {
      return call.action().map(SqsAction::wireName).orElse("");
    }

    void fired(Mishap kind, String detail) {
      log.fired(kind, call.queue(), target(), detail);
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext client, FullHttpRequest request) {
    if (mute) {
      request.release();
      return;
    }
    parked.add(request);
    client.channel().config().setAutoRead(parked.size() < PARKED_MAX);
    next(client);
  }

  @Override
  public void channelInactive(ChannelHandlerContext client) {
    mute = true;
    parked.forEach(ReferenceCountUtil::release);
    parked.clear();
    Exchange exchange = current;
    if (exchange != null) {
      current = null;
      exchange.request.release();
      ReferenceCountUtil.release(exchange.firstAnswer);
    }
    closeUpstream();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext client, Throwable cause) {
    var unused = client.close(); // a peer that reset, or a request beyond the bounds
  }

  private void next(ChannelHandlerContext client) {
    if (current != null || parked.isEmpty() || mute) {
      return;
    }
    Exchange exchange = new Exchange(client, parked.remove());
    current = exchange;
    client.channel().config().setAutoRead(true);
    Optional<Chance.Hit> hit = exchange.draw(Mishap.NET_HALF_OPEN);
    if (hit.isPresent()) {
      long ms = hit.get().drawMs();
      exchange.fired(Mishap.NET_HALF_OPEN, "swallowed, silent for " + ms + " ms");
      silence(exchange, ms);
      return;
    }
    if (exchange.draw(Mishap.NET_RESET).isPresent()) {
      exchange.fired(Mishap.NET_RESET, "reset instead of passing it on");
      reset(exchange.client);
      return;
    }
    hit = exchange.draw(Mishap.NET_THROTTLE);
    if (hit.isPresent()) {
      Answer answer = hit.get().rule().answer();
      exchange.fired(Mishap.NET_THROTTLE, answer.wireName() + ", not passed on");
      answer(exchange, Refusal.of(answer, exchange.call.json()));
      return;
    }
    long delayMs = 0;
    hit = exchange.draw(Mishap.NET_LATENCY);
    if (hit.isPresent()) {
      delayMs = hit.get().drawMs();
      exchange.fired(Mishap.NET_LATENCY, delayMs + " ms late");
    }
    after(delayMs, exchange, () -> forward(exchange));
  }

  private void after(long ms, Exchange exchange, Runnable then) {
    if (ms == 0) {
      then.run();
    } else {
      var unused =
          exchange
              .client
              .channel()
              .eventLoop()
              .schedule(
                  () -> {
                    if (current == exchange) {
                      then.run();
                    }
                  },
                  ms,
                  TimeUnit.MILLISECONDS);
    }
  }

  // ------------------------------------------------------------------------------------- upstream

  private void forward(Exchange exchange) {
    Channel open = upstream;
    if (open != null && open.isActive()) {
      pass(open, exchange);
      return;
    }
    var unused =
        new Bootstrap()
            .group(exchange.client.channel().eventLoop())
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(new HttpClientCodec())
                        .addLast(new HttpObjectAggregator(FaultyProxy.ANSWER_BYTES_MAX))
                        .addLast(new Upstream(exchange.client));
                  }
                })
            .connect(endpoint)
            .addListener(
                (ChannelFutureListener)
                    connected -> {
                      if (!connected.isSuccess()) {
                        reset(exchange.client); // as the endpoint's host would
                      } else if (current != exchange) {
                        var unusedClose = connected.channel().close();
                      } else {
                        upstream = connected.channel();
                        pass(connected.channel(), exchange);
                      }
                    });
  }

  private static void pass(Channel to, Exchange exchange) {
    var unused = to.writeAndFlush(exchange.request.retainedDuplicate());
  }

  private void closeUpstream() {
    Channel open = upstream;
    if (open != null) {
      upstream = null;
      var unused = open.close();
    }
  }

  /** Brings the endpoint's answers home. */
  private final class Upstream extends SimpleChannelInboundHandler<FullHttpResponse> {

    private final ChannelHandlerContext client;

    Upstream(ChannelHandlerContext client) {
      super(false);
      this.client = client;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
      Exchange exchange = current;
      if (exchange == null || context.channel() != upstream) {
        response.release();
        return;
      }
      answered(exchange, response);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (context.channel() == upstream) {
        upstream = null;
        if (current != null) {
          reset(client); // the endpoint went without an answer
        }
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      var unused = context.close();
    }
  }

  // ------------------------------------------------------------------------------------ the answer

  private void answered(Exchange exchange, FullHttpResponse response) {
    boolean done = response.status().code() < 300;
    FaultLog.Planned second = exchange.second;
    if (second != null) {
      if (done) {
        second.fired("done twice, the second answer dropped");
      } else {
        second.missed("the second was answered " + response.status().code());
      }
      response.release();
      FullHttpResponse first = exchange.firstAnswer;
      exchange.firstAnswer = null;
      exchange.second = null;
      if (first != null) {
        deliver(exchange, first);
      }
      return;
    }
    Channel open = upstream;
    if (done
        && open != null
        && HttpUtil.isKeepAlive(response)
        && exchange.draw(Mishap.NET_DUPLICATE_REQUEST).isPresent()) {
      exchange.second =
          log.plan(
              Mishap.NET_DUPLICATE_REQUEST, exchange.call.queue(), exchange.target(), "once more");
      exchange.firstAnswer = response;
      pass(open, exchange);
      return;
    }
    deliver(exchange, response);
  }

  private void deliver(Exchange exchange, FullHttpResponse response) {
    if (response.status().code() < 300) {
      Optional<Chance.Hit> lost = exchange.draw(Mishap.NET_LOST_RESPONSE);
      if (lost.isPresent()) {
        response.release();
        lose(exchange, lost.get());
        return;
      }
    }
    answer(exchange, response);
  }

  private void lose(Exchange exchange, Chance.Hit hit) {
    Answer how = hit.rule().answer();
    exchange.fired(Mishap.NET_LOST_RESPONSE, "done, then " + how.wireName());
    switch (how) {
      case RESET -> reset(exchange.client);
      case CLOSE -> {
        mute = true;
        var unused = exchange.client.close();
      }
      case SILENCE -> silence(exchange, hit.drawMs());
      case ERROR, THROTTLED, UNAVAILABLE ->
          answer(exchange, Refusal.of(Answer.ERROR, exchange.call.json()));
    }
  }

  private void answer(Exchange exchange, FullHttpResponse response) {
    Optional<Chance.Hit> slow = exchange.draw(Mishap.NET_SLOW_CLOSE);
    if (slow.isPresent() || !exchange.keepAlive) {
      response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    Optional<Chance.Hit> paced = exchange.draw(Mishap.NET_BANDWIDTH);
    if (paced.isPresent()) {
      long bytesPerSecond = paced.get().rule().bytesPerSecond();
      long uploadMs = exchange.request.content().readableBytes() * 1_000L / bytesPerSecond;
      after(uploadMs, exchange, () -> pace(exchange, response, bytesPerSecond, slow));
      return;
    }
    var unused =
        exchange.client.writeAndFlush(response).addListener(written -> finished(exchange, slow));
  }

  /** Writes an answer in pieces, so that its last byte leaves when the line would have let it. */
  private void pace(
      Exchange exchange,
      FullHttpResponse response,
      long bytesPerSecond,
      Optional<Chance.Hit> slow) {
    HttpResponse head =
        new DefaultHttpResponse(response.protocolVersion(), response.status(), response.headers());
    if (!HttpUtil.isContentLengthSet(head)) {
      HttpUtil.setContentLength(head, response.content().readableBytes());
    }
    var unused = exchange.client.writeAndFlush(head);
    exchange.firstAnswer = response;
    int piece = (int) Math.max(1, Math.min(1 << 20, bytesPerSecond / PIECES_A_SECOND));
    long pieceMs = Math.max(1, piece * 1_000L / bytesPerSecond);
    pieces(exchange, response.content(), piece, pieceMs, slow);
  }

  private void pieces(
      Exchange exchange, ByteBuf left, int piece, long pieceMs, Optional<Chance.Hit> slow) {
    if (left.readableBytes() > piece) {
      var unused =
          exchange.client.writeAndFlush(new DefaultHttpContent(left.readRetainedSlice(piece)));
      after(pieceMs, exchange, () -> pieces(exchange, left, piece, pieceMs, slow));
      return;
    }
    exchange.firstAnswer = null; // its content goes with the last piece
    var unused =
        exchange
            .client
            .writeAndFlush(new DefaultLastHttpContent(left))
            .addListener(
                written -> {
                  exchange.fired(Mishap.NET_BANDWIDTH, "in pieces of " + piece + " bytes");
                  finished(exchange, slow);
                });
  }

  private void finished(Exchange exchange, Optional<Chance.Hit> slow) {
    if (current != exchange) {
      return;
    }
    current = null;
    exchange.request.release();
    if (slow.isPresent()) {
      mute = true;
      long ms = slow.get().drawMs();
      exchange.fired(Mishap.NET_SLOW_CLOSE, "closed " + ms + " ms after its answer");
      var unused =
          exchange
              .client
              .channel()
              .eventLoop()
              .schedule(() -> hangUp(exchange.client), ms, TimeUnit.MILLISECONDS);
    } else if (!exchange.keepAlive) {
      var unused = exchange.client.close();
    } else {
      next(exchange.client);
    }
  }

  // ------------------------------------------------------------------------------- rude endings

  /** Says nothing more; the connection ends by a reset. */
  private void silence(Exchange exchange, long ms) {
    mute = true;
    exchange.client.channel().config().setAutoRead(false);
    closeUpstream();
    var unused =
        exchange
            .client
            .channel()
            .eventLoop()
            .schedule(() -> reset(exchange.client), ms, TimeUnit.MILLISECONDS);
  }

  private static void hangUp(ChannelHandlerContext client) {
    var unused = client.close();
  }

  private void reset(ChannelHandlerContext client) {
    mute = true;
    client.channel().config().setOption(ChannelOption.SO_LINGER, 0);
    var unused = client.close();
  }
}
