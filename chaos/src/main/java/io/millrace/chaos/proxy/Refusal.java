package io.millrace.chaos.proxy;

import io.millrace.chaos.policy.Answer;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** An error as SQS words it, in either protocol. */
final class Refusal {

  private Refusal() {}

  static FullHttpResponse of(Answer answer, boolean json) {
    return switch (answer) {
      case THROTTLED ->
          response(
              403, "RequestThrottled", "Sender", "The request was denied due to throttling.", json);
      case UNAVAILABLE ->
          response(
              503, "ServiceUnavailable", "Receiver", "Service Unavailable. Try again later.", json);
      case ERROR, RESET, CLOSE, SILENCE ->
          response(
              500,
              "InternalFailure",
              "Receiver",
              "The request processing has failed because of an unknown error.",
              json);
    };
  }

  private static FullHttpResponse response(
      int status, String code, String fault, String message, boolean json) {
    String id = UUID.randomUUID().toString();
    String body =
        json
            ? "{\"__type\":\"com.amazonaws.sqs#%s\",\"message\":\"%s\"}".formatted(code, message)
            : ("<?xml version=\"1.0\"?><ErrorResponse"
                    + " xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><Error><Type>%s</Type>"
                    + "<Code>%s</Code><Message>%s</Message><Detail/></Error>"
                    + "<RequestId>%s</RequestId></ErrorResponse>")
                .formatted(fault, code, message, id);
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(status),
            Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, json ? "application/x-amz-json-1.0" : "text/xml")
        .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
        .set("x-amzn-RequestId", id);
    if (json) {
      response.headers().set("x-amzn-query-error", code + ";" + fault);
    }
    return response;
  }
}
