package io.millrace.jmh.http;

import java.io.ByteArrayOutputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Finds the end of HTTP/1.1 responses on a kept connection: reads the status and Content-Length,
 * skips the rest.
 *
 * <p>It serves one response after another, in pieces of any size. It does not know chunked bodies,
 * since no server measured here sends them: a response without Content-Length is a {@link
 * ProtocolException}, not a guess.
 *
 * <p>Not safe for several threads. Hot: nothing is allocated unless bodies are kept.
 */
final class ResponseParser {

  /**
   * Longest header line looked at; what is longer is skipped, being none of the lines read here.
   */
  private static final int LINE_BYTES_MAX = 256;

  private static final long NOT_GIVEN = -1;
  private static final byte[] CONTENT_LENGTH = ascii("content-length:");
  private static final byte[] TRANSFER_ENCODING = ascii("transfer-encoding:");
  private static final byte[] CONNECTION = ascii("connection:");

  private final byte[] line = new byte[LINE_BYTES_MAX];
  private final boolean keepBodies;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);

  /** Between the socket's buffer and the kept body. */
  private byte[] chunk = new byte[0];

  private int lineBytes;
  private boolean inBody;
  private boolean atStart = true;
  private int status;
  private long contentBytes = NOT_GIVEN;
  private long bodyBytesLeft;
  private boolean closing;

  /**
   * @param keepBodies whether {@link #body()} is wanted
   */
  ResponseParser(boolean keepBodies) {
    this.keepBodies = keepBodies;
  }

  /**
   * Consumes bytes up to the end of one response, or all of them.
   *
   * @return whether a response is complete: its figures may be read until the next call, which
   *     begins the next one
   * @throws ProtocolException if this is not an HTTP/1 response with a Content-Length
   */
  boolean advance(ByteBuffer in) throws ProtocolException {
    if (atStart) {
      status = 0;
      contentBytes = NOT_GIVEN;
      closing = false;
      lineBytes = 0;
      inBody = false;
      body.reset();
      atStart = false;
    }
    while (!inBody && in.hasRemaining()) {
      byte next = in.get();
      if (next != '\n') {
        if (lineBytes < LINE_BYTES_MAX) {
          line[lineBytes] = next;
        }
        lineBytes++;
        continue;
      }
      endOfLine();
    }
    if (!inBody) {
      return false;
    }
    int take = (int) Math.min(bodyBytesLeft, in.remaining());
    if (keepBodies) {
      if (chunk.length < take) {
        chunk = new byte[take];
      }
      in.get(chunk, 0, take);
      body.write(chunk, 0, take);
    } else {
      in.position(in.position() + take);
    }
    bodyBytesLeft -= take;
    atStart = bodyBytesLeft == 0;
    return atStart;
  }

  /** The status of the complete response, such as 200. */
  int status() {
    return status;
  }

  /** The length of the complete response's body, in bytes. */
  long bodyBytes() {
    return contentBytes;
  }

  /** Whether the server announced that it closes the connection. */
  boolean closing() {
    return closing;
  }

  /** The body of the complete response as text; empty unless bodies are kept. */
  String body() {
    return body.toString(StandardCharsets.UTF_8);
  }

  private void endOfLine() throws ProtocolException {
    int length = Math.min(lineBytes, LINE_BYTES_MAX);
    if (length > 0 && lineBytes <= LINE_BYTES_MAX && line[length - 1] == '\r') {
      length--;
    }
    lineBytes = 0;
    if (status == 0) {
      status = statusOf(length);
    } else if (length > 0) {
      header(length);
    } else {
      if (contentBytes == NOT_GIVEN) {
        throw new ProtocolException("a response without Content-Length, status " + status);
      }
      inBody = true;
      bodyBytesLeft = contentBytes;
    }
  }

  private int statusOf(int length) throws ProtocolException {
    if (length < 12 || !startsWith(ascii("http/1."), length) || line[8] != ' ') {
      throw new ProtocolException(
          "not an HTTP/1 response: " + new String(line, 0, length, StandardCharsets.ISO_8859_1));
    }
    return (int) number(9, 12);
  }

  private void header(int length) throws ProtocolException {
    if (startsWith(CONTENT_LENGTH, length)) {
      contentBytes = number(CONTENT_LENGTH.length, length);
    } else if (startsWith(TRANSFER_ENCODING, length)) {
      throw new ProtocolException("a response with Transfer-Encoding");
    } else if (startsWith(CONNECTION, length)) {
      String value =
          new String(
              line, CONNECTION.length, length - CONNECTION.length, StandardCharsets.ISO_8859_1);
      closing = value.strip().equalsIgnoreCase("close");
    }
  }

  private long number(int from, int to) throws ProtocolException {
    long value = 0;
    boolean any = false;
    for (int i = from; i < to; i++) {
      byte c = line[i];
      if (c >= '0' && c <= '9') {
        value = value * 10 + (c - '0');
        any = true;
      } else if (c != ' ') {
        throw new ProtocolException("not a number in a response's header");
      }
    }
    if (!any) {
      throw new ProtocolException("an empty number in a response's header");
    }
    return value;
  }

  /** Whether the line begins with these lower-case bytes, in any case. */
  private boolean startsWith(byte[] lowerCase, int length) {
    if (length < lowerCase.length) {
      return false;
    }
    for (int i = 0; i < lowerCase.length; i++) {
      byte c = line[i];
      byte lower = c >= 'A' && c <= 'Z' ? (byte) (c + 32) : c;
      if (lower != lowerCase[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
