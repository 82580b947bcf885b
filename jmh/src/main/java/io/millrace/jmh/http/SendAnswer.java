package io.millrace.jmh.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.ReadOnlyHttpHeaders;
import java.nio.charset.StandardCharsets;

/** The baselines' answer to everything: SQS's to SendMessage, in AWS JSON 1.0, encoded once. */
final class SendAnswer {

  private static final String BODY =
      "{\"MD5OfMessageBody\":\"fafb00f5732ab283681e124bf8747ed1\","
          + "\"MessageId\":\"219f8380-5770-4cc2-8c3e-5c715e145f5e\"}";

  private static final ByteBuf CONTENT = Unpooled.unreleasableBuffer(content());

  private static final HttpHeaders HEADERS =
      new ReadOnlyHttpHeaders(
          true,
          "x-amzn-RequestId",
          "5eaa21d3-8b1f-5a0c-9a4e-0b9f2f3d6c11",
          HttpHeaderNames.CONTENT_TYPE,
          "application/x-amz-json-1.0",
          HttpHeaderNames.CONTENT_LENGTH,
          Integer.toString(BODY.length()));

  private SendAnswer() {}

  /** A 200 with SQS's headers, to be written once; headers and body are shared by all. */
  static FullHttpResponse next() {
    return new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1,
        HttpResponseStatus.OK,
        CONTENT.duplicate(),
        HEADERS,
        EmptyHttpHeaders.INSTANCE);
  }

  private static ByteBuf content() {
    byte[] bytes = BODY.getBytes(StandardCharsets.US_ASCII);
    return Unpooled.directBuffer(bytes.length).writeBytes(bytes).asReadOnly();
  }
}
