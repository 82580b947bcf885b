package io.millrace.engine.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.AsciiString;
import java.util.List;

/**
 * Netty's HTTP/1.1 request decoder, made as strict as an endpoint on its own should be. Netty
 * refuses a bare line feed, a repeated Content-Length, and Content-Length together with
 * Transfer-Encoding; this adds a bound on the number of headers and the refusal of folded ones, two
 * readings of which are how requests are smuggled.
 */
final class RequestFramer extends HttpRequestDecoder {

  /** A body comes up in pieces of at most this many bytes. */
  static final int PIECE_BYTES_MAX = 64 * 1024;

  private final int headersMax;
  private int headers;

  /** Whether the next bytes belong to a request line or to headers. */
  private boolean inHead = true;

  /** Whether some of the current head was consumed. */
  private boolean begun;

  private boolean folded;

  RequestFramer(WireConfig.Sizes sizes) {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(sizes.requestLineMax())
            .setMaxHeaderSize(sizes.headMax())
            .setMaxChunkSize(PIECE_BYTES_MAX)
            .setStrictLineParsing(true)
            .setUseRfc9112TransferEncoding(true)
            .setAllowDuplicateContentLengths(false));
    this.headersMax = sizes.headersMax();
  }

  /** Whether a request's head has begun and not ended. */
  boolean isMidHead() {
    return inHead && (begun || actualReadableBytes() > 0);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf buffer, List<Object> out)
      throws Exception {
    int from = buffer.readerIndex();
    int before = out.size();
    super.decode(ctx, buffer, out);
    if (!inHead) {
      inHead = out.size() > before && isEnd(out.get(out.size() - 1));
      return;
    }
    int to = buffer.readerIndex();
    folded |= hasFold(buffer, from, to);
    begun |= hasInk(buffer, from, to);
    if (out.size() > before && out.get(before) instanceof HttpRequest head) {
      if (folded && !head.decoderResult().isFailure()) {
        head.setDecoderResult(
            DecoderResult.failure(new IllegalArgumentException("a header is folded")));
      }
      inHead = isEnd(out.get(out.size() - 1));
      begun = false;
      folded = false;
      headers = 0;
    }
  }

  private static boolean isEnd(Object message) {
    return message instanceof LastHttpContent;
  }

  /** Whether there is more than the line ends some clients leave between requests. */
  private static boolean hasInk(ByteBuf buffer, int from, int to) {
    for (int i = from; i < to; i++) {
      if (buffer.getByte(i) > ' ') {
        return true;
      }
    }
    return false;
  }

  /** Whether a line among these bytes begins with white space. */
  private boolean hasFold(ByteBuf buffer, int from, int to) {
    if (from < to && begun && isBlank(buffer.getByte(from))) {
      return true;
    }
    int lineFeed = buffer.indexOf(from, to, (byte) '\n');
    while (lineFeed >= 0 && lineFeed + 1 < to) {
      if (isBlank(buffer.getByte(lineFeed + 1))) {
        return true;
      }
      lineFeed = buffer.indexOf(lineFeed + 1, to, (byte) '\n');
    }
    return false;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  @Override
  protected AsciiString splitHeaderName(byte[] line, int start, int length) {
    if (++headers > headersMax) {
      throw new TooLongHttpHeaderException("more than " + headersMax + " headers");
    }
    AsciiString known = HeaderNames.known(line, start, length);
    return known.isEmpty() ? super.splitHeaderName(line, start, length) : known;
  }
}
