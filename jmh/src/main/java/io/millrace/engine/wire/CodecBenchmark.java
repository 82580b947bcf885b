package io.millrace.engine.wire;

import io.millrace.engine.sqs.QueueService;
import io.millrace.engine.sqs.ReceivedMessage;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.Request;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the wire costs without a socket and without an engine: the bytes of a request in, the bytes
 * of its answer out, through the endpoint's own pipeline, in both protocols.
 *
 * <p>Measured: nanoseconds and bytes allocated ({@code -prof gc}) for a send of a body of {@code
 * bodyBytes} and for a receive of one message of that size; the service behind answers at once with
 * a constant. Of a receive's request the body is not part, of its answer it is.
 *
 * <p>What would fool it: an answer that is a refusal (each answer's first line is checked to be 200
 * in the setup, and its length in every invocation); the embedded channel's own cost, which the
 * control shows.
 *
 * <p>The control: {@code httpAlone}, Netty's HTTP codec on the bytes of the send, answering a
 * constant.
 *
 * <p>It lives in the wire's package because the pipeline's parts are nobody else's business.
 *
 * <p>Run: {@code ./millrace bench jmh CodecBenchmark -prof gc}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CodecBenchmark {

  private static final UUID ID = new UUID(0x0123_4567_89ab_4cdeL, 0x8123_4567_89ab_cdefL);
  private static final String QUEUE_URL = "http://localhost/000000000000/bench";

  /** A connection of the endpoint without a socket, and requests for it. */
  @State(Scope.Thread)
  public static class Wire {

    @Param({"128", "1024", "65536"})
    public int bodyBytes;

    /** How requests and answers are written. */
    @Param({"json", "query"})
    public String protocol = "";

    @SuppressWarnings("NullAway.Init") // JMH calls open() before anything else.
    private EmbeddedChannel channel;

    @SuppressWarnings("NullAway.Init")
    private EmbeddedChannel httpAlone;

    private ByteBuf send = Unpooled.EMPTY_BUFFER;
    private ByteBuf receive = Unpooled.EMPTY_BUFFER;
    private int sendAnswerBytes;
    private int receiveAnswerBytes;

    @Setup(Level.Trial)
    public void open() {
      String body = "lorem ipsum ".repeat(bodyBytes / 12 + 1).substring(0, bodyBytes);
      channel = connect(answering(body.getBytes(StandardCharsets.US_ASCII)));
      httpAlone = new EmbeddedChannel(new HttpRequestDecoder(), new Constant());
      boolean json = protocol.equals("json");
      send =
          json
              ? json("SendMessage", ",\"MessageBody\":\"" + body + "\"")
              : query("SendMessage", "&MessageBody=" + body.replace(' ', '+'));
      receive =
          json
              ? json("ReceiveMessage", ",\"MaxNumberOfMessages\":1")
              : query("ReceiveMessage", "&MaxNumberOfMessages=1");
      sendAnswerBytes = firstAnswer(send);
      receiveAnswerBytes = firstAnswer(receive);
    }

    private int firstAnswer(ByteBuf request) {
      ByteBuf answer = exchange(channel, request);
      String text = answer.toString(StandardCharsets.UTF_8);
      answer.release();
      if (!text.startsWith("HTTP/1.1 200 OK\r\n")) {
        throw new AssertionError(text);
      }
      return text.length();
    }

    @TearDown(Level.Trial)
    public void close() {
      channel.finishAndReleaseAll();
      httpAlone.finishAndReleaseAll();
      send.release();
      receive.release();
    }
  }

  private static final class Constant extends ChannelInboundHandlerAdapter {
    private static final byte[] ANSWER =
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      boolean last = message instanceof LastHttpContent;
      ReferenceCountUtil.release(message);
      if (last) {
        var unused =
            context.writeAndFlush(context.alloc().buffer(ANSWER.length).writeBytes(ANSWER));
      }
    }
  }

  private static QueueService answering(byte[] body) {
    CompletableFuture<Reply> sent = CompletableFuture.completedFuture(new Reply.MessageSent(ID));
    byte[] digest = new Digests().ofBody(body).clone(); // As it came with the send.
    CompletableFuture<Reply> received =
        CompletableFuture.completedFuture(
            new Reply.MessagesReceived(
                List.of(
                    new ReceivedMessage(
                        ID, ID.toString(), body, digest, List.of(), "me", 1, 1, 1, "", "", "")),
                false));
    return request -> request instanceof Request.ReceiveMessage ? received : sent;
  }

  private static EmbeddedChannel connect(QueueService service) {
    EmbeddedChannel channel = new EmbeddedChannel();
    WireConfig config = WireConfig.DEFAULT;
    WireLoop loop =
        new WireLoop(channel.eventLoop(), config, InstantSource.system(), System::nanoTime);
    RequestFramer framer = new RequestFramer(config.sizes());
    channel
        .pipeline()
        .addLast(framer)
        .addLast(
            new Connection(
                loop, framer, config, service, RequestObserver.NONE, new ConnectionCounters()));
    channel.pipeline().fireChannelActive();
    return channel;
  }

  private static ByteBuf json(String action, String members) {
    return request(
        "application/x-amz-json-1.0",
        "X-Amz-Target: AmazonSQS." + action + "\r\n",
        "{\"QueueUrl\":\"" + QUEUE_URL + "\"" + members + "}");
  }

  private static ByteBuf query(String action, String parameters) {
    return request(
        "application/x-www-form-urlencoded",
        "",
        "Action=" + action + "&Version=2012-11-05&QueueUrl=" + QUEUE_URL + parameters);
  }

  private static ByteBuf request(String type, String header, String body) {
    return Unpooled.unreleasableBuffer(
        Unpooled.copiedBuffer(
            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                + type
                + "\r\n"
                + header
                + "Content-Length: "
                + body.length()
                + "\r\n\r\n"
                + body,
            StandardCharsets.US_ASCII));
  }

  private static ByteBuf exchange(EmbeddedChannel channel, ByteBuf request) {
    channel.writeInbound(request.duplicate());
    ByteBuf answer = channel.readOutbound();
    if (answer == null) {
      throw new AssertionError("no answer");
    }
    return answer;
  }

  private static void require(ByteBuf answer, int bytes) {
    int given = answer.readableBytes();
    answer.release();
    if (given != bytes) {
      throw new AssertionError("an answer of " + given + " bytes, the first had " + bytes);
    }
  }

  /** A send. */
  @Benchmark
  public void send(Wire wire) {
    require(exchange(wire.channel, wire.send), wire.sendAnswerBytes);
  }

  /** A receive of one message. */
  @Benchmark
  public void receive(Wire wire) {
    require(exchange(wire.channel, wire.receive), wire.receiveAnswerBytes);
  }

  /** The control: HTTP and nothing more. */
  @Benchmark
  public void httpAlone(Wire wire) {
    require(exchange(wire.httpAlone, wire.send), Constant.ANSWER.length);
  }
}
