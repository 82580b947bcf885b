package io.millrace.engine.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A client that sends the bytes it is told to, and reads answers by the letter of HTTP/1.1. */
final class RawClient implements AutoCloseable {

  /** Far above any wait a test sets up: a test that gets here hangs. */
  private static final int READ_TIMEOUT_MS = 20_000;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  /** An answer as it came. */
  record Answer(int status, Map<String, String> headers, String body, String raw) {

    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }
  }

  RawClient(SqsEndpoint endpoint) throws IOException {
    socket = new Socket();
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), endpoint.port()));
    socket.setSoTimeout(READ_TIMEOUT_MS);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /** Sends text as UTF-8 bytes. */
  RawClient send(String text) throws IOException {
    return send(text.getBytes(UTF_8));
  }

  RawClient send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  /** An AWS JSON 1.0 request. */
  static String json(String action, String body) {
    return "POST / HTTP/1.1\r\nHost: sqs.test:9324\r\nContent-Type: application/x-amz-json-1.0\r\n"
        + "X-Amz-Target: AmazonSQS."
        + action
        + "\r\nContent-Length: "
        + body.getBytes(UTF_8).length
        + "\r\n\r\n"
        + body;
  }

  /** A Query request. */
  static String form(String path, String body) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: sqs.test:9324\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        + "Content-Length: "
        + body.getBytes(UTF_8).length
        + "\r\n\r\n"
        + body;
  }

  static String get(String target) {
    return "GET " + target + " HTTP/1.1\r\nHost: sqs.test:9324\r\n\r\n";
  }

  Answer call(String request) throws IOException {
    return send(request).read();
  }

  /** Reads one answer whole. */
  Answer read() throws IOException {
    ByteArrayOutputStream raw = new ByteArrayOutputStream();
    String statusLine = line(raw);
    if (!statusLine.matches("HTTP/1\\.1 \\d{3} .*")) {
      throw new AssertionError("no status line: '" + statusLine + "'");
    }
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(raw); !line.isEmpty(); line = line(raw)) {
      int colon = line.indexOf(": ");
      if (colon <= 0) {
        throw new AssertionError("no header: '" + line + "'");
      }
      headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    byte[] body = in.readNBytes(length);
    if (body.length != length) {
      throw new AssertionError("the body ends after " + body.length + " of " + length + " bytes");
    }
    raw.write(body);
    return new Answer(
        Integer.parseInt(statusLine.substring(9, 12)),
        headers,
        new String(body, UTF_8),
        raw.toString(UTF_8));
  }

  private String line(ByteArrayOutputStream raw) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      int b = in.read();
      if (b < 0) {
        throw new AssertionError("closed after '" + line.toString(ISO_8859_1) + "'");
      }
      raw.write(b);
      if (b == '\n') {
        String text = line.toString(ISO_8859_1);
        if (!text.endsWith("\r")) {
          throw new AssertionError("a bare line feed after '" + text + "'");
        }
        return text.substring(0, text.length() - 1);
      }
      line.write(b);
    }
  }

  /**
   * Reads one answer whole, an interim one included; null when the server hung up before its first
   * byte.
   */
  @Nullable Answer readOrEnd() throws IOException {
    in.mark(1);
    int first;
    try {
      first = in.read();
    } catch (SocketException reset) {
      return null;
    }
    if (first < 0) {
      return null;
    }
    in.reset();
    Answer answer = read();
    return answer.status == 100 ? readOrEnd() : answer;
  }

  /** Waits for the server to hang up; whether it did without another byte. */
  boolean isHungUp() throws IOException {
    return in.read() < 0;
  }

  void finishOutput() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
