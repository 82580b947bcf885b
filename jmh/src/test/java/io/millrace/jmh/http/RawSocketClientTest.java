package io.millrace.jmh.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RawSocketClientTest {

  private static final byte[] REQUEST = "PING\n".getBytes(StandardCharsets.US_ASCII);
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
  private static final String BUSY = "HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\n{}";

  @Test
  void answersOtherThan200AreCountedApart() throws IOException {
    try (Scripted server = new Scripted(OK, BUSY);
        RawSocketClient client = RawSocketClient.connect(server.address(), 1, REQUEST)) {
      RawSocketClient.Window window;
      do {
        window = client.drive(0, TimeUnit.MILLISECONDS.toNanos(100));
      } while (window.ok() == 0);

      assertThat(window.other()).isBetween(window.ok() - 1, window.ok() + 1);
    }
  }

  @Test
  void connectionClosedByTheServerFailsTheWindow() throws IOException {
    try (Scripted server = new Scripted(OK, "");
        RawSocketClient client = RawSocketClient.connect(server.address(), 1, REQUEST)) {
      assertThatThrownBy(() -> client.drive(0, TimeUnit.SECONDS.toNanos(20)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("closed");
    }
  }

  @Test
  void answerNobodyAskedForFailsTheWindow() throws IOException {
    try (Scripted server = new Scripted(OK + OK);
        RawSocketClient client = RawSocketClient.connect(server.address(), 1, REQUEST)) {
      assertThatThrownBy(() -> client.drive(0, TimeUnit.SECONDS.toNanos(20)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("not asked");
    }
  }

  /** A server of one connection that gives its answers in turns; the empty one closes it. */
  private static final class Scripted implements AutoCloseable {

    private final ServerSocket listener;
    private final Thread thread;

    Scripted(String... answers) throws IOException {
      listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      thread = new Thread(() -> serve(answers), "scripted");
      thread.start();
    }

    InetSocketAddress address() {
      return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private void serve(String... answers) {
      try (Socket socket = listener.accept()) {
        socket.setTcpNoDelay(true);
        InputStream in = socket.getInputStream();
        int turn = 0;
        while (in.readNBytes(REQUEST.length).length == REQUEST.length) {
          String answer = answers[turn++ % answers.length];
          if (answer.isEmpty()) {
            return;
          }
          socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        }
      } catch (IOException e) {
        if (!listener.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }

    @Override
    public void close() throws IOException {
      listener.close();
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
