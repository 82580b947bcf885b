package io.millrace.engine.wire;

import io.millrace.engine.sqs.Caller;
import io.millrace.engine.sqs.ErrorCode;
import io.millrace.engine.sqs.Reply;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Makes an {@link Exchange} of an HTTP request: chooses the protocol and the action, reads the
 * parameters, applies the rules. Afterwards the exchange holds a request for the service, or its
 * answer already. Hot; each event loop has its own.
 */
final class RequestReader {

  private static final AsciiString TARGET = AsciiString.cached("x-amz-target");

  /** X-Ray's trace, which becomes a sent message's AWSTraceHeader. */
  private static final AsciiString X_RAY = AsciiString.cached("x-amzn-trace-id");

  /** W3C's, which is the request's alone: SQS makes nothing of it. */
  private static final AsciiString W3C = AsciiString.cached("traceparent");

  private static final String JSON_TYPE_PREFIX = "application/x-amz-json";

  private final Caller local;
  private final JsonParameters json;
  private final FormParameters form = new FormParameters();
  private final Parameters parameters = new Parameters();
  private final RequestRules rules;

  RequestReader(WireConfig config, QueueUrls urls) {
    String account = config.account();
    this.local =
        account.equals(Caller.DEFAULT_ACCOUNT) ? Caller.LOCAL : new Caller(account, account);
    this.json = new JsonParameters(config.sizes().bodyMax());
    this.rules = new RequestRules(account, urls, config.limits());
  }

  /** The protocol a request speaks, as far as its head tells. */
  static Protocol protocol(HttpHeaders headers) {
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
    if (headers.contains(TARGET)
        || (type != null && type.toLowerCase(Locale.ROOT).startsWith(JSON_TYPE_PREFIX))) {
      return Protocol.JSON;
    }
    String accept = headers.get(HttpHeaderNames.ACCEPT);
    return accept != null && accept.toLowerCase(Locale.ROOT).startsWith("application/json")
        ? Protocol.QUERY_JSON
        : Protocol.QUERY;
  }

  /** Reads a whole request; the bytes are not kept. */
  void read(Exchange exchange, HttpRequest head, byte[] body, int offset, int length) {
    HttpHeaders headers = head.headers();
    String host = headers.get(HttpHeaderNames.HOST);
    exchange.host = host == null ? "localhost" : host;
    exchange.protocol = protocol(headers);
    parameters.clear();
    try {
      if (exchange.protocol == Protocol.JSON) {
        readJson(exchange, headers.get(TARGET), body, offset, length);
      } else if (!readForm(exchange, head.uri(), body, offset, length)) {
        exchange.refuse(HttpRefusal.UNKNOWN_OPERATION);
        return;
      }
      String xRay = trace(headers, X_RAY);
      String trace = xRay == null ? trace(headers, W3C) : xRay;
      exchange.trace = trace == null ? "" : trace;
      rules.apply(parameters, caller(), xRay, exchange);
      if (exchange.allEntriesRefused()) {
        exchange.answer(new Reply.BatchDone(List.of()));
      }
    } catch (Refusal refusal) {
      exchange.answer(new Reply.Failed(refusal.error()));
    }
  }

  /** Who asks. Until requests are signed that is the owner of the account, whoever they are. */
  private Caller caller() {
    return local;
  }

  private void readJson(
      Exchange exchange, @Nullable String target, byte[] body, int offset, int length) {
    if (target == null) {
      throw new Refusal(ErrorCode.INVALID_ACTION, "The request has no header X-Amz-Target.");
    }
    exchange.action = Action.targeted(target);
    if (exchange.action == Action.UNKNOWN) {
      throw RequestRules.invalidAction(target.substring(target.lastIndexOf('.') + 1));
    }
    json.read(body, offset, length, exchange.action, parameters);
  }

  /** Whether the request names an action at all. */
  private boolean readForm(Exchange exchange, String uri, byte[] body, int offset, int length) {
    int queryAt = uri.indexOf('?');
    String path = path(queryAt < 0 ? uri : uri.substring(0, queryAt));
    form.read(queryAt < 0 ? "" : uri.substring(queryAt + 1), body, offset, length);
    String name = form.action();
    if (name.isEmpty()) {
      return false;
    }
    exchange.action = Action.named(name);
    boolean ofAccount =
        exchange.action == Action.CREATE_QUEUE || exchange.action == Action.LIST_QUEUES;
    boolean atQueue = path.length() > 1;
    if (exchange.action == Action.UNKNOWN || (ofAccount && atQueue)) {
      throw RequestRules.invalidAction(name);
    }
    if (atQueue) {
      // A queue's URL is an endpoint of its own; a QueueUrl parameter wins over it.
      parameters.queueUrl = path;
    }
    form.fill(exchange.action, parameters);
    return true;
  }

  /** The path of a request target in origin form or absolute form. */
  private static String path(String target) {
    int scheme = target.indexOf("://");
    if (scheme < 0) {
      return target;
    }
    int pathAt = target.indexOf('/', scheme + 3);
    return pathAt < 0 ? "/" : target.substring(pathAt);
  }

  /**
   * The trace that came with the request, if it could be a message's. A broken one is no reason to
   * refuse a message: what set it may stand between the sender and us.
   */
  private static @Nullable String trace(HttpHeaders headers, AsciiString name) {
    String trace = headers.get(name);
    return trace == null || !MessageRules.isTraceHeader(trace) ? null : trace;
  }
}
