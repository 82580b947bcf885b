package io.millrace.engine.wire;

import io.millrace.engine.sqs.QueueService;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: gathers requests, keeps what it owes in order, and knows what it waits
 * for and how long it will.
 *
 * <p>Requests may be pipelined. Each becomes an {@link Exchange} at the end of a list; the service
 * answers in any order, and the answers leave from the head of the list, encoded only when their
 * turn has come and the client takes output. At the bound on requests in flight, or with a client
 * that does not read, the socket is not read either; what one read had brought beyond the bound is
 * parked.
 *
 * <p>After a refusal that ends the connection the rest of the input is read and thrown away for a
 * moment: closing a socket with unread input resets it, and the client would lose the answer that
 * says why.
 *
 * <p>Threads: the event loop's only.
 */
final class Connection extends ChannelInboundHandlerAdapter {

  private static final System.Logger LOG = System.getLogger(Connection.class.getName());

  private static final byte[] CONTINUE = MessageText.encode("HTTP/1.1 100 Continue\r\n\r\n");

  private static final int FIRST_BODY_BYTES_MAX = 64 * 1024;

  private final WireLoop loop;
  private final RequestFramer framer;
  private final WireConfig config;
  private final QueueService service;
  private final RequestObserver observer;
  private final ConnectionCounters counters;
  private final Patience patience;

  @SuppressWarnings("NullAway.Init") // by handlerAdded, before anything else
  private ChannelHandlerContext ctx;

  // Owed answers, oldest first.
  private @Nullable Exchange first;
  private @Nullable Exchange last;
  private int inFlight;
  private int receivesInFlight;

  // The request being received.
  private @Nullable HttpRequest head;
  private @Nullable ByteBuf body;
  private int bodyBytes;

  private final ArrayDeque<Object> parked = new ArrayDeque<>(0);

  /** No further request is taken: the last answer is queued or written. */
  private boolean sealed;

  /** The last answer is written, or being written. */
  private boolean finishing;

  private boolean draining;
  private boolean reading;
  private boolean advancing;
  private boolean unflushed;

  /** Whether this is on the loop's list of connections with a new reply. */
  private boolean noted;

  Connection(
      WireLoop loop,
      RequestFramer framer,
      WireConfig config,
      QueueService service,
      RequestObserver observer,
      ConnectionCounters counters) {
    this.loop = loop;
    this.framer = framer;
    this.config = config;
    this.service = service;
    this.observer = observer;
    this.counters = counters;
    this.patience = new Patience(loop.eventLoop(), config.times(), loop::nanos, this::patienceLost);
  }

  WireLoop loop() {
    return loop;
  }

