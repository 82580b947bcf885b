package io.millrace.chaos.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.millrace.chaos.policy.ChaosJson;
import io.millrace.chaos.policy.ChaosPolicy;
import io.millrace.chaos.policy.FaultLog;
import io.millrace.chaos.policy.FaultSwitch;
import io.millrace.chaos.policy.PolicyDocument;
import io.millrace.chaos.policy.PolicyException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The admin port's pages.
 *
 * <ul>
 *   <li>{@code GET /chaos}: the policy in force, the faults counted, what is skipped and why.
 *   <li>{@code PUT /chaos}: another policy, as YAML or JSON; 400 and the complaints, one a line, if
 *       it is none. All chances start anew.
 *   <li>{@code DELETE /chaos}: nothing goes wrong any more.
 *   <li>{@code GET /chaos/faults?since=N}: the lines of the log after number N, one JSON object a
 *       line, at most {@value #LINES_MAX}.
 * </ul>
 */
final class ChaosPages {

  private static final int BODY_BYTES_MAX = 1 << 20;
  private static final int LINES_MAX = 5_000;

  private final FaultSwitch faults;
  private final FaultLog log;
  private final Function<ChaosPolicy, List<String>> skipped;

  ChaosPages(FaultSwitch faults, FaultLog log, Function<ChaosPolicy, List<String>> skipped) {
    this.faults = faults;
    this.log = log;
    this.skipped = skipped;
  }

  Map<String, HttpHandler> handlers() {
    return Map.of("/chaos", this::policy, "/chaos/faults", this::lines);
  }

  private void policy(HttpExchange exchange) throws IOException {
    switch (exchange.getRequestMethod()) {
      case "GET" -> replyState(exchange);
      case "DELETE" -> {
        faults.set(ChaosPolicy.NONE);
        replyState(exchange);
      }
      case "PUT" -> put(exchange);
      default -> refuse(exchange, "GET, PUT, DELETE");
    }
  }

  private void put(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
    if (body.length > BODY_BYTES_MAX) {
      reply(exchange, 413, "text/plain", "a policy has at most " + BODY_BYTES_MAX + " bytes\n");
      return;
    }
    try {
      faults.set(PolicyDocument.parse("request", new String(body, StandardCharsets.UTF_8)));
    } catch (PolicyException e) {
      reply(exchange, 400, "text/plain", String.join("\n", e.complaints()) + "\n");
      return;
    }
    replyState(exchange);
  }

  private void replyState(HttpExchange exchange) throws IOException {
    ChaosPolicy policy = faults.policy();
    reply(exchange, 200, "application/json", ChaosJson.of(policy, log, skipped.apply(policy)));
  }

  private void lines(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestMethod().equals("GET")) {
      refuse(exchange, "GET");
      return;
    }
    @Nullable String query = exchange.getRequestURI().getQuery();
    long since = 0;
    if (query != null) {
      try {
        since = Long.parseLong(query.startsWith("since=") ? query.substring(6) : "");
      } catch (NumberFormatException e) {
        reply(exchange, 400, "text/plain", "since=N is all that can be asked\n");
        return;
      }
    }
    reply(exchange, 200, "application/x-ndjson", ChaosJson.of(log.since(since, LINES_MAX)));
  }

  private static void refuse(HttpExchange exchange, String allowed) throws IOException {
    exchange.getResponseHeaders().set("Allow", allowed);
    reply(exchange, 405, "text/plain", "method not allowed\n");
  }

  private static void reply(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }
}
