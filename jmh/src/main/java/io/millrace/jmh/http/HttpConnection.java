package io.millrace.jmh.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * One kept HTTP/1.1 connection with at most one request under way. Requests are bytes encoded
 * beforehand, or for each time; responses are read to their end and not looked into further than
 * {@link ResponseParser} does.
 *
 * <p>{@link #call} blocks and is for set-up; the rest is driven by a selector, whose thread alone
 * calls {@link #advance}. Another thread may {@link #ask} while no request is under way, if it was
 * handed the connection in a way that orders the two.
 */
public final class HttpConnection implements AutoCloseable {

  private static final int READ_BYTES = 16 << 10;

  private final SocketChannel channel;
  private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES).limit(0);
  private final ResponseParser response;
  private final SelectionKey key;
  private ByteBuffer request;

  /**
   * Written last by whoever asks and first read by the selector's thread, so it orders the rest.
   */
  private volatile boolean underWay;

  /** When the request under way was handed to the socket, {@link System#nanoTime}. */
  private long sentAtNanos;

  private HttpConnection(
      SocketChannel channel, ResponseParser response, SelectionKey key, ByteBuffer request) {
    this.channel = channel;
    this.response = response;
    this.key = key;
    this.request = request;
  }

  /**
   * Connects and registers for reading; the key's attachment is the connection.
   *
   * @param request what this connection sends, each time it asks, from position to limit; best a
   *     direct buffer, and one may serve many connections
   * @param keepBodies whether {@link #body} is wanted
   */
  public static HttpConnection open(
      InetSocketAddress server, Selector selector, ByteBuffer request, boolean keepBodies)
      throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.connect(server);
      channel.configureBlocking(false);
      SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
      HttpConnection connection =
          new HttpConnection(channel, new ResponseParser(keepBodies), key, request.slice());
      key.attach(connection);
      return connection;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** The answer to a set-up call. */
  public record Answer(int status, String body) {}

  /** One request on a connection of its own; waits for the answer. */
  public static Answer call(InetSocketAddress server, byte[] request) throws IOException {
    try (SocketChannel channel = SocketChannel.open(server)) {
      ByteBuffer bytes = ByteBuffer.wrap(request);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      ResponseParser parser = new ResponseParser(true);
      ByteBuffer in = ByteBuffer.allocate(READ_BYTES);
      while (channel.read(in) >= 0) {
        in.flip();
        if (parser.advance(in)) {
          return new Answer(parser.status(), parser.body());
        }
        in.clear();
      }
      throw new EOFException("the server closed the connection before its answer ended");
    }
  }

  /** Sets what the selector's key carries for this connection, instead of the connection. */
  public void attach(Object party) {
    key.attach(party);
  }

  /** Sends another request from now on, and now. */
  public void ask(ByteBuffer next) throws IOException {
    requireIdle();
    request = next.slice();
    ask();
  }

  /** Sends the request. */
  public void ask() throws IOException {
    requireIdle();
    request.rewind();
    sentAtNanos = System.nanoTime();
    underWay = true;
    if (write()) {
      // The selector's thread may be asleep with the interest it had.
      key.selector().wakeup();
    }
  }

  /** Goes on writing and reading, as far as the socket allows; true when the answer is complete. */
  public boolean advance() throws IOException {
    // Only what the asking thread has left to us, and said so in the key, is ours to write.
    if (key.isWritable()) {
      write();
    }
    in.clear();
    int count = channel.read(in);
    if (count < 0) {
      throw new EOFException("the server closed a connection");
    }
    in.flip();
    if (count == 0 || !response.advance(in)) {
      return false;
    }
    if (!underWay || in.hasRemaining()) {
      throw new IOException("the server answered what was not asked");
    }
    if (response.closing()) {
      throw new IOException("the server gives up a connection, status " + response.status());
    }
    underWay = false;
    return true;
  }

  /** Whether an answer is awaited. */
  public boolean underWay() {
    return underWay;
  }

  public long sentAtNanos() {
    return sentAtNanos;
  }

  /** Of the last complete answer. */
  public int status() {
    return response.status();
  }

  /** Of the last complete answer, if bodies are kept. */
  public String body() {
    return response.body();
  }

  private void requireIdle() {
    if (underWay) {
      throw new IllegalStateException("a request is under way");
    }
  }

  /** Writes what the socket takes; whether some of it is left for when it takes more. */
  private boolean write() throws IOException {
    channel.write(request);
    boolean more = request.hasRemaining();
    boolean asked = (key.interestOps() & SelectionKey.OP_WRITE) != 0;
    if (more != asked) {
      key.interestOps(more ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }
    return more;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