  // What Netty tells.

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    patience.renew(loop.nanos());
    if (counters.opened() > config.counts().connectionsMax()) {
      counters.turnedAway.increment();
      Exchange refused = newExchange(null);
      refused.refuse(HttpRefusal.TOO_MANY_CONNECTIONS);
      owe(refused);
      advance();
    } else {
      await();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    reading = true;
    if (sealed) {
      ReferenceCountUtil.release(message);
    } else if (parked.isEmpty() && !isFull()) {
      take(message);
      // Written before the next is taken, though flushed later: only so is output nobody takes
      // seen.
      writeAnswers();
    } else {
      parked.add(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    reading = false;
    advance();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    advance();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    counters.closed();
    sealed = true;
    patience.stop();
    dropInput();
    for (Exchange owed = first; owed != null; owed = owed.later) {
      letGo(owed);
      CompletableFuture<Reply> pending = owed.pending;
      if (pending != null
          && owed.request instanceof Request.ReceiveMessage
          && pending.cancel(false)) {
        counters.cancelledPolls.increment();
      }
    }
    first = null;
    last = null;
    inFlight = 0;
    receivesInFlight = 0;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    fail(cause);
  }

  /** Gives the connection up. */
  void fail(Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.log(System.Logger.Level.ERROR, "a connection failed and is closed", cause);
    }
    hangUp();
  }

  // Requests in.

  private void take(Object message) {
    try {
      if (!sealed && message instanceof HttpRequest request) {
        head(request);
      }
      if (!sealed && message instanceof HttpContent content) {
        content(content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void head(HttpRequest request) {
    HttpHeaders headers = request.headers();
    if (request.decoderResult().isFailure()) {
      refuse(request, refusalOf(request.decoderResult().cause()));
    } else if (!request.method().equals(HttpMethod.POST)
        && !request.method().equals(HttpMethod.GET)) {
      refuse(request, HttpRefusal.METHOD_NOT_ALLOWED);
    } else if (!HostHeader.isRight(request)) {
      refuse(request, HttpRefusal.BAD_REQUEST);
    } else if (HttpUtil.getContentLength(request, 0L) > config.sizes().bodyMax()) {
      refuse(request, HttpRefusal.BODY_TOO_LARGE);
    } else if (!isExpectationMet(headers.get(HttpHeaderNames.EXPECT))) {
      refuse(request, HttpRefusal.EXPECTATION_FAILED);
    } else {
      head = request;
      bodyBytes = 0;
    }
  }

  private static HttpRefusal refusalOf(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return HttpRefusal.URI_TOO_LONG;
    }
    return cause instanceof TooLongHttpHeaderException
        ? HttpRefusal.HEADERS_TOO_LARGE
        : HttpRefusal.BAD_REQUEST;
  }

  /**
   * Tells a client that asks first to go on; its body's announced length was found acceptable
   * before.
   */
  private boolean isExpectationMet(@Nullable String expectation) {
    if (expectation == null) {
      return true;
    }
    if (!expectation.equalsIgnoreCase("100-continue")) {
      return false;
    }
    if (first == null) {
      write(Unpooled.wrappedBuffer(CONTINUE));
    }
    return true;
  }

  private void content(HttpContent content) {
    HttpRequest request = head;
    if (request == null) {
      return;
    }
    ByteBuf bytes = content.content();
    bodyBytes += bytes.readableBytes();
    patience.bodyBytes(bodyBytes);
    if (content.decoderResult().isFailure()) {
      refuse(request, HttpRefusal.BAD_REQUEST);
    } else if (bodyBytes > config.sizes().bodyMax()) {
      refuse(request, HttpRefusal.BODY_TOO_LARGE);
    } else if (content instanceof LastHttpContent) {
      ByteBuf earlier = body;
      if (earlier == null) {
        ask(request, bytes);
      } else {
        body = null;
        counters.returnInput(earlier.readableBytes());
        try {
          ask(request, earlier.writeBytes(bytes));
        } finally {
          earlier.release();
        }
      }
      head = null;
    } else if (!counters.takeInput(bytes.readableBytes(), config.sizes().inputMax())) {
      refuse(request, HttpRefusal.TOO_MUCH_INPUT);
    } else {
      // Room for what came, not for what was announced: an announcement costs its sender nothing.
      if (body == null) {
        int announced = HttpUtil.getContentLength(request, FIRST_BODY_BYTES_MAX);
        body = ctx.alloc().heapBuffer(Math.min(announced, FIRST_BODY_BYTES_MAX));
      }
      body.writeBytes(bytes);
    }
  }

  /** Hands a whole request on. */
  private void ask(HttpRequest request, ByteBuf bytes) {
    patience.satisfied();
    Exchange exchange = newExchange(request);
    exchange.arrivedAtNanos = loop.nanos();
    int length = bytes.readableBytes();
    exchange.requestBytes = length;
    if (bytes.hasArray()) {
      loop.reader()
          .read(
              exchange, request, bytes.array(), bytes.arrayOffset() + bytes.readerIndex(), length);
    } else {
      byte[] copy = loop.scratch(length);
      bytes.getBytes(bytes.readerIndex(), copy, 0, length);
      loop.reader().read(exchange, request, copy, 0, length);
    }
    if (draining && !exchange.answered) {
      exchange.answer(SqsEndpoint.STOPPING);
      exchange.closeAfter = true;
    }
    owe(exchange);
    Request asked = exchange.request;
    if (!exchange.answered && asked != null) {
      submit(asked, exchange);
    }
  }

  private void submit(Request asked, Exchange exchange) {
    if (exchange.isReceive() && counters.heldReplyBytes() > config.sizes().repliesMax()) {
      exchange.answer(SqsEndpoint.TOO_MUCH_OUTPUT);
      return;
    }
    CompletableFuture<Reply> pending;
    try {
      pending = service.submit(asked);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "the service failed to take a request", e);
      exchange.answer(Exchange.BROKEN);
      return;
    }
    exchange.pending = pending;
    var unused = pending.whenComplete(exchange);
  }

  private Exchange newExchange(@Nullable HttpRequest request) {
    Exchange exchange = new Exchange(this);
    loop.drawRequestId(exchange);
    if (request != null) {
      exchange.http10 = !request.protocolVersion().isKeepAliveDefault();
      exchange.closeAfter = !HttpUtil.isKeepAlive(request);
      exchange.headOnly = request.method().equals(HttpMethod.HEAD);
    }
    return exchange;
  }

  private void refuse(HttpRequest request, HttpRefusal why) {
    Exchange exchange = newExchange(request);
    exchange.protocol = RequestReader.protocol(request.headers());
    exchange.refuse(why);
    owe(exchange);
  }

  private void owe(Exchange exchange) {
    if (exchange.refusal != null) {
      counters.refused.increment();
    }
    if (last == null) {
      first = exchange;
    } else {
      last.later = exchange;
    }
    last = exchange;
    inFlight++;
    receivesInFlight += exchange.isReceive() ? 1 : 0;
    if (exchange.closeAfter) {
      sealed = true;
      dropInput();
    }
  }

  private void dropInput() {
    head = null;
    if (body != null) {
      counters.returnInput(body.readableBytes());
      body.release();
      body = null;
    }
    for (Object message = parked.poll(); message != null; message = parked.poll()) {
      ReferenceCountUtil.release(message);
    }
  }

  // Answers out.

  /** Takes a reply that came on the loop itself. */
  void answered(Exchange exchange) {
    exchange.answered = true;
    hold(exchange);
    if (!reading && !advancing) {
      advance();
    }
  }

  /** Takes a reply of a batch; the answer is whether the connection is new to the batch. */
  boolean note(Exchange exchange) {
    exchange.answered = true;
    hold(exchange);
    boolean fresh = !noted;
    noted = true;
    return fresh;
  }

  /** Counts a reply's messages from here until the socket has taken them. */
  private void hold(Exchange exchange) {
    if (ctx.channel().isActive()) {
      exchange.heldBytes = exchange.messageBytes();
      counters.holdReply(exchange.heldBytes);
    }
  }

  private void letGo(Exchange exchange) {
    counters.letReplyGo(exchange.heldBytes);
    exchange.heldBytes = 0;
  }

  /**
   * Writes the answers whose turn it is, takes parked requests in their place, and says what is
   * awaited next.
   */
  void advance() {
    noted = false;
    if (advancing || !ctx.channel().isActive()) {
      return;
    }
    advancing = true;
    try {
      do {
        writeAnswers();
      } while (takeParked());
    } finally {
      advancing = false;
    }
    if (unflushed) {
      unflushed = false;
      ctx.flush();
    }
    ctx.channel().config().setAutoRead(sealed || (parked.isEmpty() && !isFull()));
    await();
  }

  private boolean isFull() {
    return inFlight >= config.counts().pipelinedMax()
        || receivesInFlight >= config.counts().receivesMax()
        || !ctx.channel().isWritable();
  }

  private boolean takeParked() {
    boolean took = false;
    while (!parked.isEmpty() && !isFull()) {
      take(parked.poll());
      took = true;
    }
    return took;
  }

  private void writeAnswers() {
    for (Exchange answer = first;
        answer != null && answer.answered && ctx.channel().isWritable();
        answer = first) {
      first = answer.later;
      if (first == null) {
        last = null;
      }
      inFlight--;
      receivesInFlight -= answer.isReceive() ? 1 : 0;
      answer.closeAfter |= draining && first == null && head == null;
      ByteBuf bytes = loop.encoder().encode(answer, ctx.alloc());
      observe(answer, bytes.readableBytes());
      if (answer.closeAfter) {
        letGo(answer);
        writeLast(bytes, answer.refusal != null);
        return;
      }
      if (answer.heldBytes > 0) {
        Exchange taken = answer;
        var unused = ctx.write(bytes).addListener(written -> letGo(taken));
        unflushed = true;
      } else {
        write(bytes);
      }
    }
  }

  private void observe(Exchange answer, int bytes) {
    long now = loop.nanos();
    patience.renew(now);
    observer.answered(answer, answer.refusal == null ? now - answer.arrivedAtNanos : 0, bytes);
  }

  private void write(ByteBuf bytes) {
    var unused = ctx.write(bytes, ctx.voidPromise());
    unflushed = true;
  }

  private void writeLast(ByteBuf bytes, boolean inputUnread) {
    sealed = true;
    finishing = true;
    dropInput();
    patience.await(Patience.Awaited.OUTPUT);
    unflushed = false;
    ChannelFutureListener whenWritten =
        written -> {
          if (written.isSuccess() && inputUnread) {
            var unused = ((DuplexChannel) written.channel()).shutdownOutput();
            patience.await(Patience.Awaited.END);
          } else {
            hangUp();
          }
        };
    var unused = ctx.writeAndFlush(bytes).addListener(whenWritten);
  }

  private void hangUp() {
    var unused = ctx.close();
  }

  // Stopping.

  /**
   * Finishes what was asked, refuses what comes, and closes; polls that wait are answered empty at
   * once.
   */
  void drain() {
    draining = true;
    for (Exchange owed = first; owed != null; owed = owed.later) {
      CompletableFuture<Reply> pending = owed.pending;
      if (pending != null && owed.mayWait()) {
        pending.cancel(false);
      }
    }
    if (first == null && head == null && !framer.isMidHead()) {
      hangUp();
    }
  }

  /** Says what is awaited now; once the last answer is on its way that is settled. */
  private void await() {
    if (finishing) {
      return;
    }
    Patience.Awaited what;
    if (!ctx.channel().isWritable()) {
      what = Patience.Awaited.OUTPUT;
    } else if (sealed || isFull()) {
      what = Patience.Awaited.NOTHING;
    } else if (head != null) {
      what = Patience.Awaited.BODY;
    } else if (framer.isMidHead()) {
      what = Patience.Awaited.HEAD;
    } else {
      what = first == null ? Patience.Awaited.REQUEST : Patience.Awaited.NOTHING;
    }
    patience.await(what);
  }

  private void patienceLost() {
    switch (patience.awaited()) {
      case HEAD, BODY -> {
        counters.timedOut.increment();
        HttpRequest late = head;
        Exchange exchange = newExchange(late);
        if (late != null) {
          exchange.protocol = RequestReader.protocol(late.headers());
        }
        exchange.refuse(HttpRefusal.REQUEST_TIMEOUT);
        owe(exchange);
        advance();
      }
      default -> hangUp();
    }
  }
}
