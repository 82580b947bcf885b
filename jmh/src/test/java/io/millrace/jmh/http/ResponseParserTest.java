package io.millrace.jmh.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ResponseParserTest {

  private static final String OK =
      "HTTP/1.1 200 OK\r\nx-amzn-RequestId: 1\r\nCONTENT-length:  5\r\n\r\nhello";

  @Test
  void wholeResponseGivesStatusLengthAndBody() throws ProtocolException {
    ResponseParser parser = new ResponseParser(true);
    ByteBuffer in = bytes(OK);

    assertThat(parser.advance(in)).isTrue();
    assertThat(parser.status()).isEqualTo(200);
    assertThat(parser.bodyBytes()).isEqualTo(5);
    assertThat(parser.body()).isEqualTo("hello");
    assertThat(parser.closing()).isFalse();
    assertThat(in.hasRemaining()).isFalse();
  }

  @Test
  void piecesOfAnySizeGiveTheSameResponse() throws ProtocolException {
    for (int piece = 1; piece < OK.length(); piece++) {
      ResponseParser parser = new ResponseParser(true);
      int responses = 0;
      for (int at = 0; at < OK.length(); at += piece) {
        ByteBuffer in = bytes(OK.substring(at, Math.min(OK.length(), at + piece)));
        if (parser.advance(in)) {
          responses++;
        }
        assertThat(in.hasRemaining()).isFalse();
      }
      assertThat(responses).as("in pieces of %d", piece).isEqualTo(1);
      assertThat(parser.body()).isEqualTo("hello");
    }
  }

  @Test
  void nextResponseBeginsWhereTheLastEnded() throws ProtocolException {
    ResponseParser parser = new ResponseParser(true);
    ByteBuffer in =
        bytes(
            OK + "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n" + OK);

    assertThat(parser.advance(in)).isTrue();
    assertThat(parser.advance(in)).isTrue();
    assertThat(parser.status()).isEqualTo(400);
    assertThat(parser.bodyBytes()).isZero();
    assertThat(parser.body()).isEmpty();
    assertThat(parser.closing()).isTrue();
    assertThat(parser.advance(in)).isTrue();
    assertThat(parser.status()).isEqualTo(200);
    assertThat(parser.closing()).isFalse();
  }

  @Test
  void headerLongerThanTheLineBufferIsSkipped() throws ProtocolException {
    ResponseParser parser = new ResponseParser(false);

    assertThat(
            parser.advance(
                bytes(
                    "HTTP/1.1 200 OK\r\nX-Long: "
                        + "y".repeat(1000)
                        + "\r\nContent-Length: 2\r\n\r\n{}")))
        .isTrue();
    assertThat(parser.bodyBytes()).isEqualTo(2);
  }

  @Test
  void responseWhoseEndCannotBeFoundIsRefused() {
    assertThatThrownBy(
            () -> new ResponseParser(false).advance(bytes("HTTP/1.1 200 OK\r\nA: b\r\n\r\n")))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("Content-Length");
    assertThatThrownBy(
            () ->
                new ResponseParser(false)
                    .advance(bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")))
        .isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> new ResponseParser(false).advance(bytes("SSH-2.0-x\r\n")))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("SSH-2.0");
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }
}
