package io.millrace.engine.wire;

import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of one event loop share: reader, encoder, request ids, scratch space, and
 * the way home for replies.
 *
 * <p>Replies come home on a stack linked through the exchanges. Whoever pushes onto an empty one
 * schedules the loop's task; the rest of the batch costs one compare-and-set each. The task takes
 * the whole stack, lets each connection write what is its turn, and flushes each once.
 */
final class WireLoop {

  /** Kept between requests; a larger body gets an array of its own. */
  private static final int SCRATCH_BYTES = 64 * 1024;

  private final EventLoop eventLoop;
  private final RequestReader reader;
  private final AnswerEncoder encoder;
  private final LongSupplier nanos;

  /** Request ids name requests in logs; they guard nothing, so they need not be unguessable. */
  private final SplittableRandom ids = new SplittableRandom(new SecureRandom().nextLong());

  private final byte[] scratch = new byte[SCRATCH_BYTES];
  private final List<Connection> touched = new ArrayList<>();
  private final Runnable takeReplies = this::takeReplies;

  /** Pushed by any thread, emptied by the loop. */
  private final AtomicReference<@Nullable Exchange> handedOver = new AtomicReference<>();

  WireLoop(EventLoop eventLoop, WireConfig config, InstantSource clock, LongSupplier nanos) {
    QueueUrls urls = new QueueUrls(config.account());
    this.eventLoop = eventLoop;
    this.reader = new RequestReader(config, urls);
    this.encoder =
        new AnswerEncoder(new AnswerFacts(config.account(), config.region(), urls), clock);
    this.nanos = nanos;
  }

  EventLoop eventLoop() {
    return eventLoop;
  }

  RequestReader reader() {
    return reader;
  }

  AnswerEncoder encoder() {
    return encoder;
  }

  long nanos() {
    return nanos.getAsLong();
  }

  void drawRequestId(Exchange exchange) {
    exchange.requestIdHigh = ids.nextLong();
    exchange.requestIdLow = ids.nextLong();
  }

  /** An array of at least that length; its content is good until the next call. */
  byte[] scratch(int length) {
    return length <= scratch.length ? scratch : new byte[length];
  }

  /** Brings an exchange with its reply back to its connection. Any thread. */
  void handOver(Exchange exchange) {
    if (eventLoop.inEventLoop()) {
      exchange.connection.answered(exchange);
      return;
    }
    Exchange before;
    do {
      before = handedOver.get();
      exchange.handedOverBefore = before;
    } while (!handedOver.compareAndSet(before, exchange));
    if (before == null) {
      try {
        eventLoop.execute(takeReplies);
      } catch (RejectedExecutionException stopped) {
        // The loop ended with its connections: nobody is left to read the reply.
        handedOver.set(null);
      }
    }
  }

  private void takeReplies() {
    Exchange exchange = handedOver.getAndSet(null);
    while (exchange != null) {
      Exchange next = exchange.handedOverBefore;
      exchange.handedOverBefore = null;
      if (exchange.connection.note(exchange)) {
        touched.add(exchange.connection);
      }
      exchange = next;
    }
    for (Connection connection : touched) {
      try {
        connection.advance();
      } catch (Throwable failure) {
        // One connection's trouble must not keep the others' answers.
        connection.fail(failure);
      }
    }
    touched.clear();
  }
}
