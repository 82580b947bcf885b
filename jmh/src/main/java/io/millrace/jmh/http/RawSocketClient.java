package io.millrace.jmh.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * A closed-loop HTTP/1.1 client: each connection sends its next request when the answer to the last
 * one is complete.
 *
 * <p>What it is for: comparing servers by the rate they sustain when the same bytes are asked of
 * them by the same number of connections. What would fool a reader: its latencies are those of a
 * closed loop, in which a server that stalls is asked less often; they say what a window looked
 * like and are no answer to "how slow does it feel".
 *
 * <p>One thread, the caller's, drives all connections through one selector. Nothing is allocated
 * per request.
 */
final class RawSocketClient implements AutoCloseable {

  /** A server that answers nothing for this long has failed the window. */
  private static final long SILENCE_MAX_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final long LATENCY_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);
  private static final int SELECT_MS_MAX = 100;
  private static final int STATUS_OK = 200;

  private final Selector selector;
  private final List<HttpConnection> connections;
  private final Consumer<SelectionKey> ready = this::ready;

  // Of the window under way.
  private final Histogram latencyNanos = new Histogram(LATENCY_NANOS_MAX, 3);
  private long countFromNanos;
  private long countUntilNanos;
  private long ok;
  private long other;
  private long lastAnswerNanos;
  private int awaited;

  /** How many requests may still be made. */
  private long left;

  private RawSocketClient(Selector selector, List<HttpConnection> connections) {
    this.selector = selector;
    this.connections = connections;
  }

  /**
   * What one window saw.
   *
   * @param nanos length of the window
   * @param ok answers 200 that completed within it
   * @param other all other answers within it
   * @param latencyNanos from the request's hand-over to the socket to the answer's last byte, of
   *     all of these
   */
  record Window(long nanos, long ok, long other, Histogram latencyNanos) {
    double okPerSecond() {
      return ok * 1e9 / nanos;
    }
  }

  /**
   * Connects.
   *
   * @param request the bytes each connection sends again and again
   */
  static RawSocketClient connect(InetSocketAddress server, int connections, byte[] request)
      throws IOException {
    Selector selector = Selector.open();
    RawSocketClient client = new RawSocketClient(selector, new ArrayList<>(connections));
    try {
      ByteBuffer bytes = ByteBuffer.allocateDirect(request.length).put(request).flip();
      for (int i = 0; i < connections; i++) {
        client.connections.add(HttpConnection.open(server, selector, bytes, false));
      }
      return client;
    } catch (IOException | RuntimeException e) {
      client.close();
      throw e;
    }
  }

  /**
   * Asks so often, no more and no less, and waits for every answer.
   *
   * @throws IOException if a connection breaks, the server falls silent, or an answer is not a 200
   */
  void ask(int requests) throws IOException {
    long start = System.nanoTime();
    begin(start, start + SILENCE_MAX_NANOS * 100);
    left = requests;
    for (HttpConnection connection : connections) {
      if (left > 0) {
        left--;
        awaited++;
        connection.ask();
      }
    }
    awaitAll();
    if (other > 0) {
      throw new IOException(other + " answers other than 200");
    }
  }

  /**
   * Drives the server: lets the loop settle, counts for the window's length, then waits for the
   * answers still under way, so that the server is idle on return.
   *
   * @throws IOException if a connection breaks or the server falls silent
   */
  Window drive(long settleNanos, long windowNanos) throws IOException {
    long from = System.nanoTime() + settleNanos;
    begin(from, from + windowNanos);
    left = Long.MAX_VALUE;
    awaited = connections.size();
    for (HttpConnection connection : connections) {
      connection.ask();
    }
    awaitAll();
    return new Window(windowNanos, ok, other, latencyNanos.copy());
  }

  private void begin(long fromNanos, long untilNanos) {
    countFromNanos = fromNanos;
    countUntilNanos = untilNanos;
    lastAnswerNanos = System.nanoTime();
    ok = 0;
    other = 0;
    awaited = 0;
    latencyNanos.reset();
  }

  private void awaitAll() throws IOException {
    while (awaited > 0) {
      try {
        selector.select(ready, SELECT_MS_MAX);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
      if (System.nanoTime() - lastAnswerNanos > SILENCE_MAX_NANOS) {
        throw new SocketTimeoutException(awaited + " requests without an answer");
      }
    }
  }

  private void ready(SelectionKey key) {
    HttpConnection connection = (HttpConnection) key.attachment();
    try {
      if (!connection.advance()) {
        return;
      }
      long now = System.nanoTime();
      lastAnswerNanos = now;
      if (now >= countFromNanos && now < countUntilNanos) {
        latencyNanos.recordValue(Math.min(now - connection.sentAtNanos(), LATENCY_NANOS_MAX));
        if (connection.status() == STATUS_OK) {
          ok++;
        } else {
          other++;
        }
      }
      if (now < countUntilNanos && left > 0) {
        left--;
        connection.ask();
      } else {
        awaited--;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    for (HttpConnection connection : connections) {
      connection.close();
    }
    selector.close();
  }
}
