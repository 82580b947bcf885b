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
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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

  /** A body's rate is looked at this often. */
  private static final int RATE_LOOK_MS = 1_000;

  private static final int FIRST_BODY_BYTES_MAX = 64 * 1024;

  /** What the connection waits for, and so which bound on time applies. */
  private enum Awaited {
    /** The service, or room in the pipeline: the client cannot be blamed. */
    NOTHING,
    REQUEST,
    HEAD,
    BODY,
    /** The client to take its answers. */
    OUTPUT,
    /** The client to hang up. */
    END
  }

  private final WireLoop loop;
  private final RequestFramer framer;
  private final WireConfig config;
  private final QueueService service;
  private final RequestObserver observer;
  private final ConnectionCounters counters;

  @SuppressWarnings("NullAway.Init") // by handlerAdded, before anything else
  private ChannelHandlerContext ctx;

  // Owed answers, oldest first.
  private @Nullable Exchange first;
  private @Nullable Exchange last;
  private int inFlight;

  // The request being received.
  private @Nullable HttpRequest head;
  private @Nullable ByteBuf body;
  private int bodyBytes;

  private final ArrayDeque<Object> parked = new ArrayDeque<>(0);

  /** No further request is taken: the last answer is queued or written. */
  private boolean sealed;

  private boolean draining;
  private boolean reading;
  private boolean advancing;
  private boolean unflushed;

  /** Whether this is on the loop's list of connections with a new reply. */
  private boolean noted;

  private Awaited awaited = Awaited.REQUEST;
  private long awaitedSinceNanos;
  private @Nullable ScheduledFuture<?> alarm;
  private long alarmAtNanos;

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
    awaitedSinceNanos = loop.nanos();
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
    if (parked.isEmpty() && !isFull()) {
      take(message);
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
    disarm();
    dropInput();
    for (Exchange owed = first; owed != null; owed = owed.later) {
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
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
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
    } else if (!isHostRight(request)) {
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

  /** One Host of harmless characters, the same as in an absolute request target (RFC 9112, 3.2). */
  private static boolean isHostRight(HttpRequest request) {
    var hosts = request.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.isEmpty()) {
      return request.protocolVersion().equals(HttpVersion.HTTP_1_0);
    }
    String host = hosts.get(0);
    String target = request.uri();
    boolean absolute = !target.startsWith("/");
    return hosts.size() == 1
        && !host.isEmpty()
        && host.chars().allMatch(Connection::mayStandInHost)
        && (!absolute || isOfHost(target, host));
  }

  private static boolean isOfHost(String target, String host) {
    String start = "http://" + host;
    return target.regionMatches(true, 0, start, 0, start.length())
        && (target.length() == start.length()
            || target.charAt(start.length()) == '/'
            || target.charAt(start.length()) == '?');
  }

  private static boolean mayStandInHost(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '-'
        || c == '_'
        || c == ':'
        || c == '['
        || c == ']';
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
        try {
          ask(request, earlier.writeBytes(bytes));
        } finally {
          earlier.release();
        }
      }
      head = null;
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
    Exchange exchange = newExchange(request);
    exchange.arrivedAtNanos = loop.nanos();
    int length = bytes.readableBytes();
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
    if (exchange.closeAfter) {
      sealed = true;
      dropInput();
    }
  }

  private void dropInput() {
    head = null;
    if (body != null) {
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
    if (!reading && !advancing) {
      advance();
    }
  }

  /** Takes a reply of a batch; the answer is whether the connection is new to the batch. */
  boolean note(Exchange exchange) {
    exchange.answered = true;
    boolean fresh = !noted;
    noted = true;
    return fresh;
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
    ctx.channel().config().setAutoRead(parked.isEmpty() && (sealed || !isFull()));
    await();
  }

  private boolean isFull() {
    return inFlight >= config.counts().pipelinedMax() || !ctx.channel().isWritable();
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
      answer.closeAfter |= draining && first == null && head == null;
      ByteBuf bytes = loop.encoder().encode(answer, ctx.alloc());
      observe(answer);
      if (answer.closeAfter) {
        writeLast(bytes, answer.refusal != null);
        return;
      }
      write(bytes);
    }
  }

  private void observe(Exchange answer) {
    awaitedSinceNanos = loop.nanos();
    if (answer.refusal == null) {
      long nanos = awaitedSinceNanos - answer.arrivedAtNanos;
      boolean asked =
          answer.request instanceof Request.ReceiveMessage receive && receive.waitSeconds() > 0;
      boolean waited = asked || (answer.mayWait() && nanos >= TimeUnit.SECONDS.toNanos(1));
      observer.observed(answer.action, answer.errorCode(), nanos, waited);
    }
  }

  private void write(ByteBuf bytes) {
    var unused = ctx.write(bytes, ctx.voidPromise());
    unflushed = true;
  }

  private void writeLast(ByteBuf bytes, boolean inputUnread) {
    sealed = true;
    dropInput();
    await(Awaited.OUTPUT);
    unflushed = false;
    ChannelFutureListener whenWritten =
        written -> {
          if (written.isSuccess() && inputUnread) {
            var unused = ((DuplexChannel) written.channel()).shutdownOutput();
            await(Awaited.END);
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

  // Patience. One alarm a connection, re-armed only when it rings or must ring earlier: a busy
  // connection moves its deadline with every request and touches no timer.

  private void await() {
    if (awaited == Awaited.END || (sealed && awaited == Awaited.OUTPUT)) {
      return;
    }
    if (!ctx.channel().isWritable()) {
      await(Awaited.OUTPUT);
    } else if (isFull() || sealed) {
      await(Awaited.NOTHING);
    } else if (head != null) {
      await(Awaited.BODY);
    } else if (framer.isMidHead()) {
      await(Awaited.HEAD);
    } else {
      await(inFlight > 0 ? Awaited.NOTHING : Awaited.REQUEST);
    }
  }

  private void await(Awaited what) {
    if (what != awaited) {
      awaited = what;
      if (what != Awaited.REQUEST && what != Awaited.NOTHING) {
        awaitedSinceNanos = loop.nanos();
      }
    }
    if (what != Awaited.NOTHING) {
      arm();
    }
  }

  private void arm() {
    long dueNanos = awaitedSinceNanos + TimeUnit.MILLISECONDS.toNanos(patienceMs());
    if (alarm == null || alarmAtNanos - dueNanos > 0) {
      disarm();
      alarmAtNanos = dueNanos;
      alarm =
          loop.eventLoop()
              .schedule(this::ring, Math.max(0, dueNanos - loop.nanos()), TimeUnit.NANOSECONDS);
    }
  }

  private void disarm() {
    if (alarm != null) {
      alarm.cancel(false);
      alarm = null;
    }
  }

  /** How long after its beginning the present wait is next looked at. */
  private long patienceMs() {
    WireConfig.Times times = config.times();
    return switch (awaited) {
      case NOTHING, REQUEST, OUTPUT -> times.idleMax();
      case HEAD -> times.headMax();
      case END -> times.lingerMax();
      case BODY -> {
        long elapsedMs = elapsedMs();
        yield elapsedMs < times.bodyGrace()
            ? Math.min(times.bodyGrace(), times.bodyMax())
            : Math.min(times.bodyMax(), elapsedMs + RATE_LOOK_MS);
      }
    };
  }

  private long elapsedMs() {
    return TimeUnit.NANOSECONDS.toMillis(loop.nanos() - awaitedSinceNanos);
  }

  private void ring() {
    alarm = null;
    if (awaited == Awaited.NOTHING) {
      return;
    }
    if (!isOutOfPatience()) {
      arm();
    } else if (awaited == Awaited.HEAD || awaited == Awaited.BODY) {
      counters.timedOut.increment();
      Exchange late = newExchange(head);
      late.protocol = head == null ? Protocol.QUERY : RequestReader.protocol(head.headers());
      late.refuse(HttpRefusal.REQUEST_TIMEOUT);
      owe(late);
      advance();
    } else {
      hangUp();
    }
  }

  private boolean isOutOfPatience() {
    WireConfig.Times times = config.times();
    long elapsedMs = elapsedMs();
    if (awaited != Awaited.BODY) {
      return elapsedMs >= patienceMs();
    }
    return elapsedMs >= times.bodyMax()
        || (elapsedMs >= times.bodyGrace()
            && bodyBytes * 1000L < times.bodyBytesPerSecondMin() * elapsedMs);
  }
}
