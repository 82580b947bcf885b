package io.millrace.engine.wire;

import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.sqs.Reply;
import io.millrace.engine.sqs.SqsError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Turns an answered {@link Exchange} into one buffer, head and body together, ready for the socket:
 * one write, no HTTP objects. Hot; each event loop has its own.
 */
final class AnswerEncoder {

  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final byte[] OK = MessageText.encode("HTTP/1.1 200 OK\r\nx-amzn-RequestId: ");
  private static final byte[] DATE = MessageText.encode("\r\nDate: ");
  private static final byte[] JSON_LENGTH =
      MessageText.encode(
          "\r\nContent-Type: " + Protocol.JSON.contentType() + "\r\nContent-Length: ");
  private static final byte[] END = MessageText.encode("\r\n\r\n");

  private final InstantSource clock;
  private final JsonAnswers json;
  private final XmlAnswers xml;
  private final AnswerBuffer head = new AnswerBuffer();
  private final AnswerBuffer body = new AnswerBuffer();

  /** The Date header and the second it is right for. */
  private byte[] date = {};

  private long dateSecond = Long.MIN_VALUE;

  AnswerEncoder(AnswerFacts facts, InstantSource clock) {
    this.clock = clock;
    this.json = new JsonAnswers(facts);
    this.xml = new XmlAnswers(facts);
  }

  /** The answer's bytes; the caller owns the buffer. */
  ByteBuf encode(Exchange exchange, ByteBufAllocator allocator) {
    body.clear();
    int status;
    String queryError = "";
    HttpRefusal refusal = exchange.refusal;
    if (refusal != null) {
      status = refusal.status();
      queryError = refuse(exchange, refusal);
    } else {
      Reply reply = exchange.reply();
      if (reply instanceof Reply.Failed failed) {
        status = failed.error().code().httpStatus();
        queryError = fail(exchange, failed.error());
      } else {
        status = 200;
        succeed(exchange, reply);
      }
    }
    head(exchange, status, queryError);
    boolean withBody = !exchange.headOnly;
    ByteBuf out = allocator.directBuffer(head.length() + (withBody ? body.length() : 0));
    head.writeTo(out);
    if (withBody) {
      body.writeTo(out);
    }
    return out;
  }

  private void succeed(Exchange exchange, Reply reply) {
    switch (exchange.protocol) {
      case JSON -> json.write(exchange, reply, body);
      case QUERY -> xml.write(exchange, reply, body);
      case QUERY_JSON -> {
        String action = exchange.action.wireName();
        body.ascii("{\"").ascii(action).ascii("Response\":{");
        if (!(reply instanceof Reply.Done)) {
          body.ascii("\"").ascii(action).ascii("Result\":");
          json.write(exchange, reply, body);
          body.ascii(",");
        }
        body.ascii("\"ResponseMetadata\":{\"RequestId\":\"");
        body.uuid(exchange.requestIdHigh, exchange.requestIdLow).ascii("\"}}}");
      }
    }
  }

  /**
   * Writes the body of an error; returns the value of {@code x-amzn-query-error}, empty where it
   * has no place.
   */
  private String fail(Exchange exchange, SqsError error) {
    ErrorCode code = error.code();
    String message =
        exchange.protocol == Protocol.JSON ? error.message() : XmlAnswers.message(error);
    return error(
        exchange, JsonAnswers.namespacedShape(code), code.queryCode(), code.senderFault(), message);
  }

  private String refuse(Exchange exchange, HttpRefusal refusal) {
    if (refusal == HttpRefusal.UNKNOWN_OPERATION && exchange.protocol != Protocol.JSON) {
      exchange.protocol = Protocol.QUERY;
      body.ascii("<UnknownOperationException/>");
      return "";
    }
    return error(
        exchange,
        "com.amazon.coral.service#" + refusal.code() + "Exception",
        refusal.code(),
        refusal.status() < 500,
        refusal.message());
  }

  private String error(
      Exchange exchange, String shape, String code, boolean senderFault, String message) {
    String fault = senderFault ? "Sender" : "Receiver";
    switch (exchange.protocol) {
      case JSON -> {
        JsonAnswers.error(shape, message, body);
        return code + ";" + fault;
      }
      case QUERY -> XmlAnswers.error(exchange, code, senderFault, message, body);
      case QUERY_JSON -> {
        body.ascii("{\"Error\":{\"Type\":\"").ascii(fault).ascii("\",\"Code\":\"").ascii(code);
        body.ascii("\",\"Message\":").json(message).ascii(",\"Detail\":null},\"RequestId\":\"");
        body.uuid(exchange.requestIdHigh, exchange.requestIdLow).ascii("\"}");
      }
    }
    return "";
  }

  private void head(Exchange exchange, int status, String queryError) {
    head.clear();
    if (status == 200) {
      head.raw(OK);
    } else {
      head.ascii("HTTP/1.1 ").number(status).ascii(" ").ascii(reason(status));
      head.ascii("\r\nx-amzn-RequestId: ");
    }
    head.uuid(exchange.requestIdHigh, exchange.requestIdLow);
    head.raw(DATE).raw(date());
    if (exchange.protocol == Protocol.JSON) {
      head.raw(JSON_LENGTH);
    } else {
      head.ascii("\r\nContent-Type: ").ascii(exchange.protocol.contentType());
      head.ascii("\r\nContent-Length: ");
    }
    head.number(body.length());
    if (!queryError.isEmpty()) {
      head.ascii("\r\nx-amzn-query-error: ").ascii(queryError);
    }
    if (status == HttpRefusal.METHOD_NOT_ALLOWED.status()) {
      head.ascii("\r\nAllow: GET, POST");
    }
    if (exchange.closeAfter) {
      head.ascii("\r\nConnection: close");
    } else if (exchange.http10) {
      head.ascii("\r\nConnection: keep-alive");
    }
    head.raw(END);
  }

  private byte[] date() {
    long second = Math.floorDiv(clock.millis(), 1000);
    if (second != dateSecond) {
      date = MessageText.encode(HTTP_DATE.format(clock.instant()));
      dateSecond = second;
    }
    return date;
  }

  private static String reason(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 408 -> "Request Timeout";
      case 413 -> "Content Too Large";
      case 414 -> "URI Too Long";
      case 417 -> "Expectation Failed";
      case 431 -> "Request Header Fields Too Large";
      case 500 -> "Internal Server Error";
      case 503 -> "Service Unavailable";
      default -> "Error";
    };
  }
}
