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
 * A closed-loop HTTP client that empties a queue: each connection receives up to ten messages,
 * deletes them by one DeleteMessageBatch, and receives again, until a given number is deleted.
 *
 * <p>The work is fixed and the time is measured, so a server cannot gain by handing out little. A
 * delete counts when the server's answer names no failure. One thread, the caller's.
 */
final class DrainingClient implements AutoCloseable {

  private static final long SILENCE_MAX_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long LATENCY_NANOS_MAX = TimeUnit.SECONDS.toNanos(60);
  private static final int SELECT_MS_MAX = 100;
  private static final int STATUS_OK = 200;

  private final SqsRequests requests;
  private final String queue;
  private final Selector selector;
  private final ByteBuffer receive;
  private final List<Cycle> cycles = new ArrayList<>();
  private final Consumer<SelectionKey> ready = this::ready;

  // Of the window under way.
  private final Histogram latencyNanos = new Histogram(LATENCY_NANOS_MAX, 3);
  private long wanted;
  private long deleted;
  private long other;
  private long lastAnswerNanos;

  private DrainingClient(SqsRequests requests, String queue, Selector selector) {
    this.requests = requests;
    this.queue = queue;
    this.selector = selector;
    this.receive = direct(requests.receive(queue, SqsRequests.BATCH, 0));
  }

  /** One connection, and how many messages it is about to delete; 0 while it receives. */
  private static final class Cycle {
    final HttpConnection connection;
    int deleting;

    Cycle(HttpConnection connection) {
      this.connection = connection;
    }
  }

  /** Connects. */
  static DrainingClient connect(InetSocketAddress server, String queue, int connections)
      throws IOException {
    DrainingClient client = new DrainingClient(SqsRequests.to(server), queue, Selector.open());
    try {
      for (int i = 0; i < connections; i++) {
        client.cycles.add(
            new Cycle(HttpConnection.open(server, client.selector, client.receive, true)));
      }
      return client;
    } catch (IOException | RuntimeException e) {
      client.close();
      throw e;
    }
  }

  /**
   * Receives and deletes so many messages, which must be there.
   *
   * @return the messages deleted over the time it took; latencies are those of single requests
   * @throws IOException if a connection breaks, a delete is refused, or the messages do not come
   */
  RawSocketClient.Window drain(long messages) throws IOException {
    long start = System.nanoTime();
    wanted = messages;
    deleted = 0;
    other = 0;
    lastAnswerNanos = start;
    latencyNanos.reset();
    for (Cycle cycle : cycles) {
      cycle.deleting = 0;
      cycle.connection.ask(receive);
    }
    long end = start;
    while (underWay()) {
      try {
        selector.select(ready, SELECT_MS_MAX);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
      if (deleted < wanted) {
        end = System.nanoTime();
      }
      if (System.nanoTime() - lastAnswerNanos > SILENCE_MAX_NANOS) {
        throw new SocketTimeoutException((wanted - deleted) + " messages did not come");
      }
    }
    return new RawSocketClient.Window(end - start, deleted, other, latencyNanos.copy());
  }

  private boolean underWay() {
    return cycles.stream().anyMatch(cycle -> cycle.connection.underWay());
  }

  private void ready(SelectionKey key) {
    HttpConnection connection = (HttpConnection) key.attachment();
    try {
      if (!connection.advance()) {
        return;
      }
      long now = System.nanoTime();
      latencyNanos.recordValue(Math.min(now - connection.sentAtNanos(), LATENCY_NANOS_MAX));
      answered(cycleOf(connection), connection, now);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void answered(Cycle cycle, HttpConnection connection, long now) throws IOException {
    if (connection.status() != STATUS_OK) {
      other++;
      return;
    }
    String answer = connection.body();
    if (cycle.deleting > 0) {
      if (answer.contains("\"SenderFault\"")) {
        throw new IOException("a delete was refused: " + answer);
      }
      deleted += cycle.deleting;
      cycle.deleting = 0;
      lastAnswerNanos = now;
    } else {
      List<String> handles = Received.handles(answer);
      if (!handles.isEmpty()) {
        cycle.deleting = handles.size();
        connection.ask(ByteBuffer.wrap(requests.deleteBatch(queue, handles)));
        return;
      }
    }
    if (deleted < wanted) {
      connection.ask(receive);
    }
  }

  private Cycle cycleOf(HttpConnection connection) {
    for (Cycle cycle : cycles) {
      if (cycle.connection == connection) {
        return cycle;
      }
    }
    throw new AssertionError("a connection of nobody");
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  @Override
  public void close() throws IOException {
    for (Cycle cycle : cycles) {
      cycle.connection.close();
    }
    selector.close();
  }
}
